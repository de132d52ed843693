"""May this cell stand in its column?

The answer is a sentence that says what would be right, or nothing. Numbers may have a decimal
comma. Words of other tables are asked for by their reference (``rules/checks.id``).
"""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from gis.areavalues import duration
from gis.csvfile import number

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from gis.tableschema import ColumnSchema

CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+/-]*")
CITED: Final = re.compile(r"\[([A-Z]+\d+)\]")
COMPARED: Final = re.compile(r"(<=|>=|<|>)\s*(.+)")
SHOWN: Final = 8
"""How many allowed words a fault names."""


def problems(
    cell: str, column: ColumnSchema, words: Callable[[str], Collection[str]]
) -> Iterator[str]:
    """Yield what is wrong with a cell.

    Parameters
    ----------
    cell
        The text as the file has it, without blanks round it.
    column
        What the cells of the column may hold.
    words
        Returns the cells of a column of a table, named as ``rules/checks.id``.

    Yields
    ------
    problem
        A sentence that names the value and what would be right.
    """
    if not cell:
        if column.required:
            yield "is empty, should hold a value"
        return
    yield from _uncited(cell, column, words)
    for item in _items(cell, column):
        if item in column.also:
            continue
        wrong = _not_of_type(item, column) or _not_a_word(item, column, words)
        if wrong:
            yield wrong


def _items(cell: str, column: ColumnSchema) -> list[str]:
    """Take a cell apart into the values that are tested one by one."""
    if column.type == "condition":
        bare = [item.strip().removeprefix("!") for item in cell.split("|")]
        return [item for item in bare if item not in {"-", "*"}]
    if column.separator:
        return [item.strip() for item in cell.split(column.separator)]
    return [cell]


def _uncited(
    cell: str, column: ColumnSchema, words: Callable[[str], Collection[str]]
) -> Iterator[str]:
    if column.cites:
        for key in CITED.findall(cell):
            if key not in words(column.cites):
                yield f"cites [{key}], which is not in {column.cites}"


def _not_of_type(item: str, column: ColumnSchema) -> str | None:
    try:
        _within_limits(TYPE_READERS[column.type](item), column)
    except ValueError as error:
        return f"is {item!r}, {error}"
    if column.pattern and not re.fullmatch(column.pattern, item):
        return f"is {item!r}, should look like {column.pattern}"
    return None


def _within_limits(value: float | None, column: ColumnSchema) -> None:
    if value is None:
        return
    if column.minimum is not None and value < column.minimum:
        msg = f"should be {column.minimum:g} or more"
        raise ValueError(msg)
    if column.maximum is not None and value > column.maximum:
        msg = f"should be {column.maximum:g} or less"
        raise ValueError(msg)


def _not_a_word(
    item: str, column: ColumnSchema, words: Callable[[str], Collection[str]]
) -> str | None:
    """Hold a value against the words it must be among and those it must not be among.

    A table that is absent has no words; that it is absent is told once, not in every cell.
    """
    taken = [table for table in column.absent_from if item in words(table)]
    if taken:
        return f"is {item!r}, which stands in {taken[0]} already; choose another"
    known = [*column.allowed, *(word for table in column.refers for word in words(table))]
    closed = bool(column.allowed or column.refers) and not COMPARED.fullmatch(item)
    if not closed or not known or item in known:
        return None
    where = f" of {' or '.join(column.refers)}" if column.refers else ""
    return f"is {item!r}, should be {_choice(item, known)}{where}"


def _choice(item: str, known: Iterable[str]) -> str:
    """Name the words to choose from: all of a few, otherwise the nearest."""
    words = list(dict.fromkeys(known))
    if len(words) <= SHOWN:
        return f"one of {', '.join(words)}"
    near = get_close_matches(item, words, n=1)
    return f"one of {len(words)} words, such as {near[0] if near else words[0]},"


def _text(item: str) -> None:
    """Take any text."""


def _code(item: str) -> None:
    if not CODE.fullmatch(item):
        msg = "should be a code of letters, digits and _ without blanks"
        raise ValueError(msg)


def _number(item: str) -> float:
    try:
        return number(item)
    except ValueError:
        msg = "should be a number"
        raise ValueError(msg) from None


def _integer(item: str) -> float:
    value = _number(item)
    if value != int(value):
        msg = "should be a whole number"
        raise ValueError(msg)
    return value


def _date(item: str) -> None:
    try:
        date.fromisoformat(item)
    except ValueError:
        msg = "should be a date such as 2026-11-22"
        raise ValueError(msg) from None


def _yes_no(item: str) -> None:
    if item not in {"yes", "no"}:
        msg = "should be yes or no"
        raise ValueError(msg)


def _duration(item: str) -> None:
    try:
        duration(item)
    except ValueError:
        msg = "should be an ISO 8601 duration such as P30D"
        raise ValueError(msg) from None


def _condition(item: str) -> float | None:
    compared = COMPARED.fullmatch(item)
    return _number(compared[2]) if compared else None


TYPE_READERS: Final[dict[str, Callable[[str], float | None]]] = {
    "text": _text,
    "code": _code,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "yes_no": _yes_no,
    "duration": _duration,
    "condition": _condition,
}
