"""How is a decision taken back, and how is a finding accepted?

Both are appended to the history; nothing computed is edited. The segment's layers are brought up
to date in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from api.errors import Problem
from api.kinds import Kind
from api.ogc import pages, tags
from api.ogc.wire import CRS84
from gis import inventory, marks
from gis.store import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.auth.identity import Identity
    from gis.store import Revision, Store

SEGMENTS: Final = "segments"
FINDINGS: Final = "findings"
ACCEPTED: Final = "accepted"
UNDO: Final = "undo"


class Shown(NamedTuple):
    """A feature as it stands after a write (CRS84), and its strong tag."""

    feature: bytes
    tag: str


def take_back(store: Store, segment_id: str, version: int | None, who: Identity) -> dict[str, Any]:
    """Append that the last decision of a segment no longer stands.

    Parameters
    ----------
    store
        The public store; a transaction is open.
    segment_id
        Whose decision is taken back.
    version
        The version of the segment that the planner had before them; null is unknown.
    who
        The planner.

    Returns
    -------
    answer
        ``segment``, the feature as it stands now, and its ``etag``.

    Raises
    ------
    Problem
        ``not_found`` where no decision stands, ``stale`` where another version does.
    """
    stood = orjson.loads(pages.one(store, SEGMENTS, segment_id))["properties"]
    decision = marks.standing_decision(store.revisions("decision", segment_id))
    if decision is None:
        raise Problem(Kind.NOT_FOUND)
    if version not in (None, stood["version"]):
        raise Problem(Kind.STALE, version=stood["version"], differences=[])
    store.append([_undo(store, decision, who)])
    inventory.refresh(store, [segment_id])
    feature = pages.one(store, SEGMENTS, segment_id)
    return {"segment": orjson.loads(feature), "etag": tags.tag(tags.state(feature), CRS84)}


class Answer(NamedTuple):
    """What a planner says of a finding, and why."""

    state: str
    reason: str


def answer(
    store: Store, finding_id: str, told: Answer, *, if_match: str | None, who: Identity
) -> Shown:
    """Append that a finding is right as it is, or open again, with the evidence of that time.

    Parameters
    ----------
    store
        The public store.
    finding_id
        The finding; it stays accepted as long as its evidence stands.
    told
        ``accepted`` or ``open``, and why in the planner's words.
    if_match
        The tag of the finding the planner had before them.
    who
        The planner.

    Raises
    ------
    Problem
        ``not_found``, ``match_needed``, ``bad_match`` or ``stale``.
    """
    with store.transaction():
        feature = pages.one(store, FINDINGS, finding_id)
        tags.demand_match(if_match, tags.state(feature), _difference(feature))
        row = store.layer(FINDINGS, ids=[finding_id])
        segment_id = orjson.loads(feature)["properties"]["segment_id"]
        body = {
            "state": told.state,
            "reason": told.reason,
            "evidence": str(row["evidence"].iloc[0]),
            "segment_id": segment_id,
        }
        op = "accept" if told.state == ACCEPTED else "reopen"
        entry = Entry(entity="answer", entity_id=finding_id, op=op, body=body, author=who.author)
        store.append([entry])
        if segment_id is None:
            store.update_layers({FINDINGS: row.assign(state=told.state)})
        else:
            inventory.refresh(store, [segment_id])
        after = pages.one(store, FINDINGS, finding_id)
        return Shown(after, tags.tag(tags.state(after), CRS84))


def _undo(store: Store, decision: Revision, who: Identity) -> Entry:
    """Write the entry that takes a decision back; it names the class that was decided."""
    body = {
        "path_class": decision.body["path_class"],
        "undoes": decision.version,
        "segment_version": marks.version(store, decision.entity_id) + 1,
    }
    return Entry(
        entity="decision", entity_id=decision.entity_id, op=UNDO, body=body, author=who.author
    )


def _difference(feature: bytes) -> Mapping[str, Any]:
    """Say in which state a finding is, to somebody who read another."""
    state = orjson.loads(feature)["properties"]["state"]
    return {"version": 0, "differences": [{"field": "state", "current": state}]}
