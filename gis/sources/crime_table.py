"""How does a table of reported crime, laid out to be read, become one row an offence and period?

BRÅ (https://statistik.bra.se/solwebb, tables P1 and P3 of the monthly statistics) writes title,
area and period above the table, years or months side by side, and under each of them the number,
its change and the number per 100 000. The words of that layout stand in ``crime.toml``.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from gis import csvfile
from gis.errors import SourceError
from gis.sources import opening, sheet_text
from gis.sources.layout import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

Grid = list[list[str]]

_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_NUMBER: Final = re.compile(r"[-−]?\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?")
_CODED: Final = re.compile(r"(\d{2,4})\s+(.+)")


class Printed(NamedTuple):
    """The cells of a table: what stands above it, its head, and its rows with their numbers."""

    above: Grid
    head: Grid
    rows: list[tuple[int, list[str]]]


class _Column(NamedTuple):
    """What a column counts: a period, and ``count`` or ``per_100k``."""

    place: int
    period: str
    measure: str


def find(path: Path, words: Mapping[str, Any]) -> Printed | None:
    """Find a table that has more above its rows than one line of names.

    Parameters
    ----------
    path
        Sheet of text or workbook.
    words
        The layout's words, ``[table]`` of the description.

    Returns
    -------
    printed
        None where the first row names the columns, as in a plain sheet, or no head is found.
    """
    grid = _grid(path, words)
    starts = [n for n, row in enumerate(grid) if row and _begins(row[0], words["first"])]
    if not starts:
        return None
    first = starts[0]
    end = first + 1
    while end < len(grid) and _is_head(grid[end], words):
        end += 1
    if (first, end) == (0, 1):
        return None
    rows = [(n, row) for n, row in enumerate(grid[end:], start=end + 1) if any(row[1:])]
    return Printed(grid[:first], grid[first:end], rows)


def unfold(printed: Printed, form: Mapping[str, Any], file: str) -> tuple[pd.DataFrame, list[int]]:
    """Lay a table out as one row an offence and period.

    Parameters
    ----------
    printed
        From `find`.
    form
        The description: names of columns, and the layout's words.
    file
        What the file is called in a message.

    Returns
    -------
    told
        One column a target of the description, all text; null where nothing is told. A dash is
        none reported (0), a point or two is a number that is not given.
    numbers
        The number of the row that each came from, as a spreadsheet shows it.

    Raises
    ------
    SourceError
        If no column tells its year, or two count the same.
    """
    words = form["table"]
    heads = _heads(printed.head)
    above = " ".join(cell for row in printed.above for cell in row)
    columns = list(_columns(heads, _YEAR.findall(above), words))
    if not columns:
        msg = f"{file}: no column tells its year; write one year in the head or above the table"
        raise SourceError(msg)
    twice = Counter((one.period, one.measure) for one in columns).most_common(1)
    if twice[0][1] > 1:
        msg = f"{file}: two columns count {twice[0][0][0]}; leave the one that counts all"
        raise SourceError(msg)
    in_rows = [n for n, head in enumerate(heads) if n and plain(head) in _names(form, "area")]
    area, told, numbers = _area(printed.above, words), [], []
    for number, row in printed.rows:
        area = next((row[n] for n in in_rows if row[n]), area)
        for period, cells in _by_period(row, columns, words):
            code, name = _coded(area)
            about = {"offence": row[0], "area": name, "area_code": code, "period": period}
            told.append(about | cells | {"preliminary": _early(above, words)})
            numbers.append(number)
    frame = pd.DataFrame(told, columns=list(form["columns"]), dtype="str")
    return frame.where(frame != ""), numbers


def _grid(path: Path, words: Mapping[str, Any]) -> Grid:
    """Read every cell as text, all rows of one length; rows keep their numbers."""
    if path.suffix.lower() in opening.WORKBOOKS:
        rows = opening.cells(path)
    else:
        lines = sheet_text.text(path).splitlines(keepends=True)
        named = next((line for line in lines if _begins(line, words["first"])), "")
        mark = max(csvfile.SEPARATORS, key=named.count)
        rows = sheet_text.split(lines, mark, path.name)
    widest = max(map(len, rows), default=0)
    return [row + [""] * (widest - len(row)) for row in rows]


def _begins(cell: str, words: Iterable[str]) -> bool:
    return plain(cell).startswith(tuple(map(plain, words)))


def _is_head(row: Sequence[str], words: Mapping[str, Any]) -> bool:
    """Tell whether a row under the first of a head goes on with it: it counts nothing.

    Years alone are a head where the row names no offence.
    """
    signs = [*words["none"], *words["unknown"]]
    told = [cell for cell in row[1:] if cell in signs or _NUMBER.fullmatch(cell)]
    return not told or (not row[0] and all(map(_YEAR.fullmatch, told)))


def _heads(head: Grid) -> list[str]:
    """Join what stands above each column; a cell over several columns stands in the first."""
    filled = []
    for number, row in enumerate(head, start=1):
        last, cells = "", []
        for place, cell in enumerate(row):
            last = cell or (last if place > 1 and number < len(head) else "")
            cells.append(last)
        filled.append(cells)
    return [" ".join(filter(None, column)) for column in zip(*filled, strict=True)]


def _columns(
    heads: Sequence[str], above: Sequence[str], words: Mapping[str, Any]
) -> Iterable[_Column]:
    """Say what each column counts; changes and sums that run over other periods say nothing."""
    for place, head in enumerate(heads):
        said = head.casefold()
        years = set(_YEAR.findall(said) or above)
        months = [n for n, name in enumerate(words["months"], 1) if _names_month(said, name)]
        skipped = any(word in said for word in words["skipped"])
        if not place or skipped or len(years) != 1 or len(months) > 1:
            continue
        rate = words["rate"] in plain(said)
        if months or rate or _YEAR.search(said) or any(word in said for word in words["counted"]):
            period = "-".join([*years, *(f"{month:02d}" for month in months)])
            yield _Column(place, period, "per_100k" if rate else "count")


def _names_month(said: str, month: str) -> bool:
    """Tell whether a text names a month, whole or by its first three letters."""
    return re.search(rf"\b(?:{month}|{month[:3]})\b", said) is not None


def _by_period(
    row: Sequence[str], columns: Iterable[_Column], words: Mapping[str, Any]
) -> Iterable[tuple[str, dict[str, str]]]:
    """Bring together what one row tells of a period."""
    found: dict[str, dict[str, str]] = {}
    for column in columns:
        cell = "0" if row[column.place] in words["none"] else row[column.place]
        if cell and cell not in words["unknown"]:
            found.setdefault(column.period, {})[column.measure] = cell
    return found.items()


def _area(above: Grid, words: Mapping[str, Any]) -> str:
    """Find the area above a table: behind its own word, or under the table's number."""
    lines = [" ".join(filter(None, row)) for row in above]
    for line in lines:
        named = re.match(rf"(?:{'|'.join(words['area'])})\s*:?\s+(.+)", line, re.IGNORECASE)
        if named:
            return named[1]
    under = (below for line, below in pairwise(lines) if _begins(line, ["tabell"]))
    return next(under, "")


def _coded(area: str) -> tuple[str, str]:
    """Part a code from the name it stands before.

    Examples
    --------
    >>> _coded("1080 Karlskrona"), _coded("Trossö")
    (('1080', 'Karlskrona'), ('', 'Trossö'))
    """
    coded = _CODED.fullmatch(area)
    return (coded[1], coded[2]) if coded else ("", area)


def _early(above: str, words: Mapping[str, Any]) -> str:
    """Tell ``ja`` where the text above a table calls its numbers preliminary."""
    return "ja" if words["preliminary"] in above.casefold() else ""


def _names(form: Mapping[str, Any], target: str) -> set[str]:
    return {plain(name) for name in form["columns"][target]}
