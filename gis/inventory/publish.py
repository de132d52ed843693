"""Which layers of the inventory does everybody see, and which are kept to work on?

Public layers have the columns of their contracts. ``network`` and ``network_*`` are working
layers: the network with every tag, from which a small update starts; ``areas`` is the background
of maps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import shapely

from gis import crs, layers
from gis.network import Network
from gis.sources.packing import packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from gis.areas import Area
    from gis.inventory.derive import Inventory, Seen

KEYS: Final = {
    "segments": "segment_id",
    "findings": "finding_id",
    "observations": "observation_id",
    "places": "place_id",
    "crossings": "crossing_id",
    "signs": "sign_id",
    "streets": "street_id",
    "districts": "district_id",
    "network": "segment_id",
    "areas": "area_id",
    "network_barriers": "barrier_id",
    "network_streets": "street_id",
    "network_crossings": "crossing_id",
    "network_signs": "sign_id",
    "network_places": "place_id",
    "network_delivered": "segment_id",
}
CHECKED: Final = (
    "segments", "findings", "observations", "places", "crossings", "signs", "streets", "districts",
)  # fmt: skip
TICK: Final = "ms"
"""Times in public layers: desktop GIS warns of finer ones."""
GONE: Final = "borttagen"
"""What stands for the name of a person who was forgotten."""
INDEXES: Final = {
    "findings": ("segment_id", "check_id"),
    "signs": ("segment_id",),
    "observations": ("segment_id",),
    "segments": ("path_class", "status"),
}


class Made(Mapping[str, gpd.GeoDataFrame]):
    """Layers that are made when they are asked for, those with a contract checked against it.

    Writing them one after the other holds one of them at a time, not all.
    """

    def __init__(self, makers: Mapping[str, Callable[[], gpd.GeoDataFrame]]) -> None:
        self._makers = makers

    def __getitem__(self, name: str) -> gpd.GeoDataFrame:
        """Make a layer."""
        frame = self._makers[name]()
        if name in CHECKED:
            layers.check(frame, name)
        return frame

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the layers."""
        return iter(self._makers)

    def __len__(self) -> int:
        """Count the layers."""
        return len(self._makers)


def public_segments(found: Inventory, seen: Seen, area: Area) -> gpd.GeoDataFrame:
    """Lay settled segments out by their contract.

    Parameters
    ----------
    found
        The inventory.
    seen
        Its versions and times of changes.
    area
        Its districts.

    Returns
    -------
    segments
        The columns of the layer ``segments``.
    """
    rows = found.segments
    ids = rows["segment_id"]
    placed = districts(area)
    valid_from = pd.concat([rows["first_seen"], _changed(ids, seen)], axis=1).max(axis=1)
    public = rows.assign(
        version=ids.map(seen.versions).fillna(1).astype("int64"),
        valid_from=valid_from.dt.floor(TICK),
        valid_to=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us, UTC]"),
        signs=(rows["sign"] + rows["sign_end"]).map(_listed),
        district=_district(rows, placed),
        inspected_at=rows["inspected_at"].dt.floor(TICK),
        decided_at=rows["decided_at"].dt.floor(TICK),
    )
    return layers.conform(public, "segments")


def working(found: Network) -> dict[str, Callable[[], gpd.GeoDataFrame]]:
    """Lay a network out as layers to work on; tags that are there stand together in ``said``."""
    return {
        "network": lambda: packed(found.segments),
        "network_streets": lambda: packed(found.streets),
        "network_crossings": lambda: found.crossings,
        "network_signs": lambda: found.signs,
        "network_places": lambda: found.places,
        "network_barriers": lambda: _named(found.barriers, "barrier_id", ["source_id"]),
        "areas": lambda: _named(found.areas, "area_id", ["source_id", "role"]),
    }


def network_of(parts: Mapping[str, gpd.GeoDataFrame]) -> Network:
    """Read a network back from its working layers; bicycle routes are marked on segments."""
    return Network(
        segments=unpacked(parts["network"]),
        streets=unpacked(parts["network_streets"]),
        crossings=parts["network_crossings"],
        signs=parts["network_signs"],
        places=parts["network_places"],
        barriers=parts["network_barriers"],
        areas=parts["areas"],
        routes=pd.DataFrame(),
    )


def _named(rows: gpd.GeoDataFrame, key: str, told: list[str]) -> gpd.GeoDataFrame:
    """Give ids to rows that have none of their own: the same ids whatever stands beside them."""
    names = rows[told[0]].astype("str").fillna("")
    for other in told[1:]:
        names = names + " " + rows[other].astype("str").fillna("")
    again = names.groupby(names).cumcount().astype("str")
    return rows.assign(**{key: names.where(again.eq("0"), names + " " + again)})


def public_network(found: Network) -> dict[str, Callable[[], gpd.GeoDataFrame]]:
    """Lay what stands around the segments out by contract."""
    return {
        "streets": lambda: layers.conform(found.streets, "streets"),
        "crossings": lambda: layers.conform(found.crossings, "crossings"),
        "signs": lambda: layers.conform(found.signs, "signs"),
        "places": lambda: layers.conform(found.places, "places"),
    }


def districts(area: Area) -> gpd.GeoDataFrame:
    """Return the districts of the area profile in its working CRS."""
    frame = gpd.GeoDataFrame(
        {
            "district_id": pd.Series([d["district_id"] for d in area.districts], dtype="str"),
            "name": pd.Series([d["name"] for d in area.districts], dtype="str"),
        },
        geometry=[shapely.Polygon(d["ring"]) for d in area.districts],
        crs=crs.WGS84,
    )
    return layers.conform(crs.to_working(frame, area.crs), "districts")


def public_observations(seen: Seen, names: dict[str, str], area: Area) -> gpd.GeoDataFrame:
    """Lay observations out by their contract; the author is a name, or "borttagen"."""
    rows = seen.observations
    points = gpd.GeoSeries.from_xy(
        rows["lon"].astype("float64"), rows["lat"].astype("float64"), crs=crs.WGS84
    )
    points = points.where(rows["lon"].notna(), None)
    frame = gpd.GeoDataFrame(
        rows.assign(
            author=[names.get(author, GONE) for author in rows["author"]],
            observed_at=rows["observed_at"].dt.floor(TICK),
            received_at=rows["received_at"].dt.floor(TICK),
        ),
        geometry=points,
    )
    return layers.conform(crs.to_working(frame, area.crs), "observations")


def _listed(codes: list[str]) -> list[str]:
    """Return codes once each, in order."""
    return sorted(set(codes))


def _changed(ids: pd.Series[str], seen: Seen) -> pd.Series[datetime]:
    """Return when each segment was last changed by a person; null when never."""
    marked = seen.observations[["segment_id", "received_at"]]
    decided = seen.decisions[["segment_id", "decided_at"]]
    times = [marked.set_axis(["id", "at"], axis=1), decided.set_axis(["id", "at"], axis=1)]
    latest = pd.concat(times).groupby("id")["at"].max()
    return latest.reindex(ids).set_axis(ids.index)


def _district(rows: gpd.GeoDataFrame, placed: gpd.GeoDataFrame) -> pd.Series[str]:
    """Return the district in which each segment's middle lies; null outside all."""
    middles = gpd.GeoDataFrame(geometry=rows.geometry.interpolate(0.5, normalized=True))
    inside = middles.sjoin(placed[["name", "geometry"]], predicate="within", how="left")
    return inside["name"].groupby(level=0).first().reindex(rows.index)
