"""How are a reading's ways drawn as pieces in the working CRS?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis import crs
from gis.network import ids
from gis.network.cut import Pieces, cut, lines
from gis.network.frames import repeat_columns
from gis.network.names import shown_name
from gis.network.speed import speed_kmh
from gis.sources.flat import ranges
from gis.sources.tables import tag_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gis.network.model import Place
    from gis.sources.reading import Reading

    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Ways in order of id, their pieces, and of each piece its line, ends and canonical shape."""

    ways: pd.DataFrame
    pieces: Pieces
    lines: Shapes
    from_node: Ints
    to_node: Ints
    shapes: list[bytes]
    reads: list[str]
    crs: int
    languages: tuple[str, ...]


def draw(reading: Reading, area: Place) -> Sheet:
    """Cut the ways of a reading and draw the pieces; a piece without length is left out."""
    length = reading.ways["source_id"].str.len()
    ways = (
        reading.ways.assign(_length=length)
        .sort_values(["_length", "source_id"], ignore_index=True)
        .drop(columns="_length")
    )
    first, last = ways["first"].to_numpy(), ways["last"].to_numpy()
    vertices = reading.vertices.iloc[ranges(first, last)]
    lon, lat = vertices["lon"].to_numpy(), vertices["lat"].to_numpy()
    x, y = crs.project(lon, lat, source=crs.WGS84, target=area.crs)
    node = vertices["node_id"].to_numpy(dtype=np.int64)
    way = np.repeat(np.arange(len(ways)), last - first)
    pieces = cut(way, node, vertices["after_gap"].to_numpy(dtype=bool))
    drawn = lines(pieces, x, y)
    long = shapely.length(drawn) > 0
    pieces, drawn = pieces.take(long), drawn[long]
    shapes, reads = ids.shapes(pieces, lon, lat)
    return Sheet(
        ways=ways,
        pieces=pieces,
        lines=drawn,
        from_node=node[pieces.first],
        to_node=node[pieces.last],
        shapes=shapes,
        reads=reads,
        crs=area.crs,
        languages=area.languages,
    )


def common_columns(sheet: Sheet, piece: Ints) -> dict[str, Any]:
    """Return the columns that segments and streets share, for some pieces."""
    rows = sheet.pieces.way[piece]
    ways = sheet.ways
    name = shown_name(ways, sheet.languages)
    return {
        "source_id": ways["source_id"].array.take(rows),
        "part": sheet.pieces.part[piece],
        "name": name.array.take(rows),
        "from_node": sheet.from_node[piece],
        "to_node": sheet.to_node[piece],
        **repeat_columns(ways, tag_table().segment_keys, rows),
        "edited_at": ways["edited_at"].array.take(rows),
    }


def ids_of(sheet: Sheet, piece: Ints, side: Sequence[str], tag: Sequence[str]) -> list[str]:
    """Mint an id for each piece (and its side)."""
    at = piece.tolist()
    source = sheet.ways["source_id"].to_numpy(dtype=object)[sheet.pieces.way[piece]]
    return ids.mint_all(
        list(zip(source.tolist(), side, tag, strict=True)),
        [sheet.shapes[i] for i in at],
        [sheet.reads[i] for i in at],
    )


def streets(sheet: Sheet) -> gpd.GeoDataFrame:
    """Return all streets, cut at junctions."""
    is_street = sheet.ways["role"].eq("street").to_numpy(dtype=bool)
    piece = np.flatnonzero(is_street[sheet.pieces.way])
    columns = common_columns(sheet, piece)
    none = ["none"] * len(piece)
    minted = ids_of(sheet, piece, none, [""] * len(piece))
    frame = pd.DataFrame(
        {
            "street_id": pd.array([f"r{one[1:]}" for one in minted], dtype="str"),
            **columns,
            "length_m": shapely.length(sheet.lines[piece]),
            "maxspeed_kmh": speed_kmh(pd.Series(columns["maxspeed"])),
        },
        copy=False,
    )
    return gpd.GeoDataFrame(frame, geometry=sheet.lines[piece], crs=sheet.crs)
