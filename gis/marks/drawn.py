"""Which paths did people draw that no source knows, and what rows of the network are they?

A drawn path is an operation like any other: it stands until it is taken back. Its id follows from
the operation alone, so it is the same at once and in every later update.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis import crs
from gis.network.ids import mint
from gis.network.redrawn import nodes_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from pandas.api.extensions import ExtensionDtype

    from gis.store import Revision

SOURCE: Final = "field"
KIND: Final = "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A path that somebody walked or drew; `line` in the working CRS."""

    op_id: str
    line: shapely.LineString
    at: datetime

    @property
    def segment_id(self) -> str:
        """The id of its segment."""
        return path_id(self.op_id)


def path_id(op_id: str) -> str:
    """Return the id of the segment that a drawing operation makes.

    Examples
    --------
    >>> path_id("0197b4a2-0000-7000-8000-000000000001")
    'sgnm2taf7kfj7kox'
    """
    return mint("s", KIND, op_id)


def drawn_by(revisions: Iterable[Revision], epsg: int) -> list[Drawn]:
    """Read the drawn paths among operations.

    Parameters
    ----------
    revisions
        Operations that stand.
    epsg
        The working CRS.
    """
    return [
        Drawn(op_id=str(one.op_id), line=line_of(one.body["fields"]["line"], epsg), at=one.at)
        for one in revisions
        if one.body["kind"] == KIND
    ]


def with_drawn(segments: gpd.GeoDataFrame, drawn: Sequence[Drawn]) -> gpd.GeoDataFrame:
    """Add drawn paths to a network.

    Parameters
    ----------
    segments
        Of a network, newly built or as stored.
    drawn
        Paths that it does not hold yet.

    Returns
    -------
    segments
        With one row more for each path, last; every column as it was.
    """
    if not drawn:
        return segments
    made = pd.concat([segments, rows(segments, drawn)], ignore_index=True)
    return gpd.GeoDataFrame(made, geometry="geometry", crs=segments.crs)


def rows(segments: gpd.GeoDataFrame, drawn: Sequence[Drawn]) -> gpd.GeoDataFrame:
    """Lay drawn paths out as rows of a network that meets them.

    Parameters
    ----------
    segments
        The network, or what of it lies around the paths.
    drawn
        One or more paths.
    """
    lines = np.array([one.line for one in drawn], dtype=object)
    names = [f"{SOURCE}:{one.op_id}" for one in drawn]
    ats = pd.Series(pd.to_datetime([one.at for one in drawn], utc=True)).dt.floor("ms")
    told: dict[str, Any] = {
        "segment_id": [one.segment_id for one in drawn],
        "kind": KIND,
        "side": "none",
        "source_id": names,
        "part": 1,
        "from_node": _nodes(segments, lines, 0, names),
        "to_node": _nodes(segments, lines, -1, names),
        "edited_at": ats,
        "first_seen": ats,
        "length_m": shapely.length(lines),
        "sources": [[SOURCE]] * len(drawn),
        "source_ids": [[name] for name in names],
        "lacking": [[] for _ in drawn],
        "said": [{} for _ in drawn],
    }
    kinds = segments.drop(columns="geometry").dtypes.items()
    columns = {str(name): _column(told.get(str(name)), kind, len(drawn)) for name, kind in kinds}
    return gpd.GeoDataFrame(columns, geometry=list(lines), crs=segments.crs)


def _column(content: object, kind: ExtensionDtype | np.dtype[Any], count: int) -> pd.Series[Any]:
    """Make a column of a kind; what nothing is said of is false or null."""
    if content is None:
        content = [False if pd.api.types.is_bool_dtype(kind) else None] * count
    return pd.Series(content, index=range(count), dtype=kind)


def line_of(degrees: list[list[float]], epsg: int) -> shapely.LineString:
    """Move a line of [lon, lat] into the working CRS."""
    lon, lat = np.array(degrees, dtype="float64").T
    east, north = crs.project(lon, lat, source=crs.WGS84, target=epsg)
    return shapely.LineString(np.column_stack((east, north)))


def _nodes(
    segments: gpd.GeoDataFrame, lines: np.ndarray[Any, Any], end: int, names: Sequence[str]
) -> list[int]:
    """Return the node at one end of each line: one that is there, else one of its own."""
    found = nodes_at(segments, shapely.get_point(lines, end))
    return [
        _own_node(name, end) if node is None else node
        for node, name in zip(found, names, strict=True)
    ]


def _own_node(name: str, end: int) -> int:
    """Return the node at a loose end; nodes of sources are positive."""
    return -int(sha256(f"{name}|{end}".encode()).hexdigest()[:12], 16)
