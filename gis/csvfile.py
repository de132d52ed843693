"""How is a CSV table read, whatever a spreadsheet made of it?

Accepted: UTF-8 with or without a byte order mark; comma, semicolon or tab between the cells; a
first line ``sep=;``; decimal comma; blanks round a cell; empty rows. Everything else that a
spreadsheet can do to a table is named with file, row and remedy. Rows are numbered as a
spreadsheet shows them: the header is row 1. Nothing here knows what a column means.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gis.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SEPARATORS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its number in a spreadsheet, and its cells by column; empty text is empty."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with a table: where it stands and what would be right."""

    file: str
    problem: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Say it in one sentence: file, row, column, problem."""
        row = "" if self.row is None else f", row {self.row}"
        column = "" if self.column is None else f", column {self.column}"
        return f"{self.file}{row}{column}: {self.problem}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The header, the rows that could be read, and the faults of the file's form."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]

    def column(self, name: str) -> list[str]:
        """Return the cells of one column in the order of the file."""
        return [row.cells[name] for row in self.rows]


def read(path: Path, *, name: str | None = None) -> Table:
    """Read a table and collect the faults of its form.

    Parameters
    ----------
    path
        A CSV file.
    name
        What the file is called in a fault; the file's own name when absent.

    Returns
    -------
    table
        Rows with a cell for every column; a row of another length is left out and is a fault.
    """
    file = name or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        return _failed(file, "the file cannot be opened; it should be a readable CSV file")
    except UnicodeDecodeError:
        return _failed(file, "the text is not UTF-8; save it as 'CSV UTF-8 (comma delimited)'")
    return _parse(text, file)


def rows(path: Path) -> list[dict[str, str]]:
    """Read the rows of a table that must be sound in form.

    Parameters
    ----------
    path
        A CSV file.

    Returns
    -------
    rows
        One dictionary a row, column to cell, in the order of the file.

    Raises
    ------
    RuleError
        If the form of the file is at fault; the message is the first fault.
    """
    table = read(path)
    if table.faults:
        raise RuleError(str(table.faults[0]))
    return [row.cells for row in table.rows]


def number(text: str) -> float:
    """Read a finite number, with decimal point or decimal comma.

    Raises
    ------
    ValueError
        If the text is no finite number.

    Examples
    --------
    >>> number("2,5")
    2.5
    >>> number("1.80")
    1.8
    """
    value = float(text.replace("−", "-").replace(",", "."))
    if not math.isfinite(value):
        msg = f"{text!r} is not finite"
        raise ValueError(msg)
    return value


def _failed(file: str, problem: str) -> Table:
    return Table(header=(), rows=(), faults=(Fault(file=file, problem=problem),))


def _parse(text: str, file: str) -> Table:
    lines = text.splitlines(keepends=True)
    separator, skipped = _separator(lines)
    try:
        records = list(csv.reader(lines[skipped:], delimiter=separator, strict=True))
    except csv.Error as error:
        return _failed(file, f"a cell's quotes do not match ({error}); close every quote")
    if not records or not any(records[0]):
        return _failed(file, "the file is empty; its first row should name the columns")
    header = tuple(cell.strip() for cell in records[0])
    good, bad = _rows(header, enumerate(records[1:], start=2 + skipped), file)
    return Table(header=header, rows=good, faults=(*_header_faults(header, file), *bad))


def _separator(lines: list[str]) -> tuple[str, int]:
    """Find the separator in the first line, and how many lines stand before the header."""
    first = lines[0].strip().lower() if lines else ""
    if first.startswith("sep=") and len(first) == len("sep=;"):
        return first[-1], 1
    return max(SEPARATORS, key=first.count), 0


def _header_faults(header: tuple[str, ...], file: str) -> list[Fault]:
    found = []
    for place, name in enumerate(header, start=1):
        if not name:
            found.append(f"column {place} has no name; name it or delete it")
        elif header.index(name) < place - 1:
            found.append(f"column {name!r} stands twice; keep one")
    return [Fault(file=file, row=1, problem=problem) for problem in found]


def _rows(
    header: tuple[str, ...], records: Iterable[tuple[int, list[str]]], file: str
) -> tuple[tuple[Row, ...], list[Fault]]:
    good: list[Row] = []
    bad: list[Fault] = []
    for place, record in records:
        cells = [cell.strip() for cell in record]
        if not any(cells):
            continue
        if len(cells) == len(header):
            good.append(Row(number=place, cells=dict(zip(header, cells, strict=True))))
        else:
            problem = (
                f"{len(cells)} cells where the header names {len(header)} columns;"
                " put a text that holds the separator in quotes"
            )
            bad.append(Fault(file=file, row=place, problem=problem))
    return tuple(good), bad
