"""How does the inventory become sheets of paper, true to scale?

One PDF in the working CRS; an extent that does not fit on one sheet becomes an atlas. Nothing here
decides: class and status are read from the layer, looks from ``maps/style.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import shapely
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from pyproj import CRS

from maps import sheet_frame, sheet_lines
from maps.page import credited
from maps.sheet_frame import Imprint
from maps.sheet_plan import Box, Paper, Sheet, paper, read_scale, sheets, used
from maps.sheet_text import FAMILY, plain
from maps.style import LAND
from maps.text import sentences

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from shapely.geometry.base import BaseGeometry

    from gis.words import Language
    from maps.page import About, Layers

TEXTS: Final = Path(__file__).resolve().parent / "sheet.csv"
MM_PER_INCH: Final = 25.4
# Text stays text (TrueType), and no text is read as a formula.
RC: Final[dict[Any, Any]] = {
    "pdf.fonttype": 42,
    "text.parse_math": False,
    "font.family": FAMILY,
    "lines.scale_dashes": True,
    "axes.linewidth": 0.6,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: scale as ``1:5000``, size of paper, extent or outline in metres."""

    scale: str
    paper: str
    title: str
    lang: Language
    extent: Box | None = None
    outline: BaseGeometry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All sheets of one print, and what they are drawn from."""

    layers: Layers
    on: Paper
    imprint: Imprint
    sheets: list[Sheet]
    outline: BaseGeometry | None


def draw(layers: Layers, wish: Wish, *, about: About, output: Path) -> int:
    """Write the sheets.

    Parameters
    ----------
    layers
        `segments`, `streets` and `areas`, all in the same projected CRS in metres.
    wish
        Without an extent the sheets cover the segments.
    about
        Origin of the data.
    output
        The PDF.

    Returns
    -------
    pages
        How many sheets there are.

    Raises
    ------
    GisError
        If the scale cannot be used or there would be too many sheets.
    """
    shown = layers["segments"]
    shown = shown[shown["status"].ne("retired") & ~shown.geometry.is_empty]
    scale, on = read_scale(wish.scale), paper(wish.paper)
    book = Book(
        layers={**layers, "segments": shown},
        on=on,
        imprint=_imprint(shown, wish, about, scale),
        sheets=used(sheets(_extent(shown, wish), on, scale), shown),
        outline=wish.outline,
    )
    with mpl.rc_context(RC), PdfPages(output, metadata={"Title": plain(wish.title)}) as pdf:
        for sheet in book.sheets:
            pdf.savefig(_page(book, sheet))
    return len(book.sheets)


def _extent(shown: gpd.GeoDataFrame, wish: Wish) -> Box:
    """Return what the sheets must cover, in metres."""
    if wish.extent is not None:
        return wish.extent
    if wish.outline is not None:
        return wish.outline.bounds
    if shown.empty:
        return (0.0, 0.0, 0.0, 0.0)
    west, south, east, north = shown.total_bounds.tolist()
    return (west, south, east, north)


def _imprint(shown: gpd.GeoDataFrame, wish: Wish, about: About, scale: int) -> Imprint:
    """Gather what every sheet says of itself."""
    crs = CRS.from_user_input(shown.crs)
    return Imprint(
        title=wish.title,
        made=about.made,
        crs=f"{crs.name} (EPSG:{crs.to_epsg()})",
        credits=tuple(dict.fromkeys((*credited(shown, about).attribution, *about.sources))),
        scale=scale,
        lang=wish.lang,
        say=sentences(wish.lang, TEXTS),
    )


def _page(book: Book, sheet: Sheet) -> Figure:
    """Draw one sheet; the second axes cover the paper and count in millimetres."""
    on = book.on
    figure = Figure(figsize=(on.width_mm / MM_PER_INCH, on.height_mm / MM_PER_INCH))
    left, bottom, width, height = on.frame
    axes = figure.add_axes(
        (left / on.width_mm, bottom / on.height_mm, width / on.width_mm, height / on.height_mm)
    )
    shown = _near(book.layers["segments"], sheet.window)
    _map(axes, book.layers, shown, sheet, book.imprint.scale)
    if book.outline is not None:
        _outline(axes, book.outline)
    sheet_frame.grid(axes, book.imprint.scale)
    page = figure.add_axes((0, 0, 1, 1), frameon=False)
    page.set(xlim=(0, on.width_mm), ylim=(0, on.height_mm), xticks=[], yticks=[])
    page.set_zorder(-1)
    column = sheet_frame.side(page, on, book.imprint, shown)
    if len(book.sheets) > 1:
        sheet_frame.index(column, book.sheets, sheet, _which(book, sheet))
    return figure


def _which(book: Book, sheet: Sheet) -> str:
    """Name a sheet of an atlas."""
    number = book.sheets.index(sheet) + 1
    say = book.imprint.say("sheet")
    return say.format(name=sheet.name, n=number, all=len(book.sheets))


def _map(axes: Axes, layers: Layers, shown: gpd.GeoDataFrame, sheet: Sheet, scale: int) -> None:
    """Draw ground, streets, names and paths of one window."""
    west, south, east, north = sheet.window
    axes.set(xlim=(west, east), ylim=(south, north), facecolor=LAND)
    axes.set_axisbelow(False)
    streets = _near(layers["streets"], sheet.window)
    sheet_lines.ground(axes, _near(layers["areas"], sheet.window))
    sheet_lines.streets(axes, streets, scale)
    sheet_lines.names(axes, streets[streets["name"].notna()], scale)
    sheet_lines.paths(axes, shown, scale)


def _near(layer: gpd.GeoDataFrame, window: Box) -> gpd.GeoDataFrame:
    """Cut a layer to the window of a sheet."""
    near = layer[layer.intersects(shapely.box(*window))]
    cut = near.set_geometry(near.geometry.make_valid().clip_by_rect(*window))
    return cut[~cut.geometry.is_empty]


def _outline(axes: Axes, outline: BaseGeometry) -> None:
    """Draw the border of the district that was asked for."""
    for part in shapely.get_parts(outline):
        ring = shapely.get_coordinates(shapely.get_exterior_ring(part))
        axes.add_patch(
            Polygon(ring, fill=False, edgecolor="#1B1B1B", linewidth=1, linestyle="-.", zorder=8)
        )
