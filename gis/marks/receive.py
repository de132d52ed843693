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

from gis.marks import lines
from gis.marks.shape import fault
from gis.marks.standing import ENTITY, standing, undone_by, version
from gis.store import Entry
from gis.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gis.store import Revision, Store
    from gis.words import Language

Result = Literal["applied", "duplicate", "conflict", "invalid"]
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
        desk = _Desk(store, author, now, lang)
        return [desk.take(operation) for operation in operations]


def digest(operation: object) -> str:
    """Return the SHA-256 of an operation's content, whatever the order of its keys."""
    text = json.dumps(operation, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class _Desk:
    """Where the operations of one batch are taken, one after the other."""

    def __init__(self, store: Store, author: str, now: datetime, lang: Language) -> None:
        self._store, self._author, self._now, self._lang = store, author, now, lang
        self._redrawn: set[str] = set()

    def take(self, operation: object) -> Received:
        """Judge one operation."""
        wrong = fault(operation)
        if wrong is not None or not isinstance(operation, dict):
            return self._refuse(operation, wrong or "not_object")
        known = self._store.revision_of(operation["op_id"])
        return self._keep(operation) if known is None else self._again(known, operation)

    def _refuse(self, operation: object, key: str) -> Received:
        """Keep what cannot be understood apart, once, and say why."""
        content = digest(operation)
        if self._store.latest(REFUSED, content) is None:
            body = {"operation": operation, "reason": key}
            entry = Entry(entity=REFUSED, entity_id=content, body=body, author=self._author)
            self._store.append([entry])
        op_id = operation.get("op_id") if isinstance(operation, dict) else None
        return Received(
            op_id=op_id if isinstance(op_id, str) else None,
            result="invalid",
            reason=say("marks", key, self._lang),
        )

    def _again(self, known: Revision, operation: dict[str, Any]) -> Received:
        """Answer an operation whose id was seen before."""
        if known.op_hash != digest(operation):
            return self._refuse(operation, "other_content")
        first = say("marks", f"result_{known.body['result']}", self._lang)
        return Received(
            op_id=operation["op_id"],
            result="duplicate",
            reason=say("marks", "duplicate", self._lang, first=first),
            segment_id=operation["segment_id"],
        )

    def _keep(self, operation: dict[str, Any]) -> Received:
        """Keep a new operation and say whether it stands."""
        segment_id, kind = operation["segment_id"], operation["kind"]
        if kind in lines.KINDS:
            lines.bring_up(self._store, self._redrawn)
            self._redrawn.clear()
        result, key = _judge(self._store, operation, self._author)
        self._store.append([self._entry(operation, result, key)])
        if kind in lines.LINES:
            self._redrawn.add(segment_id)
        return Received(
            op_id=operation["op_id"],
            result=result,
            reason=say("marks", key, self._lang),
            segment_id=None if result == "invalid" else segment_id,
        )

    def _entry(self, operation: dict[str, Any], result: Result, key: str) -> Entry:
        """Lay an operation out as it is kept: word for word, and what became of it."""
        segment_id = operation["segment_id"]
        redraws = operation["kind"] in lines.REDRAWS
        more = {"before": lines.line_before(self._store, operation)} if redraws else {}
        body = {
            **operation,
            **more,
            "result": result,
            "reason": key,
            "received_at": self._now.isoformat(),
            "segment_version": version(self._store, segment_id) + (result == "applied"),
        }
        return Entry(
            entity=ENTITY,
            entity_id=segment_id,
            op=operation["kind"],
            body=body,
            author=self._author,
            source="offline",
            base_version=operation.get("base_version"),
            op_id=operation["op_id"],
            op_hash=digest(operation),
        )


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
    if operation["kind"] in lines.KINDS:
        return _judge_line(store, operation, author)
    others = [r for r in standing(store, operation["segment_id"]) if r.author != author]
    if any(_clash(operation, r) for r in others):
        return "conflict", "result_conflict"
    return "applied", "result_applied"


def _judge_line(store: Store, operation: dict[str, Any], author: str) -> tuple[Result, str]:
    """Tell whether a segment can be moved or joined, and whether somebody else changed its line."""
    wrong = lines.refused(store, operation)
    if wrong is not None:
        return "invalid", wrong
    if lines.clashes(store, operation, author):
        return "conflict", "line_conflict"
    return "applied", "result_applied"


def _is_known(store: Store, segment_id: str) -> bool:
    """Tell whether a segment lives, lived before an import took it away, or was just drawn."""
    return (
        store.feature("segments", segment_id) is not None
        or bool(store.lineage(segment_id))
        or any(one.body["kind"] == "path" for one in store.revisions(ENTITY, segment_id))
    )


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
