"""Which row of a decision table fits?

A table is a CSV file of ``data/geo/rules``. Its columns are conditions unless they are named as
results. Cells of a condition: empty = anything, ``A|B`` = one of these, ``!A`` = anything but
this, ``-`` = no value, ``*`` = any value, ``<1.8`` (``<=``, ``>``, ``>=``) = a number. First match
wins and the last row matches all, so that every row of facts has exactly one answer; a table read
with `every=True` lists all rows that fit instead. Evaluation is by whole columns: each distinct
value of a column is held against a cell once.
"""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.csvfile import number, read
from gis.errors import RuleError
from gis.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

ANYTHING: Final = ""
NO_VALUE: Final = "-"
ANY_VALUE: Final = "*"
_COMPARED: Final = re.compile(r"(<=|>=|<|>)\s*(.+)")
_OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable:
    """The rows of one table: conditions by column, results by column, in the file's order."""

    name: str
    conditions: tuple[dict[str, str], ...]
    results: pd.DataFrame

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that some row asks about."""
        asked = (name for row in self.conditions for name in row)
        return tuple(dict.fromkeys(asked))

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.conditions)


@cache
def load_table(name: str, results: tuple[str, ...], *, every: bool = False) -> DecisionTable:
    """Read a decision table.

    Parameters
    ----------
    name
        File of ``data/geo/rules`` without ``.csv``.
    results
        The columns that are no conditions; each must stand in the file.
    every
        The table lists all rows that fit, so its last row need not match all.

    Returns
    -------
    table
        The same object at every call.

    Raises
    ------
    RuleError
        If a result column is missing, a cell cannot be read, or the last row does not match all.
    """
    path = data_dir() / "rules" / f"{name}.csv"
    table = read(path)
    if table.faults:
        raise RuleError(str(table.faults[0]))
    missing = [column for column in results if column not in table.header]
    if missing:
        msg = f"{path.name}: column {missing[0]} is missing"
        raise RuleError(msg)
    asked = [column for column in table.header if column not in results]
    conditions = tuple(
        {column: row.cells[column] for column in asked if row.cells[column] != ANYTHING}
        for row in table.rows
    )
    for row, cells in zip(table.rows, conditions, strict=True):
        _refuse(cells, f"{path.name}, row {row.number}")
    if not every and (not conditions or conditions[-1]):
        msg = f"{path.name}: the last row must match everything; leave its conditions empty"
        raise RuleError(msg)
    told = pd.DataFrame([row.cells for row in table.rows], columns=list(table.header), dtype="str")
    return DecisionTable(name=name, conditions=conditions, results=told[list(results)])


def first_match(table: DecisionTable, facts: pd.DataFrame) -> NDArray[np.intp]:
    """Find for each row of facts the first row of the table that fits.

    Parameters
    ----------
    table
        Whose last row matches all.
    facts
        One text or number column a condition; a column that is absent holds no value.

    Returns
    -------
    rows
        Positions in the table, one a row of facts.
    """
    found = np.full(len(facts), len(table) - 1, dtype=np.intp)
    left = np.arange(len(facts))
    coded = {name: _coded(facts, name) for name in table.columns}
    for place, cells in enumerate(table.conditions):
        fits = _fitting(cells, coded, left)
        found[left[fits]] = place
        left = left[~fits]
        if not len(left):
            break
    return found


def all_matches(table: DecisionTable, facts: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell for each row of facts (first axis) and of the table (second) whether they fit."""
    coded = {name: _coded(facts, name) for name in table.columns}
    every = np.arange(len(facts))
    fits = [_fitting(cells, coded, every) for cells in table.conditions]
    return np.stack(fits, axis=1) if fits else np.empty((len(facts), 0), dtype=bool)


def fits(cell: str, value: object) -> bool:
    """Tell whether a value satisfies the cell of a condition.

    Examples
    --------
    >>> fits("A|B", "B"), fits("-", None), fits("!A", None), fits("<1.8", 1.8), fits("*", "x")
    (True, True, True, False, True)
    """
    if cell == ANYTHING:
        return True
    none = value is None or (isinstance(value, float) and math.isnan(value))
    items = [item.strip() for item in cell.split("|")]
    denied = [item[1:] for item in items if item.startswith("!")]
    if denied:
        return not any(_is(item, value, none=none) for item in denied)
    return any(_is(item, value, none=none) for item in items)


def _is(item: str, value: object, *, none: bool) -> bool:
    """Hold a value against one item of a cell."""
    if item in {NO_VALUE, ANY_VALUE}:
        return none == (item == NO_VALUE)
    compared = _COMPARED.fullmatch(item)
    if none or compared is None:
        return not none and str(value) == item
    try:
        return _OPERATORS[compared[1]](number(str(value)), number(compared[2]))
    except ValueError:
        return False


def _coded(facts: pd.DataFrame, name: str) -> tuple[NDArray[np.intp], list[object]]:
    """Give each row the number of its value; the last value is None, for -1."""
    if name not in facts.columns:
        return np.full(len(facts), -1, dtype=np.intp), [None]
    codes, values = pd.factorize(facts[name])
    return codes, [*values, None]


def _fitting(
    cells: dict[str, str],
    coded: dict[str, tuple[NDArray[np.intp], list[object]]],
    rows: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Tell which of the rows satisfy all cells."""
    fit = np.ones(len(rows), dtype=bool)
    for name, cell in cells.items():
        codes, values = coded[name]
        known = np.array([fits(cell, value) for value in values])
        fit &= known[codes[rows]]
    return fit


def _refuse(cells: dict[str, str], where: str) -> None:
    """Refuse a cell that no value could be held against."""
    for name, cell in cells.items():
        items = [item.strip() for item in cell.split("|")]
        if not all(items) or len({item.startswith("!") for item in items}) > 1:
            msg = f"{where}, column {name}: {cell!r} should be A|B or !A|!B, nothing mixed or empty"
            raise RuleError(msg)
        for compared in filter(None, map(_COMPARED.fullmatch, items)):
            _number_or_refuse(compared[2], f"{where}, column {name}")


def _number_or_refuse(text: str, where: str) -> None:
    try:
        number(text)
    except ValueError as error:
        msg = f"{where}: {text!r} is no number; write one"
        raise RuleError(msg) from error


def asked_words(table: DecisionTable, column: str) -> Collection[str]:
    """Return the words that a column's cells name, without ``!``, ``-`` and ``*``."""
    cells = (row[column] for row in table.conditions if column in row)
    items = (item.strip().removeprefix("!") for cell in cells for item in cell.split("|"))
    return [item for item in items if item not in {NO_VALUE, ANY_VALUE}]
