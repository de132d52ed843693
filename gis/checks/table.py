"""What does each check say, and how serious is it? The rows of ``rules/checks.csv``.

A municipality may hand in a table of its own with other grades and words.
"""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.csvfile import rows
from gis.errors import RuleError
from gis.settings import data_dir

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES: Final = ("sv", "en")
_NUMBERS: Final = ("grade", "grade_other")
_GRADES: Final = (1, 2, 3)


def load_table(path: Path | None = None) -> pd.DataFrame:
    """Read the table of checks, one row a check, index the id.

    Raises
    ------
    RuleError
        If an id stands twice or a grade is none of 1, 2, 3; the row is named.
    """
    file = path or data_dir() / "rules" / "checks.csv"
    table = pd.DataFrame(rows(file))
    for name in _NUMBERS:
        table[name] = pd.to_numeric(table[name], errors="coerce").astype("Int64")
    _refuse(table, file.name)
    return table.set_index("id", drop=False)


def _refuse(table: pd.DataFrame, name: str) -> None:
    """Refuse a table that says a thing twice or grades outside 1–3."""
    twice = table["id"][table["id"].duplicated()].tolist()
    if twice:
        msg = f"{name}: check {twice[0]} stands twice; give it one row"
        raise RuleError(msg)
    wrong = table["id"][~table["grade"].isin(_GRADES)].tolist()
    if wrong:
        msg = f"{name}: column grade of {wrong[0]} must be 1, 2 or 3"
        raise RuleError(msg)


def placeholders(template: str) -> list[str]:
    """List the names in braces that a template asks for."""
    return [name for _, name, _, _ in Formatter().parse(template) if name]


def fill(template: str, values: pd.DataFrame, *, unknown: str) -> pd.Series:
    """Fill a template for all rows at once.

    Parameters
    ----------
    template
        Text with ``{placeholders}``.
    values
        One text column a placeholder; a null or absent one is written as `unknown`.
    unknown
        The word for a missing value.

    Returns
    -------
    text
        One message a row, index of `values`.

    Examples
    --------
    >>> fill("{tags}: {n} m", pd.DataFrame({"tags": ["a=b"], "n": [3]}), unknown="?").tolist()
    ['a=b: 3 m']
    """
    text = pd.Series("", index=values.index, dtype="str")
    for literal, name, _, _ in Formatter().parse(template):
        text = text + literal
        if name and name in values.columns:
            text = text + values[name].astype("str").where(values[name].notna(), unknown)
        elif name:
            text = text + unknown
    return text
