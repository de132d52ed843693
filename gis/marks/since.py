"""What do the sources say now that they did not say when a segment was decided?

A decision keeps what it rested on. For one that was taken before that was kept, the public columns
of that time stand in: less is told, nothing is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from gis.marks.standing import standing_decision
from gis.sources.basis import Change, changes, listed, statements

if TYPE_CHECKING:
    from gis.store import Revision, Store

# Columns of the public layer that sources fill and no decision does.
PUBLIC: Final = ("name", "width_m", "surface", "separation", "lit", "signs", "ltf_id")


def changed_since(store: Store, segment_id: str) -> list[dict[str, Any]]:
    """List what has changed since the standing decision of a segment.

    Parameters
    ----------
    store
        The public store.
    segment_id
        A segment; one without a decision has no changes.

    Returns
    -------
    changes
        ``key``, ``before``, ``now`` (null where nothing is said), ordered by key.
    """
    decision = standing_decision(store.revisions("decision", segment_id))
    if decision is None or "network" not in store.layer_names():
        return []
    rows = store.layer("network", ids=[segment_id])
    if rows.empty:
        return []
    said = decision.body.get("said")
    if said is None:
        return listed(_public_changes(store, decision))
    return listed(changes(said, statements(rows)[0]))


def _public_changes(store: Store, decision: Revision) -> list[Change]:
    """Compare the public columns of the time of a decision with those of now."""
    then = store.feature("segments", decision.entity_id, as_of=decision.at)
    now = store.feature("segments", decision.entity_id)
    if then is None or now is None:
        return []
    return changes(_texts(then), _texts(now))


def _texts(rendered: bytes) -> dict[str, str]:
    """Read the columns that sources fill, as text; what is empty is not said."""
    properties = orjson.loads(rendered)["properties"]
    told = {name: properties.get(name) for name in PUBLIC}
    return {
        name: ", ".join(value) if isinstance(value, list) else str(value)
        for name, value in told.items()
        if value not in (None, [])
    }
