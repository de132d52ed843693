"""What makes a place matter, and what forbids a control there?

Both are tables: ``rules/site_criteria.csv`` (a factor for each row that fits a place) and
``rules/site_filters.csv`` (a reason why a place is not for controls). A test is a word list
``a|b``, ``!a|b`` for none of them, or a limit such as ``>=50``; nothing known fits no test but
``!``.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.csvfile import rows
from gis.errors import RuleError
from gis.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KINDS: Final = ("cyclist", "driver", "school")
_LIMIT: Final = re.compile(r"(>=|<=|>|<)\s*(-?\d+(?:[.,]\d+)?)")
_COMPARE: Final[dict[str, Callable[..., pd.Series]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One row of the criteria: fits when `test` holds for `column`, then multiplies by `factor`."""

    name: str
    column: str
    test: str
    factor: float
    reason: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One row of the filters: a place must pass `test` in `column`, else `reason` stands."""

    column: str
    test: str
    reason: str


def criteria(kind: str) -> list[Criterion]:
    """Read the criteria of a kind of control, in the order of the file.

    Raises
    ------
    RuleError
        If a factor is below 1: then a reason for a place would speak against it.
    """
    found = [
        Criterion(
            name=row["criterion"],
            column=row["column"],
            test=row["test"],
            factor=_factor(row),
            reason=row["reason"],
            unit=row["unit"],
        )
        for row in rows(data_dir() / "rules" / "site_criteria.csv")
        if kind in row["kinds"].split("|")
    ]
    if not found:
        msg = f"site_criteria.csv has no row for kind {kind!r}; use one of {', '.join(KINDS)}."
        raise RuleError(msg)
    return found


def _factor(row: Mapping[str, str]) -> float:
    """Read a factor of at least 1."""
    try:
        factor = float(row["factor"].replace(",", "."))
    except ValueError:
        factor = 0.0
    if factor < 1:
        msg = (
            f"site_criteria.csv: {row['criterion']} has factor {row['factor']!r}; write 1 or more."
        )
        raise RuleError(msg)
    return factor


def filters(kind: str) -> list[Filter]:
    """Read what a place must pass for a kind of control, in the order of the file."""
    return [
        Filter(column=row["column"], test=row["test"], reason=row["reason"])
        for row in rows(data_dir() / "rules" / "site_filters.csv")
        if row["kind"] == kind
    ]


def fits(values: pd.Series, test: str) -> pd.Series:
    """Tell which values fit a test.

    Parameters
    ----------
    values
        A column of numbers, words, yes/no or lists of words; nulls allowed.
    test
        As the module says.

    Examples
    --------
    >>> fits(pd.Series([30.0, None, 50.0]), ">=50").tolist()
    [False, False, True]
    >>> fits(pd.Series([["J17"], []]), "!J17").tolist()
    [False, True]
    """
    limit = _LIMIT.fullmatch(test)
    if limit:
        number = pd.to_numeric(values, errors="coerce")
        against = float(limit[2].replace(",", "."))
        return pd.Series(_COMPARE[limit[1]](number, against), index=values.index).fillna(
            value=False
        )
    words = set(test.removeprefix("!").split("|"))
    held = pd.Series([_holds(value, words) for value in values], index=values.index, dtype=bool)
    return ~held if test.startswith("!") else held


def _holds(value: object, words: set[str]) -> bool:
    """Tell whether a value, or one of a list, is among the words."""
    if isinstance(value, bool | np.bool_):
        return ("yes" if value else "no") in words
    if isinstance(value, list | tuple | set | np.ndarray):
        return any(str(one) in words for one in value)
    return str(value) in words
