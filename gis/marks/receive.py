"""What becomes of a batch of operations from a phone?

Everything that can be read is kept word for word before it is judged, in one transaction:
``applied``, ``duplicate`` (the same operation again), ``conflict`` (somebody else changed the
same field since the phone last looked: both answers are kept, a planner settles it) or
``invalid`` (kept in the history, changes nothing). Nothing received is dropped.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from gis.marks.shape import fault
from gis.store import Entry
from gis.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from gis.store import Revision, Store
    from gis.words import Language

Result = Literal["applied", "duplicate", "conflict", "invalid"]
ENTITY: Final = "observation"
REFUSED: Final = "refused"
COMPARED: Final = (
    "path_class", "signs", "signs_end", "plate", "markings", "width_m", "separation", "surface",
    "lit",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of one operation; `segment_id` is set where the layers must look anew.

    A duplicate has one too: the first time may have ended between keeping and looking.
    """

    op_id: str | None
    result: Result
    reason: str
    segment_id: str | None = None


def receive(
    store: Store,
    operations: Sequence[object],
    *,
    author: str,
    now: datetime,
    lang: Language = "sv",
) -> list[Received]:
    """Keep and judge operations in their order.

    Parameters
    ----------
    store
        The public store.
    operations
        Objects as sent; anything that is no operation is kept as refused.
    author
        The opaque id of who sends them.
    now
        When they were received, UTC.
    lang
        Language of the reasons.

    Returns
    -------
    received
        One answer an operation, in order.
    """
    with store.transaction():
        return [_one(store, operation, author, now, lang) for operation in operations]


def digest(operation: object) -> str:
    """Return the SHA-256 of an operation's content, whatever the order of its keys."""
    text = json.dumps(operation, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _one(store: Store, operation: object, author: str, now: datetime, lang: Language) -> Received:
    """Judge one operation."""
    wrong = fault(operation)
    if wrong is not None or not isinstance(operation, dict):
        return _refuse(store, operation, author, wrong or "not_object", lang)
    known = store.revision_of(operation["op_id"])
    if known is not None:
        return _again(store, known, operation, author, lang)
    return _keep(store, operation, author, now, lang)


def _refuse(store: Store, operation: object, author: str, key: str, lang: Language) -> Received:
    """Keep what cannot be understood apart, once, and say why."""
    content = digest(operation)
    if store.latest(REFUSED, content) is None:
        body = {"operation": operation, "reason": key}
        store.append([Entry(entity=REFUSED, entity_id=content, body=body, author=author)])
    op_id = operation.get("op_id") if isinstance(operation, dict) else None
    return Received(
        op_id=op_id if isinstance(op_id, str) else None,
        result="invalid",
        reason=say("marks", key, lang),
    )


def _again(
    store: Store, known: Revision, operation: dict[str, Any], author: str, lang: Language
) -> Received:
    """Answer an operation whose id was seen before."""
    if known.op_hash != digest(operation):
        return _refuse(store, operation, author, "other_content", lang)
    first = say("marks", f"result_{known.body['result']}", lang)
    reason = say("marks", "duplicate", lang, first=first)
    return Received(
        op_id=operation["op_id"],
        result="duplicate",
        reason=reason,
        segment_id=operation["segment_id"],
    )


def _keep(
    store: Store, operation: dict[str, Any], author: str, now: datetime, lang: Language
) -> Received:
    """Keep a new operation and say whether it stands."""
    result, key = _judge(store, operation, author)
    body = {
        **operation,
        "result": result,
        "reason": key,
        "received_at": now.isoformat(),
        "segment_version": version(store, operation["segment_id"]) + (result == "applied"),
    }
    store.append(
        [
            Entry(
                entity=ENTITY,
                entity_id=operation["segment_id"],
                op=operation["kind"],
                body=body,
                author=author,
                source="offline",
                base_version=operation.get("base_version"),
                op_id=operation["op_id"],
                op_hash=digest(operation),
            )
        ]
    )
    return Received(
        op_id=operation["op_id"],
        result=result,
        reason=say("marks", key, lang),
        segment_id=None if result == "invalid" else operation["segment_id"],
    )


def undone_by(operation: Mapping[str, Any]) -> str | None:
    """Return the operation that an undo takes back."""
    fields = operation.get("fields") or {}
    return fields.get("op_id") if operation["kind"] == "undo" else None


def _judge(store: Store, operation: dict[str, Any], author: str) -> tuple[Result, str]:
    """Tell whether an operation stands, clashes with somebody else's, or cannot be taken."""
    if operation["kind"] == "undo":
        undone = store.revision_of(str(undone_by(operation)))
        own = undone is not None and undone.author == author
        return ("applied", "result_applied") if own else ("invalid", "nothing_to_undo")
    if operation["kind"] == "path":
        return "applied", "result_applied"
    if not _is_known(store, operation["segment_id"]):
        return "invalid", "unknown_segment"
    others = [r for r in standing(store, operation["segment_id"]) if r.author != author]
    if any(_clash(operation, r) for r in others):
        return "conflict", "result_conflict"
    return "applied", "result_applied"


def _is_known(store: Store, segment_id: str) -> bool:
    """Tell whether a segment lives, lived before an import took it away, or was just drawn."""
    return (
        store.feature("segments", segment_id) is not None
        or bool(store.lineage(segment_id))
        or any(one.body["kind"] == "path" for one in store.revisions(ENTITY, segment_id))
    )


def standing(store: Store, segment_id: str) -> list[Revision]:
    """Return the marks and the decision that stand at a segment, oldest first."""
    revisions = store.revisions(ENTITY, segment_id)
    undone = {undone_by(r.body) for r in revisions}
    marks = [
        r
        for r in revisions
        if r.body["kind"] == "mark" and r.body["result"] != "invalid" and r.op_id not in undone
    ]
    decision = standing_decision(store.revisions("decision", segment_id))
    return marks + ([decision] if decision is not None else [])


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


def _clash(operation: dict[str, Any], other: Revision) -> bool:
    """Tell whether both name one field with different values, unseen by the later one."""
    base = operation.get("base_version")
    if base is not None and base >= other.body["segment_version"]:
        return False
    mine = operation.get("fields") or {}
    theirs = other.body.get("fields") or {"path_class": other.body.get("path_class")}
    return any(
        mine.get(name) is not None and theirs.get(name) is not None and mine[name] != theirs[name]
        for name in COMPARED
    )
