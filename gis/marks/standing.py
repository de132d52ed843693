"""Which of the things that people said of a segment stand?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gis.store import Revision, Store

ENTITY: Final = "observation"
RESHAPING: Final = ("split", "move", "join")
"""Kinds of operations that give a segment another line."""


def undone_by(operation: Mapping[str, Any]) -> str | None:
    """Return the operation that an undo takes back."""
    fields = operation.get("fields") or {}
    return fields.get("op_id") if operation["kind"] == "undo" else None


def standing(store: Store, segment_id: str) -> list[Revision]:
    """Return the marks and the decision that stand at a segment, oldest first."""
    marks = operations(store, segment_id, ("mark",))
    decision = standing_decision(store.revisions("decision", segment_id))
    return marks + ([decision] if decision is not None else [])


def operations(store: Store, segment_id: str, kinds: tuple[str, ...]) -> list[Revision]:
    """Return the operations of some kinds that stand at a segment, oldest first."""
    revisions = store.revisions(ENTITY, segment_id)
    undone = {undone_by(r.body) for r in revisions if r.body["result"] != "invalid"}
    return [
        r
        for r in revisions
        if r.body["kind"] in kinds and r.body["result"] != "invalid" and r.op_id not in undone
    ]


def standing_decision(revisions: Iterable[Revision]) -> Revision | None:
    """Return the decision that stands at a segment: each undo takes back the newest before it."""
    decided: list[Revision] = []
    for revision in revisions:
        if revision.op == "undo":
            del decided[-1:]
        else:
            decided.append(revision)
    return decided[-1] if decided else None


def version(store: Store, segment_id: str) -> int:
    """Count the accepted changes of a segment, plus one."""
    marks = store.revisions(ENTITY, segment_id)
    applied = len([r for r in marks if r.body["result"] == "applied"])
    decision = store.latest("decision", segment_id)
    return 1 + applied + (decision.version if decision is not None else 0)
