"""How is an inventory brought up to date in a process of its own?

A server keeps answering meanwhile; what the process may take is limited.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from gis.inventory.refresh import is_current, update
from gis.jail import GIB, Limits
from gis.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gis.jail import Apart

TASK: Final = "gis.inventory.apart:update_store"
STEPS: Final = ("read", "network", "signs", "classify", "checks", "status", "write")
LIMITS: Final = Limits(memory=16 * GIB, cpu_s=3600, wall_s=3600, file=64 * GIB, network=True)


def update_apart(apart: Apart, location: str, heard: Callable[[str], None]) -> dict[str, Any]:
    """Bring a store up to date in a process of its own, told each step; its figures."""
    return apart.run(TASK, {"location": location}, heard)


def update_store(order: Mapping[str, Any], tell: Callable[[str], None]) -> dict[str, Any]:
    """Bring a store up to date here, inside the limits; nothing when it is."""
    with closing(open_store(order["location"])) as store:
        return {} if is_current(store) else dict(update(store, step=tell).figures())
