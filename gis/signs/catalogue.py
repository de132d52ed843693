"""What does a road sign of a country say about foot, cycle, moped and space?

The rows stand in ``data/geo/signs/<country>.csv``, plates in words in ``rules/plates.csv``. A sign
of another country is given the nearest Swedish class. Every row carries its source and how far it
was verified (V, V2, INF, K, U); a K or U row is never a legal statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from gis.csvfile import rows
from gis.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTRIES: Final = ("SE", "FI", "DE", "NO", "DK")
ROLES: Final = ("start", "end", "plate", "crossing", "ban", "street", "other")
# Where the variant of a sign begins: D7-1, 241-30, D7.2, D7:1.
_VARIANT: Final = re.compile(r"[-.:][^-.:]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One row of a sign catalogue; an empty text says nothing about that group."""

    code: str
    label_sv: str
    label_en: str
    role: str
    path_class: str | None
    foot: str
    bicycle: str
    moped2: str
    space: str
    pictogram: str
    valid_from: str
    valid_to: str
    source: str
    verified: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A plate in words: what it permits or forbids under the sign above it."""

    text: str
    permits_bicycle: bool
    forbids_moped: bool
    permits_moped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The signs and plates of one country, in the order of the file."""

    country: str
    signs: tuple[Meaning, ...]
    plates: tuple[Plate, ...]

    def find(self, number: str) -> Meaning | None:
        """Return the meaning of a sign number, or of the sign it is a variant of.

        Parameters
        ----------
        number
            Without country, such as ``D6`` or ``241-30``; upper or lower case.

        Returns
        -------
        meaning
            None for a sign that is not in the catalogue.
        """
        held = {sign.code: sign for sign in self.signs}
        known = (held[name] for name in _less_and_less(number.upper()) if name in held)
        return next(known, None)

    def plate(self, text: str) -> Plate | None:
        """Return what a plate in words says; None where none of its words are known."""
        said = " ".join(text.casefold().split())
        known = [plate for plate in self.plates if plate.text in said]
        if not known:
            return None
        return Plate(
            text=said,
            permits_bicycle=any(plate.permits_bicycle for plate in known),
            forbids_moped=any(plate.forbids_moped for plate in known),
            permits_moped=any(plate.permits_moped for plate in known),
        )

    def current(self) -> tuple[Meaning, ...]:
        """Return the signs that may be put up today, in the order of the file."""
        return tuple(sign for sign in self.signs if not sign.valid_to)


@cache
def load(country: str) -> Catalogue:
    """Read the signs and plates of a country.

    Parameters
    ----------
    country
        Two letters, such as ``SE``; a country without a catalogue has no signs.

    Returns
    -------
    catalogue
        The same object at every call.

    Examples
    --------
    >>> load("SE").find("D6").path_class
    'gc_gemensam'
    >>> load("FI").find("D6").label_sv
    'Kombinerad cykel- och gångbana'
    """
    name = country.upper()
    if name not in COUNTRIES:
        return Catalogue(country=name, signs=(), plates=())
    signs = tuple(_meaning(row) for row in rows(data_dir() / "signs" / f"{name.lower()}.csv"))
    plates = tuple(
        _plate(row) for row in rows(data_dir() / "rules" / "plates.csv") if row["country"] == name
    )
    return Catalogue(country=name, signs=signs, plates=plates)


def _meaning(row: dict[str, str]) -> Meaning:
    said = {name: cell for name, cell in row.items() if name != "path_class"}
    return Meaning(path_class=row["path_class"] or None, **said)


def _plate(row: dict[str, str]) -> Plate:
    said = {name: row[name] == "yes" for name in ("permits_bicycle", "forbids_moped")}
    return Plate(text=row["text"], permits_moped=row["permits_moped"] == "yes", **said)


def _less_and_less(number: str) -> Iterator[str]:
    """Yield a sign number and what is left of it variant by variant: 241-30, 241."""
    while number:
        yield number
        shorter = _VARIANT.sub("", number)
        number = "" if shorter == number else shorter
