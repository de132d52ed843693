"""What stands round the map on paper: grid, north, scale bar, legend and origin?

Everything is placed in millimetres from the lower left corner of the paper. Text stays text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from gis import codes
from maps import style
from maps.sheet_lines import pens
from maps.sheet_plan import MARGIN_MM, MM_PER_M, nice
from maps.sheet_text import plain, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    import geopandas as gpd
    from matplotlib.axes import Axes

    from gis.words import Language
    from maps.sheet_plan import Box, Paper, Sheet

INK: Final = "#1B1B1B"
GRID_MM: Final = 60.0
BAR_MM: Final = 52.0
BAR_PT: Final = 3.0
ROW_MM: Final = 4.6
# More rows than these are set closer, so that a legend of all classes fits on A4.
MANY_ROWS: Final = 14
CLOSE_MM: Final = 3.5
LABEL_SIGNS, CLOSE_SIGNS = 36, 46
LINE_SHARE: Final = 0.36
SAMPLE_SCALE: Final = 5000
SMALL_PT, TEXT_PT, HEAD_PT, TITLE_PT = 6.0, 7.5, 9.0, 13.0
SAMPLE_MM: Final = 14.0
MOST_SOURCES: Final = 6
METRES_PER_KM: Final = 1000
SIGNS_A_LINE: Final = 44
INDEX_MM: Final = 26.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What a sheet says of itself: place, day, system, sources, language, scale."""

    title: str
    made: str
    crs: str
    credits: Sequence[str]
    scale: int
    lang: Language
    say: Callable[[str], str]


class Column:
    """Writes downwards in the column beside the map; `y` is where the next row stands."""

    def __init__(self, page: Axes, box: Box) -> None:
        self.page = page
        self.left, bottom, self.width, height = box
        self.y = bottom + height

    def text(self, words: str, size: float = TEXT_PT, *, bold: bool = False) -> None:
        """Write one line and step down."""
        self.y -= size * 0.36 + 1.4
        self.page.text(
            self.left, self.y, words, fontsize=size, color=INK, va="baseline",
            fontweight="bold" if bold else "normal",
        )  # fmt: skip

    def lines(self, words: str, size: float = SMALL_PT, lines: int = 3) -> None:
        """Write a longer text."""
        for line in wrapped(words, width=SIGNS_A_LINE, lines=lines):
            self.text(line, size)

    def space(self, mm: float = 3.0) -> None:
        """Leave room."""
        self.y -= mm


def grid(axes: Axes, scale: int) -> None:
    """Draw a grid of round metres, and label it outside the frame on all four sides."""
    step = nice(GRID_MM * scale / MM_PER_M)
    step = step if step.is_integer() else step * 2
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    for axis, low, high in ((axes.xaxis, west, east), (axes.yaxis, south, north)):
        ticks = np.arange(np.ceil(low / step) * step, high, step)
        axis.set_ticks(ticks, [f"{tick:.0f}" for tick in ticks])
    axes.grid(visible=True, color="#6B7F8C", linewidth=0.25, zorder=3)
    axes.tick_params(
        which="both", length=2, width=0.4, labelsize=SMALL_PT, pad=1.5, labelcolor=INK,
        top=True, right=True, labeltop=True, labelright=True,
    )  # fmt: skip
    for label in axes.yaxis.get_ticklabels():
        label.set(rotation=90, va="center")
    axes.tick_params(axis="y", labelrotation=90)


def side(page: Axes, on: Paper, imprint: Imprint, shown: gpd.GeoDataFrame) -> Column:
    """Write the column: title, scale, legend of what is present, origin."""
    column = Column(page, on.column)
    say = imprint.say
    column.text(say("title"), TITLE_PT, bold=True)
    column.text(plain(imprint.title, most=34), HEAD_PT)
    column.space()
    _bar(column, imprint)
    _north(column)
    column.space(4)
    _legend(column, imprint, shown)
    column.space(4)
    _origin(column, imprint)
    return column


def index(column: Column, planned: Sequence[Sheet], here: Sheet, words: str) -> None:
    """Say which sheet of the atlas this is, and show where it lies among the others."""
    column.space(4)
    column.text(words, TEXT_PT)
    if column.y - INDEX_MM - 4 < MARGIN_MM:
        return
    boxes = np.array([one.window for one in planned])
    west, south = boxes[:, :2].min(axis=0).tolist()
    east, north = boxes[:, 2:].max(axis=0).tolist()
    mm = INDEX_MM / max(east - west, north - south)
    low = column.y - 3 - (north - south) * mm
    for one in planned:
        left, bottom, right, top = one.window
        column.page.add_patch(
            Rectangle(
                (column.left + (left - west) * mm, low + (bottom - south) * mm),
                (right - left) * mm,
                (top - bottom) * mm,
                facecolor="#4B4B4B" if one == here else "#FFFFFF",
                edgecolor="#8A8A8A",
                linewidth=0.4,
            )
        )
    column.y = low


