"""Which windows of the ground fit on which sheets of paper?

Lengths on paper are millimetres, lengths on the ground metres in the working CRS. A sheet lies on
its long side: the map to the left, a column with legend and origin to the right.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

from gis.errors import GisError

if TYPE_CHECKING:
    import geopandas as gpd

Box = tuple[float, float, float, float]

PAPERS: Final[dict[str, tuple[float, float]]] = {"A3": (420.0, 297.0), "A4": (297.0, 210.0)}
"""Width and height in millimetres, ISO 216, on the long side."""

MARGIN_MM: Final = 10.0
GRID_LABEL_MM: Final = 5.0
COLUMN_MM: Final = 64.0
GAP_MM: Final = 5.0
MOST_SHEETS: Final = 200
MM_PER_M: Final = 1000.0
LARGEST_SCALE, SMALLEST_SCALE = 100, 250_000
_SCALE: Final = re.compile(r"\s*1\s*:\s*(\d[\d \u00a0]*)\s*")
_NICE: Final = (1.0, 2.0, 2.5, 5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A size of paper, and the frame of the map on it in millimetres from the lower left."""

    name: str
    width_mm: float
    height_mm: float

    @property
    def frame(self) -> Box:
        """Left, bottom, width and height of the map."""
        left = bottom = MARGIN_MM + GRID_LABEL_MM
        width = self.width_mm - left - GRID_LABEL_MM - GAP_MM - COLUMN_MM - MARGIN_MM
        return (left, bottom, width, self.height_mm - bottom - GRID_LABEL_MM - MARGIN_MM)

    @property
    def column(self) -> Box:
        """Left, bottom, width and height of the column beside the map."""
        left = self.width_mm - MARGIN_MM - COLUMN_MM
        return (left, MARGIN_MM, COLUMN_MM, self.height_mm - 2 * MARGIN_MM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: its name in the atlas and the ground it shows."""

    name: str
    window: Box


def paper(name: str) -> Paper:
    """Return a size of paper by its name."""
    width, height = PAPERS[name]
    return Paper(name=name, width_mm=width, height_mm=height)


def read_scale(text: str) -> int:
    """Read a scale such as ``1:5000``.

    Raises
    ------
    GisError
        If it is no scale, or one that no map of paths has.

    Examples
    --------
    >>> read_scale("1:5 000")
    5000
    """
    found = _SCALE.fullmatch(text)
    number = int(re.sub(r"\D", "", found[1])) if found else 0
    if not LARGEST_SCALE <= number <= SMALLEST_SCALE:
        msg = f"scale {text[:40]!r} cannot be used; give one from 1:100 to 1:250000, as 1:5000"
        raise GisError(msg)
    return number


def sheets(extent: Box, on: Paper, scale: int) -> list[Sheet]:
    """Lay sheets over an extent, row by row from the north-west; one that fits is centred.

    Parameters
    ----------
    extent
        West, south, east, north in metres.
    on
        Size of paper.
    scale
        Denominator.

    Returns
    -------
    sheets
        Named ``A1``, ``A2`` … by row and column; all have the same size on the ground.

    Raises
    ------
    GisError
        If there would be more than `MOST_SHEETS`.
    """
    _, _, width_mm, height_mm = on.frame
    wide, high = width_mm * scale / MM_PER_M, height_mm * scale / MM_PER_M
    columns = max(1, math.ceil((extent[2] - extent[0]) / wide))
    rows = max(1, math.ceil((extent[3] - extent[1]) / high))
    if columns * rows > MOST_SHEETS:
        msg = (
            f"1:{scale} on {on.name} takes {columns * rows} sheets, more than {MOST_SHEETS};"
            " choose a smaller extent or a smaller scale, as 1:20000"
        )
        raise GisError(msg)
    west = (extent[0] + extent[2] - columns * wide) / 2
    north = (extent[1] + extent[3] + rows * high) / 2
    return [
        Sheet(
            name=f"{_letters(row)}{column + 1}",
            window=_window(west + column * wide, north - row * high, wide, high),
        )
        for row in range(rows)
        for column in range(columns)
    ]


def used(planned: list[Sheet], segments: gpd.GeoDataFrame) -> list[Sheet]:
    """Leave out the sheets of an atlas without a segment; one sheet always stays."""
    tree = shapely.STRtree(segments.geometry.to_numpy())
    kept = [
        one for one in planned if tree.query(shapely.box(*one.window), predicate="intersects").size
    ]
    return kept or planned[:1]


def nice(most: float) -> float:
    """Return the largest round length that is no longer than `most`.

    Examples
    --------
    >>> nice(260), nice(52), nice(0.9)
    (250.0, 50.0, 0.5)
    """
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in _NICE if step * power <= most)


def _window(left: float, top: float, wide: float, high: float) -> Box:
    return (left, top - high, left + wide, top)


def _letters(row: int) -> str:
    """Name a row as spreadsheets name columns: A … Z, AA …."""
    name = ""
    row += 1
    while row:
        row, rest = divmod(row - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
