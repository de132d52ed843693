"""How does a GeoJSON feature become a mark of the field?

It goes the way of every mark: kept word for word, judged against what others saw, its segment
brought up to date.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID, uuid5

import orjson

from api.errors import Problem
from api.kinds import Kind
from api.ogc import pages
from api.work.sync import take

if TYPE_CHECKING:
    from api.auth.identity import Identity
    from gis.store import Store
    from gis.words import Language

OBSERVATIONS: Final = "observations"
SPACE: Final = UUID("6d2f9a0e-1d1b-5f0c-9d4e-0c4a4d3b7a51")
"""Namespace in which the id of an operation is made from author and key."""


class Mark(NamedTuple):
    """A feature as sent, and the key under which it is kept once."""

    feature: dict[str, Any]
    key: str

    def operation(self, who: Identity) -> dict[str, Any]:
        """Write it as an operation from the field."""
        told = self.feature["properties"]
        operation = {
            "op_id": str(uuid5(SPACE, f"{who.author} {self.key}")),
            "kind": told["kind"],
            "segment_id": told["segment_id"],
            "base_version": told["base_version"],
            "observed_at": told["observed_at"] or datetime.now(UTC).isoformat(),
            "fields": told["fields"],
        }
        place = self.feature["geometry"]
        if place is not None:
            lon, lat = place["coordinates"][:2]
            operation["fix"] = {"lon": lon, "lat": lat, "accuracy_m": told["accuracy_m"]}
        return operation


def mark(store: Store, sent: Mark, who: Identity, lang: Language) -> dict[str, Any]:
    """Keep a mark and return the observation as it stands.

    Parameters
    ----------
    store
        The public store; a transaction is open.
    sent
        The feature and its key.
    who
        The inspector or planner.
    lang
        Language of the reasons.

    Raises
    ------
    Problem
        ``invalid`` for a mark that cannot be taken.
    """
    operation = sent.operation(who)
    (told,) = take(store, [operation], who, lang)
    if told["result"] == "invalid":
        raise Problem(Kind.INVALID)
    feature: dict[str, Any] = orjson.loads(pages.one(store, OBSERVATIONS, operation["op_id"]))
    return feature
