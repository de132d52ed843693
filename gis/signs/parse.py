"""Which signs does a text name, and what do they say together?

Read are ``traffic_sign`` values of OpenStreetMap, lists from the field form and single codes:
``SE:D6``, ``d6``, ``SE:D5,C10``, ``FI:424;FI:425``, ``FI:363[40]``, ``DE:240,1022-10``, plates in
words. A sign without a country has that of the sign before it, the first one the area's. A sign
that no catalogue knows is kept without meaning; nothing here raises.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.signs.catalogue import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.signs.catalogue import Meaning, Plate

NO_SIGN: Final = ("none", "no", "nej", "ingen", "ingen skylt", "-")
# Longer texts are no sign; the rest of a mistaken value is left out.
MAX_LENGTH: Final = 500
MAIN_ROLES: Final = ("start", "street", "crossing")

# Distinct texts kept in memory: more than a country's data holds, few enough for a server.
_KEPT: Final = 20_000
_SEPARATORS: Final = re.compile(r"[;,|\n](?![^\[]*\])")
_PREFIX: Final = re.compile(r"([A-Za-z]{2})\s*:\s*(.+)", re.DOTALL)
_NUMBER: Final = re.compile(r"[A-Z]{0,3} ?\d+[A-Z]?(?:[-.:]\d+[A-Z]?)*", re.IGNORECASE)
_VALUE: Final = re.compile(r"([^\[]*)\[([^\]]*)\]?.*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One sign or plate as it was written; `meaning` is None where no catalogue knows it."""

    country: str
    number: str
    value: str | None = None
    meaning: Meaning | None = None
    plate: Plate | None = None

    @property
    def code(self) -> str:
        """The sign with its country, such as ``SE:D6``."""
        return f"{self.country}:{self.number}"

    @property
    def role(self) -> str:
        """What the sign is for; ``other`` where it is not known."""
        if self.meaning is not None:
            return self.meaning.role
        return "plate" if self.plate is not None else "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the signs of one place say together.

    `path_class` is the class of the first sign that has one (a cykelöverfart before the zebra
    crossing beside it), `other_class` a second, different one. `ban` is the code of a sign that
    bans bicycles and is not lifted by a plate.
    """

    codes: tuple[str, ...] = ()
    path_class: str | None = None
    other_class: str | None = None
    ends: bool = False
    ban: str | None = None
    permits_bicycle: bool = False
    forbids_moped: bool = False
    permits_moped: bool = False


def parse(text: object, country: str = "SE") -> list[Sign]:
    """Read the signs of a text.

    Parameters
    ----------
    text
        Any value; what is no text or number names no sign.
    country
        The country of a sign that names none, two letters.

    Returns
    -------
    signs
        In the order of the text; empty where it says that there is none.

    Examples
    --------
    >>> [sign.code for sign in parse("SE:D5,C10")]
    ['SE:D5', 'SE:C10']
    >>> parse("FI:363[40]")[0].value
    '40'
    """
    return list(_parse(_text(text), country.upper()))


def parse_column(texts: pd.Series, country: str = "SE") -> pd.Series:
    """Read the signs of a column; each distinct text is read once.

    Parameters
    ----------
    texts
        Texts or nulls.
    country
        The country of a sign that names none.

    Returns
    -------
    signs
        A list of `Sign` a row, empty for null, index of `texts`.
    """
    known = {text: parse(text, country) for text in texts.dropna().unique()}
    return pd.Series([known.get(text, []) for text in texts.array], index=texts.index, dtype=object)


def says_none(text: object) -> bool:
    """Tell whether a text says that somebody looked and there is no sign."""
    return _text(text).casefold() in NO_SIGN


def read(signs: Iterable[Sign], plate: str = "", country: str = "SE") -> Reading:
    """Combine the signs of one place.

    Parameters
    ----------
    signs
        What stands there.
    plate
        The words on plates, if any.
    country
        Whose plate words to look for.

    Returns
    -------
    reading
        What they say together.
    """
    return _read(tuple(signs), plate, country.upper())


@lru_cache(maxsize=_KEPT)
def _parse(text: str, country: str) -> tuple[Sign, ...]:
    if text.casefold() in NO_SIGN:
        return ()
    found = []
    for part in filter(None, (part.strip() for part in _SEPARATORS.split(text))):
        named = _PREFIX.fullmatch(part)
        if named:
            country = named[1].upper()
        found.append(_sign((named[2] if named else part).strip(), country))
    return tuple(found)


def _sign(text: str, country: str) -> Sign:
    """Read one sign without its country."""
    valued = _VALUE.fullmatch(text)
    bare = (valued[1] if valued else text).strip()
    value = valued[2].strip() if valued else None
    catalogue = load(country)
    if not _NUMBER.fullmatch(bare):
        return Sign(country=country, number=bare, value=value, plate=catalogue.plate(text))
    number = bare.replace(" ", "").upper()
    return Sign(
        country=country,
        number=number,
        value=value,
        meaning=catalogue.find(number),
        plate=catalogue.plate(value) if value else None,
    )


def _text(value: object) -> str:
    """Write a value as a text; lists, nulls and truth values are none."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return str(value)[:MAX_LENGTH].strip()


@lru_cache(maxsize=_KEPT)
def _read(signs: tuple[Sign, ...], plate: str, country: str) -> Reading:
    classes = list(dict.fromkeys(_classes(signs)))
    classes.sort(key=lambda name: name != "cykeloverfart")
    words = [sign.plate for sign in signs if sign.plate] + [load(country).plate(plate)]
    said = [word for word in words if word is not None]
    plates = [sign.meaning for sign in signs if sign.meaning and sign.role == "plate"]
    permits = any(word.permits_bicycle for word in said) or any(
        meaning.bicycle == "allowed" for meaning in plates
    )
    bans = [s.code for s in signs if s.role == "ban" and s.meaning and s.meaning.bicycle == "not"]
    return Reading(
        codes=tuple(sign.code for sign in signs),
        path_class=classes[0] if classes else None,
        other_class=classes[1] if len(classes) > 1 else None,
        ends=any(sign.role == "end" for sign in signs),
        ban=bans[0] if bans and not permits else None,
        permits_bicycle=permits,
        forbids_moped=any(word.forbids_moped for word in said) or _moped_ban(signs),
        permits_moped=any(word.permits_moped for word in said),
    )


def _classes(signs: tuple[Sign, ...]) -> Iterable[str]:
    """Yield the classes that the main signs imply."""
    for sign in signs:
        if sign.meaning and sign.meaning.path_class and sign.role in MAIN_ROLES:
            yield sign.meaning.path_class


def _moped_ban(signs: tuple[Sign, ...]) -> bool:
    """Tell whether a sign beside the main one bans mopeds class II."""
    return any(s.role == "ban" and s.meaning and s.meaning.moped2 == "not" for s in signs)
