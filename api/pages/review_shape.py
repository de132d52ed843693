"""Which changes of its shape did people make to a segment, and who may take them back?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from gis.marks.standing import RESHAPING, operations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.store import Store

ASKED: Final = "line_asked"
"""Column of the network that tells which moves and joins are not done, and why."""
FORGOTTEN: Final = "borttagen"


def shapings(
    store: Store, segment_id: str, author: str, evidence: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """List what was done to the line of a segment, and of those it was cut from, oldest first.

    Parameters
    ----------
    store
        The public store.
    segment_id
        An id of the segments layer.
    author
        Opaque id of who asks: only what one did oneself can be taken back.
    evidence
        What `gis.explain` tells of the segment.

    Returns
    -------
    shapings
        ``op_id``, ``kind`` (split, move, join), ``segment_id`` (where it was sent to), ``author``
        (a name), ``at``, ``own``; of a move ``before`` and ``line`` as [lon, lat]; ``asked`` where
        it is not done: stale (the source's own line is another since) or clashing.
    """
    names, asked = store.names(), _asked(evidence)
    return [
        {
            "op_id": one.op_id,
            "kind": one.body["kind"],
            "segment_id": one.entity_id,
            "author": names.get(one.author, FORGOTTEN),
            "at": one.at.isoformat(),
            "own": one.author == author,
            "before": one.body.get("before"),
            "line": (one.body.get("fields") or {}).get("line"),
            "asked": asked.get(str(one.op_id)),
        }
        for parent in _line_of(store, segment_id)
        for one in operations(store, parent, RESHAPING)
    ]


def _asked(evidence: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Read which operations on the line wait for a person, and why."""
    told = [one["says"].get(ASKED) for one in evidence if one["type"] == "data"]
    return {one["record"]: one["what"] for text in told if text for one in orjson.loads(text)}


def _line_of(store: Store, segment_id: str) -> list[str]:
    """Return the segments that a part was cut from, the whole first, itself last."""
    line = [segment_id]
    while True:
        came = [
            one.old_id
            for one in store.lineage(line[0])
            if one.relation == "split" and one.new_id == line[0] and one.old_id not in line
        ]
        if not came:
            return line
        line.insert(0, came[-1])
