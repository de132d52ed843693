"""What does a delivery say, before anything is cut or judged?

Positions are longitude and latitude in WGS84 (EPSG:4326). A ``Reading`` is what every reader
gives and what a store keeps beside the raw file. Nothing here reads a format.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from io import BytesIO
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import shapely

from gis.crs import WGS84
from gis.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

GEOMETRIC: Final = frozenset({"nodes", "areas"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One delivery as it stands, row order by id and independent of the file's order.

    Attributes
    ----------
    ways
        ``source_id``, ``role`` (path, street), one text column per key of ``TAG_KEYS`` (null when
        absent), ``other_tags`` (JSON), ``edited_at`` (UTC, nullable), ``first`` and ``last``: the
        way's rows ``[first, last)`` in `vertices`, at least two.
    vertices
        ``node_id``, ``lon``, ``lat`` in way order, ``after_gap``: true where nodes before this
        one are missing, so that no line may be drawn to it.
    nodes
        Points: ``source_id``, ``node_id``, ``role`` (sign, crossing, barrier, school, place),
        ``kind`` (value of the tag that gave the role), ``name``, ``tags`` (JSON) and the columns
        of ``NODE_KEYS``. One row for each role of a node.
    areas
        Polygons: ``source_id``, ``role`` (building, water, green, school, square), ``kind``,
        ``park`` (bool), ``name``.
    routes
        ``source_id``, ``member_id``, ``route``, ``name``, ``network``.
    faults
        ``feature``, ``fault``, ``message_sv``, ``message_en``: what was wrong and how it was read.
    """

    ways: pd.DataFrame
    vertices: pd.DataFrame
    nodes: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    routes: pd.DataFrame
    faults: pd.DataFrame


def to_parquet_blobs(reading: Reading) -> dict[str, bytes]:
    """Write each frame of a reading as one Parquet file (zstd, geometries as WKB).

    Returns
    -------
    blobs
        Frame name to file content.
    """
    blobs = {}
    for part in fields(reading):
        stream = BytesIO()
        frame = getattr(reading, part.name)
        plain = frame.to_wkb() if part.name in GEOMETRIC else frame
        plain.to_parquet(stream, index=False, compression="zstd")
        blobs[part.name] = stream.getvalue()
    return blobs


def from_parquet_blobs(blobs: Mapping[str, bytes]) -> Reading:
    """Read back what ``to_parquet_blobs`` wrote.

    Raises
    ------
    SourceError
        If a frame is missing.
    """
    missing = [part.name for part in fields(Reading) if part.name not in blobs]
    if missing:
        msg = f"kept delivery: the frame {missing[0]!r} is missing; import the file again"
        raise SourceError(msg)
    frames = {part.name: pd.read_parquet(BytesIO(blobs[part.name])) for part in fields(Reading)}
    return Reading(
        ways=frames["ways"],
        vertices=frames["vertices"],
        nodes=_shaped(frames["nodes"]),
        areas=_shaped(frames["areas"]),
        routes=frames["routes"],
        faults=frames["faults"],
    )


def _shaped(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """Turn the WKB of a kept frame back into geometries."""
    shapes = shapely.from_wkb(frame["geometry"].to_numpy(dtype=object))
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=WGS84)
