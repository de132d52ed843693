"""How are NVDB's layers, columns and values written in the three shapes of delivery?

The answers are rows of ``nvdb_facts.csv`` and ``nvdb.toml``. Layers are known by prefix and stem,
never by their number; GCM codes by value, old series or new, number or text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gis import codes, csvfile
from gis.settings import data_dir
from gis.sources.layout import find_column, plain, read_toml

if TYPE_CHECKING:
    from collections.abc import Callable

# Earlier days are unset ones.
FIRST_DAY: Final = pd.Timestamp("1900-01-01", tz="UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of a product: the fact it gives, how it is read, what it is called."""

    product: str
    fact: str
    reading: str
    list_name: str
    names: tuple[str, ...]
    homogenised: tuple[str, ...]


@cache
def form() -> dict[str, Any]:
    """Return what ``nvdb.toml`` says."""
    return read_toml("nvdb")


@cache
def attributes() -> tuple[Attribute, ...]:
    """Return every attribute that is read."""
    return tuple(
        Attribute(
            product=row["product"],
            fact=row["fact"],
            reading=row["reading"],
            list_name=row["list"],
            names=tuple(filter(None, row["names"].split("|"))),
            homogenised=tuple(filter(None, row["homogenised"].split("|"))),
        )
        for row in csvfile.rows(data_dir() / "sources" / "nvdb_facts.csv")
    )


def product_of(layer: str) -> str | None:
    """Return the product of a layer; None for one that is not used.

    Examples
    --------
    >>> product_of("NVDB_DK_O_24_GCM_vagtyp"), product_of("VIS_DK_O_10_Vagbredd")
    ('GCM_vagtyp', 'Vagbredd')
    >>> product_of("Blekinge_NVDB_GCM_vagtyp"), product_of("Net_VAG"), product_of("GCM_vagtyp")
    ('GCM_vagtyp', None, 'GCM_vagtyp')
    """
    name = plain(layer)
    if any(plain(word) in name for word in form()["unusable"]):
        return None
    known = {plain(one.product): one.product for one in attributes()}
    fits = [stem for stem in known if name.endswith(stem)]
    best = max(fits, key=len, default=None)
    if best is None:
        return None
    head = name.removesuffix(best)
    named = not head or any(plain(prefix) in head for prefix in form()["prefixes"])
    return known[best] if named else None


def column(frame: pd.DataFrame, target: str) -> pd.Series:
    """Return one of NVDB's own columns (``element_id``, ``m_from`` …); null where it has none."""
    name = find_column(frame, form()["columns"][target])
    return no_value(frame[name]) if name else pd.Series(None, index=frame.index, dtype=object)


def no_value(values: pd.Series) -> pd.Series:
    """Turn every way in which NVDB writes a missing value into null.

    Examples
    --------
    >>> no_value(pd.Series([100, "-1", "", None, -1.0, "1899-12-29"], dtype=object)).tolist()
    [100, None, None, None, None, None]
    """
    nulls, dates = set(form()["nulls"]), tuple(form()["unset_dates"])
    text = values.astype(object).map(lambda value: str(value).strip().casefold())
    missing = text.isin(nulls) | text.str.startswith(dates) | values.isna()
    return values.astype(object).where(~missing, None)


def times(values: pd.Series) -> pd.Series:
    """Read dates as written or as ``YYYYMMDD``; unset ones and nonsense are null."""
    told = no_value(values)
    text = told.map(lambda v: plain_number(v) if isinstance(v, int | float) else str(v)[:10])
    text = text.where(told.notna(), None).astype("str")
    read = pd.to_datetime(text, utc=True, errors="coerce", format="mixed")
    return read.where(read.ge(FIRST_DAY)).astype("datetime64[us, UTC]")


def plain_number(value: object) -> str:
    """Write a whole number without decimals, whatever wrote it.

    Examples
    --------
    >>> plain_number(100.0), plain_number("100.0"), plain_number(" Gångbana ")
    ('100', '100', 'Gångbana')
    """
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    head, _, tail = text.partition(".")
    return head if head.lstrip("-").isdigit() and not tail.strip("0") else text


