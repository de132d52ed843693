"""What does the form in an inspector's phone know of a country?

It is the same for everybody: signs with the class that follows from each by the decision table, at
each kind of segment, with each marking that is painted there; code lists and the lines of the map.
The phone asks nobody all day, so the answers of the table go along.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, Final

from gis import codes, signs
from gis.decide import decide_objects
from gis.signs.parse import MAIN_ROLES
from maps.style import lines

if TYPE_CHECKING:
    from gis.signs import Catalogue

LISTS: Final = ("path_class", "separation", "surface", "lit", "kind", "status")
PAINTED: Final = {
    "path": ("cycle_symbol", "foot_symbol", "division"),
    "lane": ("M5", "cycle_symbol"),
    "street": ("M5", "cycle_symbol"),
    "crossing": ("M14", "M15", "M16"),
}
"""The markings that are asked for at each kind of segment, by the words of the decision table."""
NO_MARKING: Final = "none"
NO_SIGN: Final = ""
PERMITS: Final = "P"


@cache
def form(country: str) -> dict[str, Any]:
    """Return what the form needs to know of a country.

    Returns
    -------
    form
        ``signs``: code, names, role, picture, whether it may be put up today and the class that it
        says by itself; ``plates``: text and whether it permits cycling; ``markings``: by kind;
        ``answers`` and ``decided`` as `decisions` gives them; ``lists``: code lists; ``styles``:
        lines of the map.
    """
    catalogue = signs.load(country)
    answers, decided = decisions(country)
    return {
        "country": country,
        "signs": [
            {"code": one.code, "label": [one.label_sv, one.label_en], "role": one.role,
             "pictogram": one.pictogram, "current": not one.valid_to,
             "says": one.path_class if one.role in MAIN_ROLES else None}
            for one in catalogue.signs
        ],
        "plates": [[one.text, one.permits_bicycle] for one in catalogue.plates],
        "markings": {kind: [*painted, NO_MARKING] for kind, painted in PAINTED.items()},
        "answers": answers,
        "decided": decided,
        "lists": {name: _list(name) for name in LISTS},
        "styles": {
            code: {"colour": one.colour, "dash": list(one.dash), "width": one.width_px}
            for code, one in lines("class").items()
        },
    }  # fmt: skip


def decisions(country: str) -> tuple[list[list[str]], dict[str, int]]:
    """Ask the decision table what follows from each sign, plate and marking.

    Returns
    -------
    answers
        Distinct ``[path_class, reason_sv, reason_en]``.
    decided
        ``kind|sign|P|markings`` to the place in `answers`; no sign is empty, P stands where a plate
        permits cycling, markings are joined by a comma.
    """
    asked = _asked(signs.load(country))
    objects = [
        {"kind": kind, "signs": [f"{country}:{sign}"] if sign else [], "plate": plate,
         "markings": list(painted)}
        for kind, sign, plate, painted in asked
    ]  # fmt: skip
    places: dict[tuple[str, ...], int] = {}
    decided = {
        "|".join((kind, sign, PERMITS if plate else "", ",".join(painted))): places.setdefault(
            (told["path_class"], told["reason_sv"], told["reason_en"]), len(places)
        )
        for (kind, sign, plate, painted), told in zip(
            asked, decide_objects(objects, country), strict=True
        )
    }
    return [list(answer) for answer in places], decided


def _asked(catalogue: Catalogue) -> list[tuple[str, str, str | None, tuple[str, ...]]]:
    """List every kind, sign, plate and set of markings that the form can say."""
    permitting = next((one.text for one in catalogue.plates if one.permits_bicycle), None)
    plates = (None, permitting) if permitting else (None,)
    names = [NO_SIGN, *(one.code for one in catalogue.signs)]
    return [
        (kind, sign, plate, painted)
        for kind, choices in PAINTED.items()
        for sign, plate, painted in product(names, plates, _sets(choices))
        if sign or painted
    ]


def _sets(choices: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return every set of markings, in the order of `choices`, and that none is painted."""
    some = [found for n in range(len(choices) + 1) for found in combinations(choices, n)]
    return [*some, (NO_MARKING,)]


def _list(name: str) -> list[list[str]]:
    """Return a code list as [code, Swedish, English], only what a row may carry."""
    held = codes.load(name)
    return [[row.code, row.label_sv, row.label_en] for row in held.rows if row.assignable]
