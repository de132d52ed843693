"""Who may call which route?

One table, ``roles.csv``: method, route template, collections (where the route has one), roles.
What is not declared is denied. ``public`` needs no log-in and includes everybody.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

ROLES_FILE: Final = Path(__file__).resolve().parent / "roles.csv"
EVERYBODY: Final = "public"


class Place(NamedTuple):
    """What is asked for: a method at a route, in a collection where the route names one."""

    method: str
    route: str
    collection: str = ""


@cache
def table() -> dict[Place, frozenset[str]]:
    """Read the table: place to the roles that may."""
    found: dict[Place, frozenset[str]] = {}
    with ROLES_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            roles = frozenset(row["roles"].split("|"))
            for collection in row["collections"].split("|"):
                found[Place(row["method"], row["route"], collection)] = roles
    return found


def allowed(place: Place, role: str | None) -> bool:
    """Tell whether a role (``None``: nobody is logged in) may.

    Examples
    --------
    >>> allowed(Place("GET", "/health"), None), allowed(Place("GET", "/no/such/route"), "admin")
    (True, False)
    """
    roles = table().get(place, frozenset())
    return EVERYBODY in roles or role in roles


def methods(path: str) -> list[str]:
    """List the methods that anybody may use at an address.

    Examples
    --------
    >>> methods("/api/measures/abc"), methods("/no/such")
    (['GET', 'HEAD', 'PATCH'], [])
    """
    found = {place.method for place in table() if _pattern(place.route).fullmatch(path)}
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


@cache
def _pattern(route: str) -> re.Pattern[str]:
    """Write the template of a route as an expression for its addresses."""
    parts = re.split(r"\{\w+(?::\w+)?\}", route)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))


def is_public(place: Place) -> bool:
    """Tell whether a place needs no log-in."""
    return EVERYBODY in table().get(place, frozenset())


def public_collections() -> tuple[str, ...]:
    """Return the collections everybody may read, in the order of the table."""
    return readable(None)


def readable(role: str | None) -> tuple[str, ...]:
    """Return the collections a role may read, in the order of the table."""
    route = "/ogc/collections/{collection_id}/items"
    places = [place for place in table() if place[:2] == ("GET", route)]
    return tuple(place.collection for place in places if allowed(place, role))
