"""Which changes of its shape did people make to a segment, and who may take them back?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gis.marks.receive import undone_by

if TYPE_CHECKING:
    from gis.store import Revision, Store

KINDS: Final = ("split",)
STANDING: Final = ("applied", "conflict")
FORGOTTEN: Final = "borttagen"


def shapings(store: Store, segment_id: str, author: str) -> list[dict[str, Any]]:
    """List the cuts that stand at a segment, and at those it was cut from, oldest first.

    Parameters
    ----------
    store
        The public store.
    segment_id
        An id of the segments layer.
    author
        Opaque id of who asks: only one's own cuts can be taken back.

    Returns
    -------
    shapings
        ``op_id``, ``kind``, ``segment_id`` (where it was sent to), ``author`` (a name), ``at``
        and ``own``.
    """
    names = store.names()
    return [
        {
            "op_id": one.op_id,
            "kind": one.body["kind"],
            "segment_id": one.entity_id,
            "author": names.get(one.author, FORGOTTEN),
            "at": one.at.isoformat(),
            "own": one.author == author,
        }
        for parent in _line_of(store, segment_id)
        for one in _standing(store, parent)
    ]


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


def _standing(store: Store, segment_id: str) -> list[Revision]:
    """Return the cuts sent to a segment that nobody took back."""
    revisions = store.revisions("observation", segment_id)
    undone = {undone_by(one.body) for one in revisions if one.body["result"] == "applied"}
    return [
        one
        for one in revisions
        if one.body["kind"] in KINDS and one.body["result"] in STANDING and one.op_id not in undone
    ]
