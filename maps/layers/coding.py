"""How do texts and coordinates become small?

Texts are kept once, in a table; a column holds places in it, -1 for nothing. Coordinates are
whole millionths of a degree, latitude before longitude, each as the difference from the one
before, through the whole layer. Whole columns are coded at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

PARTS_PER_DEGREE: Final = 1_000_000
NOTHING: Final = -1
WGS84: Final = 4326


class Texts:
    """The table of texts of one page; the same text has the same place."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    @property
    def table(self) -> list[str]:
        """Every text, in the order of its place."""
        return list(self._places)

    def place(self, text: str) -> int:
        """Return the place of one text, taking a new one when it is new."""
        return self._places.setdefault(text, len(self._places))

    def column(self, values: pd.Series) -> list[int]:
        """Return the place of every value of a column; -1 where it is null or empty."""
        codes, kinds = pd.factorize(values.replace("", None))
        places = np.array([*(self.place(str(kind)) for kind in kinds), NOTHING], dtype=int)
        chosen: list[int] = places[codes].tolist()
        return chosen

    def lists(self, values: pd.Series) -> list[list[int]]:
        """Return the places of every text of a column of lists."""
        return [[self.place(str(text)) for text in _listed(cell)] for cell in values]


def _listed(cell: object) -> Iterable[object]:
    """Read a cell of a list column; null is an empty list."""
    return cell if isinstance(cell, list | tuple | np.ndarray) else ()


def in_degrees(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer in WGS84, longitude and latitude."""
    return layer if layer.crs == WGS84 else layer.to_crs(WGS84)


def lines(geometry: gpd.GeoSeries) -> dict[str, list[int]]:
    """Code LineStrings (or Points): `n` vertices of each, and `d`, all differences.

    Parameters
    ----------
    geometry
        ``n`` LineStrings or Points in WGS84; an empty one has 0 vertices.

    Returns
    -------
    coded
        Lists of whole numbers; the longest error is half a millionth of a degree, 0.06 m.

    Examples
    --------
    >>> lines(gpd.GeoSeries.from_wkt(["LINESTRING (15.5 56.1, 15.500002 56.1)"], crs=4326))
    {'n': [2], 'd': [56100000, 15500000, 0, 2]}
    """
    values = geometry.to_numpy()
    whole = np.rint(shapely.get_coordinates(values) * PARTS_PER_DEGREE).astype(np.int64)
    steps = np.diff(whole[:, ::-1], axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    counts = np.array([shapely.get_num_coordinates(value) for value in values], dtype=int)
    return {"n": counts.tolist(), "d": steps.ravel().tolist()}


def rings(geometry: gpd.GeoSeries) -> dict[str, list[int]]:
    """Code Polygons: `p` rings of each, `n` vertices of each ring, `d` all differences.

    Outer rings run one way and holes the other, so that areas which overlap can be filled in
    one stroke.
    """
    polygons = shapely.orient_polygons(geometry.to_numpy())
    parts, owner = shapely.get_rings(polygons, return_index=True)
    counts = np.bincount(owner, minlength=len(polygons))
    return {"p": counts.tolist(), **lines(gpd.GeoSeries(parts, crs=WGS84))}


def numbers(values: pd.Series, digits: int = 1) -> list[float | None]:
    """Return a column of numbers, rounded; null stays null."""
    rounded = pd.to_numeric(values, errors="coerce").astype(float).round(digits)
    return [None if np.isnan(value) else value for value in rounded.tolist()]


def slim(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Leave out the columns that say nothing in any row."""
    silent: tuple[object, ...] = (None, NOTHING, "", [])
    return {
        name: column
        for name, column in columns.items()
        if any(value not in silent for value in column)
    }
