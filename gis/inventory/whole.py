"""How is every layer made anew, each as soon as it can be written?

What stands around the segments follows from the network alone: it is written while the segments
are still being settled. All layers are in the working CRS of the area.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from gis import layers
from gis.inventory import publish
from gis.inventory.derive import Inventory, derive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gis.inventory.engines import Engine
    from gis.inventory.partly import Now


@dataclass(slots=True, kw_only=True)
class Whole:
    """All layers of an inventory that is derived as a whole.

    Attributes
    ----------
    now
        What is known before anything is derived.
    engine
        Where the parts of the network are computed; None computes the whole here.
    step
        Told the name of each step as it begins.
    found
        What was derived, once `groups` have been given.
    """

    now: Now
    engine: Engine | None
    step: Callable[[str], None]
    found: Inventory | None = None

    def groups(self) -> Iterator[Mapping[str, gpd.GeoDataFrame]]:
        """Give the layers in groups; their names are those of ``publish.KEYS``."""
        now = self.now
        yield publish.Made(
            {
                **publish.public_network(now.built),
                **publish.working(now.built),
                "network_delivered": lambda: now.delivered,
                "districts": lambda: publish.districts(now.area),
                "observations": lambda: now.observations,
            }
        )
        found = self.found = self._derived()
        self.step("write")
        yield publish.Made({"findings": lambda: layers.conform(found.findings, "findings")})
        yield publish.Made({"segments": lambda: self._segments(found)})

    def _derived(self) -> Inventory:
        """Derive every segment and every finding."""
        now = self.now
        found = derive(now.built, now.seen, now.area, engine=self.engine, step=self.step)
        every = pd.concat([found.findings, now.orphans], ignore_index=True)
        return replace(found, findings=gpd.GeoDataFrame(every, crs=now.area.crs))

    def _segments(self, found: Inventory) -> gpd.GeoDataFrame:
        """Put what is gone after what lives."""
        living = publish.public_segments(found, self.now.seen, self.now.area)
        gone = self.now.retired
        return living if gone.empty else layers.conform(pd.concat([living, gone]), "segments")
