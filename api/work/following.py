"""What is brought up to date behind an answer, and who waits for it?

A mark is answered when it is kept and its own segment shows it. The class, the findings and the
neighbours follow here: marks that come close together are made up for in one piece. What waits is
known from the store, so that another process, or the next start after a crash, goes on with it.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final, TypeVar

import anyio
import anyio.to_thread

from gis import inventory

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.inventory.behind import Pending
    from gis.store import Store

T = TypeVar("T")
LOG: Final = logging.getLogger("gcvag.following")
PAUSE_S: Final = 0.3
"""After such a pause without a further mark those that wait are made up for."""
LOOK_S: Final = 0.03
"""How often somebody who waits looks whether it is done; another process may do it."""
MOST_S: Final = 3.0
"""Marks that never pause are made up for after so long."""
PATIENCE_S: Final = 10.0
"""Nobody waits longer than this for what others said."""


class Follower:
    """Makes up for marks behind their answers, and lets readers wait for it."""

    def __init__(self) -> None:
        self._hurried = anyio.Event()

    async def follow(self, store: Store) -> None:
        """Go on until cancelled; a fault is logged and tried again."""
        await anyio.to_thread.run_sync(inventory.begin, store)
        last, began = 0, time.monotonic()
        while True:
            with anyio.move_on_after(PAUSE_S):
                await self._hurried.wait()
            hurried, self._hurried = self._hurried.is_set(), anyio.Event()
            waiting = await anyio.to_thread.run_sync(inventory.pending, store)
            paused = waiting.until == last or time.monotonic() - began > MOST_S
            last = waiting.until
            if waiting.number and (paused or hurried):
                await _catch_up(store)
            if not waiting.number or paused or hurried:
                began = time.monotonic()

    async def caught_up(self, store: Store) -> None:
        """Wait until what was said so far is in the layers."""
        await self._until(store, await anyio.to_thread.run_sync(inventory.pending, store))

    async def read(self, store: Store, segment_id: str | None, answer: Callable[[], T]) -> T:
        """Answer in the pool, once what was said so far is in the layers: of a segment, or all."""

        def look() -> tuple[Pending, T | None]:
            asked = inventory.pending(store)
            waits = asked.number if segment_id is None else segment_id in asked.segment_ids
            return asked, None if waits else answer()

        asked, told = await anyio.to_thread.run_sync(look)
        if told is not None:
            return told
        await self._until(store, asked)
        return await anyio.to_thread.run_sync(answer)

    async def _until(self, store: Store, asked: Pending) -> None:
        with anyio.move_on_after(PATIENCE_S):
            waiting = asked
            while waiting.number and waiting.since < asked.until:
                self._hurried.set()
                await anyio.sleep(LOOK_S)
                waiting = await anyio.to_thread.run_sync(inventory.pending, store)


async def _catch_up(store: Store) -> None:
    try:
        await anyio.to_thread.run_sync(inventory.catch_up, store)
    except Exception:
        LOG.exception("following")
        await anyio.sleep(1)


def behind(store: Store | None) -> int:
    """Count what was said that the layers do not show in full yet."""
    return 0 if store is None else inventory.pending(store).number
