"""Which observations and decisions stand, as frames?

Every row is a revision of the store; nothing here changes anything. Times are UTC.
A refused operation is kept in the history but stands in none of these frames.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gis.marks.standing import standing_decision, undone_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from gis.store import Revision, Store

STANDING: Final = ("applied", "conflict")
OBSERVATION_COLUMNS: Final = (
    "observation_id", "segment_id", "sent_segment_id", "kind", "fields", "observed_at",
    "received_at", "author", "accuracy_m", "photo", "lon", "lat", "result", "version",
)  # fmt: skip
DECISION_COLUMNS: Final = (
    "decision_id", "segment_id", "path_class", "reason", "author", "decided_at", "basis_hash",
    "said",
)  # fmt: skip


def observations(
    store: Store, among: Collection[str] | None = None, *, as_of: datetime | None = None
) -> pd.DataFrame:
    """Read what people saw, first seen first; an operation that was taken back is left out.

    Parameters
    ----------
    store
        Any store of an inventory.
    among
        Only what was sent for these segments; null reads everything.
    as_of
        Only what was recorded by then; null reads everything.

    Returns
    -------
    observations
        One row a mark or visit with ``OBSERVATION_COLUMNS``; `fields` is an object as sent,
        `lon` and `lat` are WGS84 and null without a fix, `author` is the opaque id.
    """
    revisions = store.revisions("observation", among, as_of=as_of)
    undone = {undone_by(r.body) for r in revisions if r.body["result"] == "applied"}
    rows = [
        _observation(r)
        for r in revisions
        if r.body["result"] in STANDING and r.body["kind"] != "undo" and r.op_id not in undone
    ]
    frame = _timed(rows, OBSERVATION_COLUMNS, ("observed_at", "received_at"))
    # By the time it was seen, as phones send late and in any order; then by arrival.
    return frame.sort_values("observed_at", kind="stable", ignore_index=True)


def decisions(
    store: Store, among: Collection[str] | None = None, *, as_of: datetime | None = None
) -> pd.DataFrame:
    """Read what planners settled, the newest decision of each segment, or of some segments.

    Returns
    -------
    decisions
        One row a decided segment with ``DECISION_COLUMNS``; a decision that was taken back
        leaves the one before it standing, or no row. `basis_hash` is
        the digest of the evidence it was taken on, `said` what that was (null in older ones).
    """
    rows = [
        {
            "decision_id": f"{r.entity_id}:{r.version}",
            "segment_id": r.entity_id,
            "path_class": r.body["path_class"],
            "reason": r.body.get("reason"),
            "author": r.author,
            "decided_at": r.at,
            "basis_hash": r.body.get("basis_hash"),
            "said": r.body.get("said"),
        }
        for r in map(
            standing_decision, _by_segment(store.revisions("decision", among, as_of=as_of))
        )
        if r is not None
    ]
    return _timed(rows, DECISION_COLUMNS, ("decided_at",))


def versions(
    store: Store, among: Collection[str] | None = None, *, as_of: datetime | None = None
) -> pd.Series[int]:
    """Count the accepted changes of each changed segment, plus one; others stand at 1."""
    changed = [
        r.entity_id
        for r in store.revisions("observation", among, as_of=as_of)
        if r.body["result"] == "applied"
    ]
    changed += [r.entity_id for r in store.revisions("decision", among, as_of=as_of)]
    return pd.Series(changed, dtype="object").value_counts() + 1


def _by_segment(revisions: Iterable[Revision]) -> list[list[Revision]]:
    """Put the revisions of each segment together, in order."""
    segments: dict[str, list[Revision]] = {}
    for revision in revisions:
        segments.setdefault(revision.entity_id, []).append(revision)
    return list(segments.values())


def _observation(revision: Revision) -> dict[str, Any]:
    """Lay one revision out as a row."""
    body = revision.body
    fix = body.get("fix") or {}
    return {
        "observation_id": revision.op_id,
        "segment_id": body["segment_id"],
        "sent_segment_id": body["segment_id"],
        "kind": body["kind"],
        "fields": body.get("fields") or {},
        "observed_at": body.get("observed_at") or revision.at,
        "received_at": revision.at,
        "author": revision.author,
        "accuracy_m": fix.get("accuracy_m"),
        "photo": body.get("photo_sha256"),
        "lon": fix.get("lon"),
        "lat": fix.get("lat"),
        "result": body["result"],
        "version": body["segment_version"],
    }


def _timed(
    rows: Iterable[dict[str, Any]], columns: tuple[str, ...], times: tuple[str, ...]
) -> pd.DataFrame:
    """Make a frame whose named columns are times in UTC."""
    frame = pd.DataFrame(list(rows), columns=list(columns))
    for column in times:
        frame[column] = pd.to_datetime(frame[column], utc=True, format="ISO8601").astype(
            "datetime64[us, UTC]"
        )
    return frame
