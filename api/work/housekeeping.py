"""What is thrown away in time?

Once at the start and then every hour: old messages, pieces of photos that nobody went on sending,
photos that no mark ever named, old jobs, and addresses of senders. The area says how old.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import anyio
import anyio.to_thread

from api.work import jobs, messages, photos
from api.work.police import keep_up

if TYPE_CHECKING:
    from api.work.senders import Senders
    from gis.areas import Area
    from gis.store import Store

LOG: Final = logging.getLogger("gcvag.housekeeping")
EVERY_S: Final = 3600
PIECES_KEPT: Final = timedelta(days=14)


def tidy(store: Store, area: Area, now: datetime) -> None:
    """Throw away what is over its time."""
    messages.drop_old(store, now, area.settings["message_months"])
    jobs.drop_old(store, now)
    for item in store.items(photos.PART_SHELF):
        if now - item.at > PIECES_KEPT:
            store.drop_item(photos.PART_SHELF, item.key)
    kept = timedelta(days=area.settings["photo_orphan_days"])
    old = [item.key for item in store.items(photos.SHELF) if now - item.at > kept]
    for address in photos.without_mark(store, old):
        store.drop_item(photos.SHELF, address)


async def keep_tidy(store: Store, area: Area, senders: Senders) -> None:
    """Tidy now and every hour until cancelled; a fault is logged and tried again."""
    while True:
        senders.forget()
        try:
            await anyio.to_thread.run_sync(tidy, store, area, datetime.now(UTC))
        except Exception:
            LOG.exception("housekeeping")
        await anyio.sleep(EVERY_S)


async def keep_published(public: Store, police: Store, area: Area) -> None:
    """Publish police figures whose delay is over, now and every hour until cancelled."""
    while True:
        try:
            await anyio.to_thread.run_sync(keep_up, public, police, area, datetime.now(UTC))
        except Exception:
            LOG.exception("publishing")
        await anyio.sleep(EVERY_S)
