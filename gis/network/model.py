"""What is the network that evidence is hung on?

All layers are in the area's working CRS, in metres. Nothing here computes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


class Place(Protocol):
    """What the network must know of an area: its working CRS and in which languages it names."""

    @property
    def crs(self) -> int:
        """EPSG code of a projected system in metres."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Language codes, the first one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Segments, streets and what lies around them; row order depends on content alone.

    Attributes
    ----------
    segments
        Lines: ``segment_id``, ``kind`` (path, lane, street, crossing), ``side`` (none, left,
        right; of the way's own direction), ``side_tag`` (sidewalk, cycleway or null),
        ``side_value``, ``source_id``, ``part`` (order along the way), ``name``, ``length_m``,
        ``from_node``, ``to_node``, one column per key kept for segments, ``edited_at``,
        ``in_park``, ``near_houses`` (25 m), ``near_school`` (300 m), ``bicycle_route``. At a side,
        columns that ``osm_tags.csv`` calls its own hold what the street says there, else null.
    streets
        Lines cut at junctions: ``street_id``, ``source_id``, ``part``, ``name``, ``length_m``,
        ``maxspeed_kmh``, ``from_node``, ``to_node``, one column per key kept for segments,
        ``edited_at``.
    crossings
        Points: ``crossing_id``, ``source_id``, ``node_id``, ``crossing``, ``crossing_class``,
        ``signalised``, ``tags``.
    signs
        Points: ``sign_id``, ``source_id``, ``node_id``, ``raw``, ``direction``, ``segment_id``
        (null: not placed yet).
    barriers
        Points: ``source_id``, ``node_id``, ``barrier``, ``tags``.
    places
        Points: ``place_id``, ``source_id``, ``kind``, ``name``; schools with grounds by a point
        inside.
    areas
        As in the reading.
    routes
        As in the reading.
    """

    segments: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    crossings: gpd.GeoDataFrame
    signs: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    routes: pd.DataFrame