def read_values(values: pd.Series, attribute: Attribute) -> tuple[pd.Series, pd.Series[bool]]:
    """Read the values of an attribute.

    Parameters
    ----------
    values
        As delivered.
    attribute
        Which attribute they are of.

    Returns
    -------
    read
        Codes, numbers or texts as text; null for missing. An unknown GCM code stays as written,
        other unknown words are null.
    unknown
        True where a value is in no list.
    """
    told = no_value(values)
    reader = _READERS[attribute.reading]
    words = told.map(plain_number, na_action="ignore")
    distinct = {word: reader(word, attribute) for word in words.dropna().unique()}
    read = words.map({word: found for word, (found, _) in distinct.items()}).astype("str")
    unknown = words.map({word: not good for word, (_, good) in distinct.items()})
    return read, unknown.eq(other=True)


def _code(word: str, attribute: Attribute) -> tuple[str | None, bool]:
    code = _words(attribute.list_name).get(word.casefold())
    if code is None and attribute.fact == "gcm":
        return word[:40], False
    return code, code is not None


def _presence(word: str, attribute: Attribute) -> tuple[str | None, bool]:
    told = word.casefold() not in {"0", "nej", "no", "false"}
    return (attribute.list_name or attribute.fact if told else None), True


def _number(word: str, _: Attribute) -> tuple[str | None, bool]:
    try:
        number = csvfile.number(word)
    except ValueError:
        return None, False
    return (str(number), True) if number > 0 else (None, number == 0)


def _plain_text(word: str, _: Attribute) -> tuple[str | None, bool]:
    return word, True


_READERS: Final[dict[str, Callable[[str, Attribute], tuple[str | None, bool]]]] = {
    "code": _code,
    "presence": _presence,
    "number": _number,
    "text": _plain_text,
}


@cache
def _words(name: str) -> dict[str, str]:
    """Return the words of one list of NVDB, numbers and labels, each with its code."""
    if name == "gcm":
        return _gcm_words()
    listed = codes.load(_LISTS[name])
    own = {"separation": "nvdb_code", "surface": "surface", "category": "nvdb_value"}
    words = {row.label_sv.casefold(): row.code for row in listed.rows}
    if name == "surface":
        words |= {row.code: row.more["surface"] for row in listed.rows}
        return words | {row.label_sv.casefold(): row.more["surface"] for row in listed.rows}
    words |= {row.code: row.code for row in listed.rows}
    extra = listed.by(own[name]) if name in own else {}
    return words | {value.casefold(): code for value, code in extra.items()}


_LISTS: Final = {
    "nattyp": "nvdb_nattyp",
    "separation": "separation",
    "passage": "nvdb_passage",
    "category": "nvdb_cykelvagskategori",
    "surface": "nvdb_slitlager",
    "keeper": "nvdb_vaghallare",
}


def _gcm_words() -> dict[str, str]:
    """Return GCM codes by number and label; a label of both series is the new one's."""
    rows = sorted(codes.load("nvdb_gcm").rows, key=lambda row: row.more["series"] == "new")
    words = {row.label_sv.casefold(): row.code for row in rows}
    return words | {row.code: row.code for row in rows}


@cache
def gcm_series() -> dict[str, str]:
    """Return the series (old, new) of each GCM code."""
    return {row.code: row.more["series"] for row in codes.load("nvdb_gcm").rows}


@cache
def gcm_kinds() -> dict[str, str]:
    """Return the kind of segment (path, lane, street, crossing) that each GCM code is of."""
    kinds = {row.code: row.more["kind"] for row in codes.load("path_class").rows}
    told = {row.code: row.more["path_class"] for row in codes.load("nvdb_gcm").rows}
    return {code: kinds.get(path_class, "path") for code, path_class in told.items()}


def side_of(values: pd.Series) -> pd.Series[str]:
    """Read on which side something lies; none where nothing is said."""
    told = no_value(values).astype("str").str.strip().str.casefold()
    return told.map(form()["sides"]).fillna("none").astype("str")
