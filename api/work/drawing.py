"""Who reads large layers for drawing before a visitor waits for them?

One thread of the server, at its start and whenever such a layer has changed.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import anyio
import anyio.to_thread

if TYPE_CHECKING:
    from api.ogc.tiles import Tiles
    from gis.areas import Area
    from gis.store import Store

LOG: Final = logging.getLogger("gcvag.drawing")
EVERY_S: Final = 10


async def keep_drawn(tiles: Tiles, store: Store, area: Area) -> None:
    """Keep plates and overviews up until cancelled; a fault is logged and tried again."""
    while True:
        try:
            await anyio.to_thread.run_sync(tiles.prepare, store, area.crs)
        except Exception:
            LOG.exception("drawing")
        await anyio.sleep(EVERY_S)
