"""Who has read what the police keep, over HTTP and by command?

Reads are items of the police store, not part of its chained history: they are dropped when their
time is over. What was read is named by route or command, never by what it held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from gis.store import Store

ACCESS: Final = "access"
FORGOTTEN: Final = "borttagen"


def note_read(police: Store, author: str, what: str) -> None:
    """Remember who read what."""
    police.keep_item(ACCESS, uuid4().hex, b"", {"author": author, "route": what})


def reads(police: Store, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """List who read what, oldest first; `names` are those of people that log in."""
    known = {**names, **police.names()}
    return [
        {
            "at": item.at.isoformat(),
            "user": known.get(str(item.meta["author"]), FORGOTTEN),
            "route": item.meta["route"],
        }
        for item in police.items(ACCESS)
    ]


def drop_old_reads(police: Store, now: datetime, kept_for: timedelta) -> None:
    """Drop the reads that are over their time."""
    for item in police.items(ACCESS):
        if now - item.at > kept_for:
            police.drop_item(ACCESS, item.key)
