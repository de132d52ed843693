"""Which code does a word of a delivery, a tag or a person stand for?

The words stand in ``rules/aliases.csv``, one list a kind of word. Letter case and blanks do not
matter; a number is read as a whole number however it is written (``100``, ``100.0``, ``"100"``).
What is no known word has no code, and nothing here raises.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Final

from gis import codes
from gis.csvfile import rows
from gis.settings import data_dir

if TYPE_CHECKING:
    import pandas as pd

# How NVDB writes that a value is missing (nvdb2osm: None, NaN, "", -1, "-1").
MISSING: Final = ("", "-1", "nan", "none", "null", "<null>")
MAX_LENGTH: Final = 200


@cache
def words(name: str) -> dict[str, str]:
    """Return the words of one list, each with its code."""
    table = rows(data_dir() / "rules" / "aliases.csv")
    return {row["alias"]: row["code"] for row in table if row["list"] == name}


def plain(value: object) -> str:
    """Write a value as a text without blanks round it; what is no text or number is empty.

    Examples
    --------
    >>> plain(100.0), plain(" 100 "), plain(None), plain([1])
    ('100', '100', '', '')
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        value = int(value) if value.is_integer() else value
    text = str(value)[:MAX_LENGTH].strip()
    head, _, tail = text.partition(".")
    return head if head.isdigit() and tail and not tail.strip("0") else text


def coded(name: str, value: object) -> str | None:
    """Return the code of a word, or None.

    Examples
    --------
    >>> coded("separation", "Kantsten"), coded("separation", 1.0), coded("separation", "?")
    ('kantsten', 'kantsten', None)
    """
    return words(name).get(" ".join(plain(value).casefold().split()))


def coded_column(name: str, values: pd.Series) -> pd.Series:
    """Return the codes of a column of words; null for null and for unknown words."""
    known = {value: coded(name, value) for value in values.dropna().unique()}
    return values.astype(object).map(known).astype(object)


def path_class(value: object) -> str | None:
    """Return the class that a code, a name in Swedish or English, or a word stands for.

    Examples
    --------
    >>> path_class("Gågata"), path_class("gc_gemensam"), path_class("väg")
    ('gagata', 'gc_gemensam', None)
    """
    text = " ".join(plain(value).casefold().split())
    return _classes().get(text) or words("path_class").get(text)


@cache
def _classes() -> dict[str, str]:
    """Return every assignable class by its code and its names."""
    listed = [row for row in codes.load("path_class").rows if row.assignable]
    named = {row.label("en").casefold(): row.code for row in listed}
    named |= {row.label("sv").casefold(): row.code for row in listed}
    return named | {row.code: row.code for row in listed}


def gcm(value: object) -> str | None:
    """Return the GCM code of a number or a label; an unknown value is kept as it is written.

    Examples
    --------
    >>> gcm(100.0), gcm("105"), gcm("Hiss"), gcm(-1), gcm("999")
    ('100', '105', '175', None, '999')
    """
    text = plain(value)
    if text.casefold() in MISSING:
        return None
    return _gcm_labels().get(" ".join(text.casefold().split()), text[:40])


@cache
def _gcm_labels() -> dict[str, str]:
    """Return the codes by label; a label of both series is the new one's."""
    listed = codes.load("nvdb_gcm").rows
    ordered = sorted(listed, key=lambda row: row.more.get("series") == "new")
    return {row.label("sv").casefold(): row.code for row in ordered}
