"""How do commands speak: errors, JSON, tables and progress?

Exit codes: 0 done, 1 the data or the request is at fault, 2 usage, 3 the store is at fault.
A message on stderr is one line. With ``--json`` stdout holds one JSON document and nothing else.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click
import orjson
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from gis.errors import GisError
from gis.words import Language, say, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

STORE: Final = click.argument("location", metavar="STORE")
Step = "Callable[[str], None]"


def text(lang: Language, key: str, /, **values: object) -> str:
    """Return one sentence of the command line's catalogue."""
    return say("cli", key, lang, **values)


def out(document: object) -> None:
    """Print one JSON document on stdout."""
    flags = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
    sys.stdout.buffer.write(orjson.dumps(document, option=flags) + b"\n")
    sys.stdout.flush()


def tell(line: str) -> None:
    """Print one line for a person on stdout."""
    click.echo(line)


def json_option(lang: Language) -> Callable[[Any], Any]:
    """Return the option ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help=text(lang, "json.help"))


def output_option(lang: Language, key: str = "export.output") -> Callable[[Any], Any]:
    """Return the option ``--output``; `key` is its help in the catalogue of commands."""
    return click.option(
        "-o", "--output", required=True, type=click.Path(path_type=Path), help=text(lang, key)
    )


def police_option(lang: Language) -> Callable[[Any], Any]:
    """Return the option ``--police-store``."""
    return click.option("--police-store", metavar="STORE", help=text(lang, "police.help"))


def police_location(location: str, given: str | None) -> str:
    """Return where the police store of the store at `location` lies.

    That of a store in a database lies in the current folder unless it is named.

    Examples
    --------
    >>> police_location("out/helsinki.gpkg", None)
    'out/helsinki.police.gpkg'
    >>> police_location("postgresql://db.example/helsinki", None)
    'helsinki.police.gpkg'
    """
    if given or "://" not in location:
        return given or str(Path(location).with_suffix(".police.gpkg"))
    return f"{PurePosixPath(urlsplit(location).path).name or 'gcvag'}.police.gpkg"


def plain(location: str) -> str:
    """Write a location so that it may be shown: without name and password.

    Examples
    --------
    >>> plain("postgresql://ann:secret@db.example/helsinki")
    'postgresql://db.example/helsinki'
    """
    scheme, mark, rest = location.rpartition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else location


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table for a person; numbers stand to the right."""
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for position, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[position], int | float) for row in rows)
        drawn.add_column(column, justify="right" if numeric else "left")
    for row in rows:
        drawn.add_row(*(f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in row))
    Console(highlight=False, markup=False).print(drawn)


@contextmanager
def progress(lang: Language, steps: Sequence[str]) -> Iterator[Callable[[str], None]]:
    """Show a bar on a terminal, plain lines elsewhere; the yielded function names each step."""
    if not sys.stderr.isatty():
        yield lambda step: click.echo(text(lang, f"update.step.{step}"), err=True)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(steps))
        yield partial(_advance, bar, task, lang)


def _advance(bar: Progress, task: TaskID, lang: Language, step: str) -> None:
    """Move the bar to the named step."""
    bar.update(task, advance=1, description=text(lang, f"update.step.{step}"))


def complain(sentence: str, lang: Language) -> None:
    """Print what is wrong as one line on stderr."""
    click.echo(" ".join(translated(sentence, lang).split()), err=True)


def run(group: click.Group, words: Sequence[str], lang: Language) -> None:
    """Run the command line; every known error becomes one line and its exit code."""
    try:
        group(list(words), prog_name="gcvag")
    except GisError as error:
        complain(str(error), lang)
        raise SystemExit(error.exit_code) from None
