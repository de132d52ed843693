"""Which methods may this caller use on a collection and its features?

Read from the table of roles. Desktop GIS opens its edit mode where POST stands at the items; it
sends neither If-Match nor Idempotency-Key, so POST stands there only for tokens that may leave
them out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.auth import roles
from api.auth.identity import DESKTOP

if TYPE_CHECKING:
    from api.auth.identity import Identity

ITEMS: Final = "/ogc/collections/{collection_id}/items"
METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


def of_items(name: str, who: Identity | None) -> list[str]:
    """List the methods of the items of a collection."""
    told = _allowed(name, "", who)
    desktop = who is not None and who.scope == DESKTOP
    return [method for method in told if method != "POST" or desktop]


def of_item(name: str, who: Identity | None) -> list[str]:
    """List the methods of one feature of a collection."""
    return _allowed(name, "/{fid}", who)


def _allowed(name: str, end: str, who: Identity | None) -> list[str]:
    """List what the table of roles allows here."""
    role = who.role if who else None
    places = {
        method: (
            roles.Place(method, ITEMS + end, name),
            roles.Place(method, ITEMS.format(collection_id=name) + end),
        )
        for method in METHODS
    }
    places["HEAD"] = places["GET"]
    return [m for m in METHODS if any(roles.allowed(place, role) for place in places[m])]
