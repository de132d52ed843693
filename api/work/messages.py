"""What becomes of a resident's message about a segment?

It lies on the shelf, read by planners, and is dropped after as many months as the area says. The
history keeps that somebody answered or closed it, never its words.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from api.errors import Problem
from api.kinds import Kind
from gis.store import Entry

if TYPE_CHECKING:
    from api.auth.identity import Identity
    from gis.store import Store

SHELF: Final = "message"
ENTITY: Final = "message"
SEGMENTS: Final = "segments"
OPEN: Final = "open"
DAYS_A_MONTH: Final = 365 / 12


def leave(store: Store, segment_id: str, text: str) -> str:
    """Keep a message and return its id.

    Raises
    ------
    Problem
        ``not_found`` when there is no such segment.
    """
    if store.feature(SEGMENTS, segment_id) is None:
        raise Problem(Kind.NOT_FOUND)
    message_id = uuid.uuid4().hex
    body = {
        "segment_id": segment_id,
        "text": text,
        "state": OPEN,
        "received_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    store.keep_item(SHELF, message_id, b"", body)
    return message_id


def listed(store: Store) -> list[dict[str, Any]]:
    """List the messages that are kept, oldest first."""
    found = [{"id": item.key, **item.meta} for item in store.items(SHELF)]
    return sorted(found, key=lambda message: str(message["received_at"]))


def settle(store: Store, message_id: str, state: str, who: Identity) -> dict[str, Any]:
    """Say that a message is answered, closed or open again.

    Raises
    ------
    Problem
        ``not_found`` when there is no such message.
    """
    with store.transaction():
        item = store.item(SHELF, message_id)
        if item is None:
            raise Problem(Kind.NOT_FOUND)
        told = {**item.meta, "state": state}
        entry = Entry(
            entity=ENTITY,
            entity_id=message_id,
            op=state,
            body={"state": state},
            author=who.author,
        )
        store.append([entry])
        store.keep_item(SHELF, message_id, b"", told)
    return {"id": message_id, **told}


def drop_old(store: Store, now: datetime, months: int) -> int:
    """Drop messages older than some months and say how many there were."""
    kept_for = timedelta(days=months * DAYS_A_MONTH)
    old = [
        item.key
        for item in store.items(SHELF)
        if now - datetime.fromisoformat(item.meta["received_at"]) > kept_for
    ]
    return sum(store.drop_item(SHELF, key) for key in old)