def length_text(metres: float, lang: Language) -> str:
    """Write the length of a scale bar.

    Examples
    --------
    >>> length_text(250, "sv"), length_text(2500, "sv"), length_text(2500, "en")
    ('250 m', '2,5 km', '2.5 km')
    """
    number = f"{metres:g} m" if metres < METRES_PER_KM else f"{metres / METRES_PER_KM:g} km"
    return number.replace(".", ",") if lang == "sv" else number


def scale_text(scale: int) -> str:
    """Write a scale with its thousands apart.

    Examples
    --------
    >>> scale_text(5000)
    '1:5 000'
    """
    return f"1:{scale:,}".replace(",", " ")


def _bar(column: Column, imprint: Imprint) -> None:
    """Draw the scale bar as one line over its whole length, its length at its end."""
    column.text(f"{imprint.say('scale')} {scale_text(imprint.scale)}", HEAD_PT, bold=True)
    metres = nice((BAR_MM - 2) * imprint.scale / MM_PER_M)
    column.space(3.5)
    end = column.left + metres / imprint.scale * MM_PER_M
    bar = Line2D(
        [column.left, end], [column.y, column.y], color=INK, linewidth=BAR_PT,
        solid_capstyle="butt",
    )  # fmt: skip
    column.page.add_line(bar)
    words = length_text(metres, imprint.lang)
    column.page.text(end + 1, column.y, words, fontsize=TEXT_PT, va="center", color=INK)
    column.page.text(column.left, column.y + 1.2, "0", fontsize=SMALL_PT, color=INK)


def _north(column: Column) -> None:
    """Draw the arrow that points to the north of the grid, in the column's upper right."""
    x, y = column.left + column.width - 5, column.y + 9
    column.page.add_patch(
        Polygon([(x, y + 8), (x - 2.6, y), (x, y + 1.8), (x + 2.6, y)], facecolor=INK, linewidth=0)
    )
    column.page.text(x, y + 8.6, "N", fontsize=HEAD_PT, fontweight="bold", ha="center", color=INK)


def _legend(column: Column, imprint: Imprint, shown: gpd.GeoDataFrame) -> None:
    """Show a sample of every class and status on the sheet, in the order of the lists."""
    column.text(imprint.say("legend"), HEAD_PT, bold=True)
    column.space(1)
    if shown.empty:
        column.text(imprint.say("empty"))
        return
    classes = _present(shown, "path_class")
    cased = [one for one in _present(shown, "status") if style.line("status", one).width_px]
    close = len(classes) + len(cased) > MANY_ROWS
    for code in classes:
        strokes = pens(code, "proposed", SAMPLE_SCALE)
        _sample(column, strokes, codes.load("path_class")[code].label(imprint.lang), close=close)
    if cased:
        column.space(1.5)
        column.text(imprint.say("legend.status"), TEXT_PT)
        column.space(1)
    for code in cased:
        strokes = pens("okand", code, SAMPLE_SCALE)[:-1]
        _sample(column, strokes, codes.load("status")[code].label(imprint.lang), close=close)


def _sample(
    column: Column, strokes: Sequence[Mapping[str, Any]], label: str, *, close: bool
) -> None:
    """Draw one row of the legend: a line as on the map, and its name."""
    rows = wrapped(label, width=CLOSE_SIGNS if close else LABEL_SIGNS, lines=2)
    size, step = (SMALL_PT, CLOSE_MM) if close else (TEXT_PT, ROW_MM)
    rise = size * LINE_SHARE
    column.y -= step + (len(rows) - 1) * rise
    middle = column.y + 1 + (len(rows) - 1) * rise / 2
    for pen in strokes:
        column.page.add_line(
            Line2D(
                [column.left, column.left + SAMPLE_MM], [middle, middle], color=pen["colors"],
                linewidth=pen["linewidths"], linestyle=pen["linestyles"][0],
                dash_capstyle="butt", solid_capstyle="butt", zorder=pen["zorder"],
            )
        )  # fmt: skip
    for row, words in enumerate(reversed(rows)):
        y = column.y + row * rise
        column.page.text(column.left + SAMPLE_MM + 2, y, words, fontsize=size, color=INK)


def _origin(column: Column, imprint: Imprint) -> None:
    """Write day, coordinate system and sources."""
    say = imprint.say
    column.text(f"{say('made')} {imprint.made}", SMALL_PT)
    column.lines(f"{say('crs')}: {imprint.crs}", lines=2)
    column.text(say("source" if len(imprint.credits) == 1 else "sources"), SMALL_PT, bold=True)
    for line in imprint.credits[:MOST_SOURCES]:
        column.lines(line, lines=2)
    left = len(imprint.credits) - MOST_SOURCES
    if left > 0:
        column.text(say("more").format(n=left), SMALL_PT)


def _present(shown: gpd.GeoDataFrame, column: str) -> list[str]:
    """Return the codes of a column that stand on the sheet, in the order of their list."""
    found = set(shown[column].unique())
    return [code for code in codes.load(column).codes if code in found]
