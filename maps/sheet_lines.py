"""How are ground, streets and paths drawn on paper?

The looks are those of the screen (``maps/style.csv``), pixels turned into millimetres; dashes grow
with the line. Passes as on the screen: all casings, then all white gaps, then all lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path

from maps import style
from maps.sheet_text import plain

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

POINTS_PER_MM: Final = 72 / 25.4
GROUND: Final = {
    "water": "#C3DCE9",
    "green": "#DDE8CF",
    "school": "#F1E3C9",
    "square": "#E9E1DA",
    "building": "#E0D8CC",
}
AREA: Final = 2
STREET_M: Final = 5.0
MAIN_STREET_M: Final = 9.0
MAIN_STREETS: Final = ("motorway", "trunk", "primary", "secondary")
STREET_EDGE: Final = "#D3CCBF"
PALE: Final = 0.5
# Paper is sharper than a screen: a narrower casing is seen as well.
CASING_SHARE: Final = 0.6
LABEL_PT: Final = 6.0
# A sign is about 0.6 of its height wide; names that the line cannot carry are left out.
SIGN_SHARE: Final = 0.6


def px_mm(scale: int) -> float:
    """Return how many millimetres a pixel of the table is on paper; less on small scales."""
    return float(np.clip(0.22 * np.sqrt(5000 / scale), 0.08, 0.26))


def ground(axes: Axes, areas: gpd.GeoDataFrame) -> None:
    """Fill water, green, schools, squares and buildings, in this order."""
    for level, (role, colour) in enumerate(GROUND.items()):
        shapes = shapely.get_parts(areas[areas["role"].eq(role)].geometry.to_numpy())
        shapes = shapes[shapely.get_dimensions(shapes) == AREA]
        if shapes.size:
            paths = [_outline(shape) for shape in shapely.orient_polygons(shapes)]
            axes.add_collection(
                PathCollection(paths, facecolors=colour, edgecolors="none", zorder=1 + level / 10),
                autolim=False,
            )


def streets(axes: Axes, layer: gpd.GeoDataFrame, scale: int) -> None:
    """Draw streets white with a thin edge, as wide as on the ground."""
    if layer.empty:
        return
    wide = np.where(layer["highway"].isin(MAIN_STREETS), MAIN_STREET_M, STREET_M)
    points = np.maximum(wide * 1000 / scale, 0.5) * POINTS_PER_MM
    for level, (colour, extra) in enumerate(((STREET_EDGE, 0.6), ("#FFFFFF", 0.0))):
        drawn = LineCollection(
            _vertices(layer.geometry.to_numpy()),
            colors=colour,
            linewidths=points + extra,
            capstyle="round",
            zorder=2 + level / 10,
        )
        axes.add_collection(drawn, autolim=False)


def paths(axes: Axes, segments: gpd.GeoDataFrame, scale: int) -> None:
    """Draw the segments: casing by status, white halo, line by class."""
    for (code, status), rows in segments.groupby(["path_class", "status"], sort=False):
        lines = _vertices(rows.geometry.to_numpy())
        pale = np.where(rows["confidence"].eq("low"), PALE, 1.0)
        for pen in pens(str(code), str(status), scale):
            drawn = LineCollection(lines, **pen)
            if pen["zorder"] == LINE:
                drawn.set_alpha(pale.tolist())
            axes.add_collection(drawn, autolim=False)


CASING, HALO, LINE = 5, 6, 7


def pens(code: str, status: str, scale: int) -> list[dict[str, Any]]:
    """Return the strokes of one class and status, the lowest first."""
    line, casing = style.line("class", code), style.line("status", status)
    px = px_mm(scale) * POINTS_PER_MM
    white = line.width_px + 2 * style.GAP_PX
    strokes = []
    if casing.width_px:
        width = white + 2 * casing.width_px * CASING_SHARE
        strokes.append(_pen(casing.colour, width, casing.dash, px, CASING))
    strokes.append(_pen("#FFFFFF", white, (), px, HALO))
    strokes.append(_pen(line.colour, line.width_px, line.dash, px, LINE))
    return strokes


def names(axes: Axes, named: gpd.GeoDataFrame, scale: int) -> None:
    """Write each name once along its longest line, the longest first, never over another."""
    taken: list[shapely.Polygon] = []
    metres = scale / 1000
    for name, line in _longest(named):
        text = plain(name, most=40)
        wide = len(text) * LABEL_PT * SIGN_SHARE / POINTS_PER_MM * metres
        if line.length < wide:
            continue
        x, y, angle = _middle(line)
        room = _room(x, y, angle, wide, LABEL_PT / POINTS_PER_MM * metres)
        if not any(room.intersects(other) for other in taken):
            taken.append(room)
            axes.text(
                x, y, text, rotation=angle, fontsize=LABEL_PT, ha="center", va="center",
                color="#3A352C", zorder=9, clip_on=True, rotation_mode="anchor",
                bbox={"facecolor": "#FFFFFF", "alpha": 0.7, "edgecolor": "none", "pad": 0.4},
            )  # fmt: skip


def _longest(named: gpd.GeoDataFrame) -> list[tuple[str, shapely.LineString]]:
    """Return the longest joined line of every name, the longest of all first."""
    found = []
    for name, rows in named.groupby("name"):
        joined = shapely.line_merge(shapely.union_all(rows.geometry.to_numpy()))
        found.append((str(name), max(shapely.get_parts(joined), key=shapely.length)))
    return sorted(found, key=lambda pair: -pair[1].length)


def _pen(
    colour: str, width_px: float, dash: tuple[float, ...], px: float, level: int
) -> dict[str, Any]:
    """Return one stroke; matplotlib multiplies a dash by the width of its line."""
    pattern = tuple(part / width_px for part in dash)
    return {
        "colors": colour,
        "linewidths": width_px * px,
        "linestyles": [(0, pattern or None)],
        "capstyle": "butt",
        "joinstyle": "round",
        "zorder": level,
    }


def _vertices(lines: NDArray[np.object_]) -> list[NDArray[np.float64]]:
    """Return the vertices of every line; of a MultiLineString those of its parts."""
    return [shapely.get_coordinates(part) for part in shapely.get_parts(lines)]


def _outline(polygon: shapely.Polygon) -> Path:
    """Return the rings of an area as one path."""
    return Path.make_compound_path(
        *(Path(shapely.get_coordinates(ring), closed=True) for ring in shapely.get_rings(polygon))
    )


def _middle(line: shapely.LineString) -> tuple[float, float, float]:
    """Return the middle of a line, and its direction there in degrees, readable from below."""
    half = line.length / 2
    here = line.interpolate(half)
    one, other = line.interpolate(half - half / 4), line.interpolate(half + half / 4)
    angle = float(np.degrees(np.arctan2(other.y - one.y, other.x - one.x)))
    return here.x, here.y, (angle + 90) % 180 - 90


def _room(x: float, y: float, angle: float, wide: float, high: float) -> shapely.Polygon:
    """Return the ground that a name covers."""
    flat = shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    return shapely.affinity.rotate(flat, angle)
