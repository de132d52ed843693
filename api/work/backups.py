"""Who writes the backups of a store that is served?

The server itself: a minute after it began, then every quarter of an hour, where there is something
new to keep. A fault is logged and tried again.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import anyio
import anyio.to_thread

from gis.store.schedule import EVERY, back_up_beside

if TYPE_CHECKING:
    from gis.store import Store

LOG: Final = logging.getLogger("gcvag.backups")
FIRST_S: Final = 60


async def keep_backed_up(store: Store) -> None:
    """Back up until cancelled."""
    await anyio.sleep(FIRST_S)
    while True:
        try:
            await anyio.to_thread.run_sync(back_up_beside, store)
        except Exception:
            LOG.exception("backup")
        await anyio.sleep(EVERY.total_seconds())
