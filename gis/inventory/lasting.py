"""Which ids do the segments of a new network keep, and which segments are gone?

A segment keeps its id as long as its ground is there. What is gone stays in the layer as retired,
with the time it went; what became of it stands in the lineage.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from gis import layers, marks, network
from gis.errors import LayerError
from gis.store.base import Lineage

if TYPE_CHECKING:
    from gis.areas import Area
    from gis.network import Network
    from gis.store import Store

RELATIONS: Final = {"moved": "moved", "split": "split", "merged": "merged", "retired": "dropped"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """A network as sources gave it, with lasting ids, and the segments as they were last shown."""

    network: Network
    shown: gpd.GeoDataFrame
    now: pd.Timestamp

    def retired(self, living: pd.Series[str]) -> gpd.GeoDataFrame:
        """Return the rows of the layer ``segments`` that are gone, now or before."""
        gone = self.shown[~self.shown["segment_id"].isin(living)]
        went = gone["valid_to"].fillna(self.now)
        return layers.conform(gone.assign(status="retired", valid_to=went), "segments")


def lasting(store: Store, built: Network, edits: marks.Edits, area: Area) -> Lasting:
    """Give a network the ids that its segments had before.

    Parameters
    ----------
    store
        With the network of the last update, if there was one.
    built
        The new network, its ids freshly minted.
    edits
        What people did to lines: ids go by what sources gave, not by what people made of it.
    area
        Its working CRS.

    Returns
    -------
    lasting
        The same with lasting ids and the column ``first_seen`` (UTC).
    """
    deliveries = store.deliveries()
    now = pd.Timestamp((deliveries[-1].at if deliveries else None) or datetime.now(UTC)).floor("ms")
    shown = _shown(store)
    if shown is None:
        fresh = replace(built, segments=built.segments.assign(first_seen=now))
        return Lasting(network=fresh, shown=layers.empty("segments", area.crs), now=now)
    held = "network" in store.layer_names()
    last = store.layer("network") if held else _of_then(shown, built.segments)
    old = marks.as_delivered(store, last, edits)
    kept = network.keep_ids(built.segments, old)
    times = pd.to_datetime(old.set_index("segment_id")["first_seen"], utc=True)
    since = times.reindex(kept.segments["segment_id"]).set_axis(kept.segments.index)
    named = kept.segments.assign(first_seen=since.fillna(now))
    if deliveries:
        store.keep_lineage(_lineage(kept.lineage, deliveries[-1].delivery_id))
    return Lasting(network=replace(built, segments=named), shown=shown, now=now)


def with_before(changed: gpd.GeoDataFrame, before: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put rows as they were beside rows as they are: both grounds must be looked at anew."""
    if before.empty:
        return changed
    lines = pd.concat([changed[["geometry"]], before[["geometry"]]], ignore_index=True)
    return gpd.GeoDataFrame(lines, geometry="geometry", crs=changed.crs)


def _lineage(frame: pd.DataFrame, delivery_id: str) -> list[Lineage]:
    """Write down what did not simply go on."""
    told = frame[frame["relation"].isin(RELATIONS) & frame["previous_id"].notna()]
    rows = told[["previous_id", "segment_id", "relation"]].fillna("").to_dict("records")
    return [
        Lineage(
            old_id=row["previous_id"],
            new_id=row["segment_id"],
            relation=RELATIONS[row["relation"]],
            delivery_id=delivery_id,
        )
        for row in rows
    ]


def _shown(store: Store) -> gpd.GeoDataFrame | None:
    """Read the segments as last shown; a restored store remembers them without its layers."""
    if "network" in store.layer_names():
        return store.layer("segments")
    with suppress(LayerError):
        return store.layer("segments", as_of=datetime.now(UTC))
    return None


def _of_then(shown: gpd.GeoDataFrame, built: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Say of the segments as last shown what the network of then said of them."""
    alive = shown[shown["status"].ne("retired")]
    source = alive["source_ids"].str[0].astype("str")
    sided = built.drop_duplicates(["source_id", "side"]).set_index(["source_id", "side"])
    places = pd.MultiIndex.from_arrays([source, alive["side"]])
    return alive.assign(
        source_id=source,
        side_tag=sided["side_tag"].reindex(places).to_numpy(),
        first_seen=alive["valid_from"],
    )
