"""Write the reference pages of the documentation from tables, contracts and commands."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.auth.identity import ROLES
from api.auth.roles import ROLES_FILE
from api.cli import build
from gis.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "reference"
MADE = "<!-- Written by tools/docs.py; change the table, not this page. -->"


def cell(value: object) -> str:
    """Return a value as one table cell of Markdown."""
    return str(value).replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def rows_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell(value) for value in row) + " |"


def layers_page() -> Iterator[str]:
    """Yield the data dictionary from the layer contracts."""
    yield "# Data dictionary\n"
    yield "Layers of exports, of `/ogc` and of the store carry the same columns.\n"
    for path in sorted((data_dir() / "layers").glob("*.toml")):
        contract = tomllib.loads(path.read_text(encoding="utf-8"))
        if "columns" not in contract:
            continue
        yield f"\n## `{path.stem}`\n"
        yield f"{contract.get('meaning_en', '')}\n"
        head = ("column", "type", "unit", "null", "code list", "svenska", "English")
        yield from rows_of(head, (column_row(column) for column in contract["columns"]))


def column_row(column: dict[str, object]) -> tuple[object, ...]:
    """Return one row of the dictionary."""
    nullable = "yes" if column.get("nullable") else ""
    codes = f"[{column['codes']}](codes.md#{column['codes']})" if column.get("codes") else ""
    name, kind, unit = column["name"], column["type"], column.get("unit", "")
    return (f"`{name}`", kind, unit, nullable, codes, column["meaning_sv"], column["meaning_en"])


def codes_page() -> Iterator[str]:
    """Yield every code list."""
    yield "# Code lists\n"
    yield "Sure: V read in the source, V2 secondary, INF inferred, K known, U unverified.\n"
    for path in sorted((data_dir() / "codes").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        if not rows or not {"code", "label_sv", "label_en"} <= rows[0].keys():
            continue
        yield f"\n## {path.stem}\n"
        wanted = ("code", "label_sv", "label_en", "definition", "source", "verified")
        yield from rows_of(
            ("code", "svenska", "English", "meaning", "source", "sure"),
            ([row.get(name, "") for name in wanted] for row in rows),
        )


def checks_page() -> Iterator[str]:
    """Yield the list of checks with what each asks."""
    grades = {"1": "note", "2": "question", "3": "contradiction"}
    yield "# Checks\n"
    yield "A note asks nobody; a question needs a person; a contradiction needs a planner.\n"
    with (data_dir() / "rules" / "checks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    head = ("id", "asked by gcvag", "grade", "fråga", "question", "threshold", "origin")
    yield from rows_of(
        head,
        (
            [
                r["id"], r["implemented"], grades.get(r["grade"], ""), r["question_sv"],
                r["question_en"], r["threshold"], r["origin"],
            ]
            for r in rows
        ),
    )  # fmt: skip


def commands_page() -> Iterator[str]:
    """Yield every command with its options."""
    yield "# Commands\n"
    yield "`gcvag --lang en COMMAND --help` tells the same.\n"
    yield from command_lines(build("en"), "gcvag")


def command_lines(command: click.Command, name: str) -> Iterator[str]:
    """Yield the section of a command, and of those below it."""
    context = click.Context(command, info_name=name)
    if isinstance(command, click.Group):
        for child in sorted(command.commands):
            yield from command_lines(command.commands[child], f"{name} {child}")
        return
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"\n## `{name} {usage}`\n\n{command.help}\n"
    options = [p for p in command.params if isinstance(p, click.Option)]
    yield from rows_of(
        ("option", "what"), (["`" + "`, `".join(o.opts) + "`", o.help or ""] for o in options)
    )


def access_page() -> Iterator[str]:
    """Yield who may call which route."""
    yield "# Who may do what\n"
    yield "What is not in this table is denied to everybody. `public` needs no log-in and includes"
    yield "every role. Where a role may not, the answer is that there is nothing (404); without a"
    yield "log-in 401, on pages the log-in form. `/metrics` also answers a program on the same"
    yield "machine.\n"
    names = ("public", *ROLES)
    yield from rows_of(
        ("method", "route", "collections", *names),
        (
            [
                r["method"],
                f"`{r['route']}`",
                ", ".join(filter(None, r["collections"].split("|"))),
                *("yes" if {name, "public"} & set(r["roles"].split("|")) else "" for name in names),
            ]
            for r in access_rows()
        ),
    )


def access_rows() -> list[dict[str, str]]:
    """Return the rows of the table of roles."""
    with ROLES_FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PAGE_MAKERS = {
    "access.md": access_page,
    "layers.md": layers_page,
    "codes.md": codes_page,
    "checks.md": checks_page,
    "commands.md": commands_page,
}


def pages() -> dict[str, str]:
    """Return every generated page by its name."""
    return {name: "\n".join([MADE, "", *make()]) + "\n" for name, make in PAGE_MAKERS.items()}


if __name__ == "__main__":
    PAGES.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (PAGES / name).write_text(text, encoding="utf-8")
    print(f"wrote {len(PAGE_MAKERS)} pages")
