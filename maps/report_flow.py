"""How does running text with tables and small charts fill upright pages of A4?

Everything is placed in millimetres from the lower left corner. A heading stays with what follows,
a row of a table is never broken, and a table that goes on repeats its heads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from typing import TYPE_CHECKING, Final

from matplotlib.figure import Figure

from maps.sheet import MM_PER_INCH
from maps.sheet_frame import INK
from maps.sheet_text import plain, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matplotlib.axes import Axes

WIDE_MM, HIGH_MM = 210.0, 297.0
LEFT_MM, TOP_MM, BOTTOM_MM = 20.0, 275.0, 24.0
FOOT_MM: Final = 13.0
TEXT_PT, SMALL_PT, HEAD_PT, TITLE_PT = 9.0, 7.5, 13.0, 24.0
SIGN_SHARE: Final = 0.21
"""Width of a usual sign in millimetres for each point of size."""

LINE_SHARE: Final = 0.5
RISE_SHARE: Final = 0.33
"""Height of a line, and of its letters over the baseline, in the same measure."""

MOST_LINES: Final = 12
GAP_MM: Final = 3.0
ROW_GAP_MM: Final = 2.2
KEPT_MM: Final = 34.0
CHART_LEFT_MM, CHART_WIDE_MM, CHART_HIGH_MM = 128.0, 58.0, 20.0
LEAST_POINTS: Final = 2
YEARS_MM: Final = 4.0
GROUND: Final = "#8A8A8A"


@dataclass(frozen=True, slots=True)
class Column:
    """Head and width of a column of a table; numbers stand to the right."""

    head: str
    mm: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, and notes below them in small print."""

    cells: Sequence[str]
    notes: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """One line of text in its place."""

    x: float
    y: float
    text: str
    size: float
    bold: bool
    right: bool

    def draw(self, page: Axes) -> None:
        """Write the line."""
        page.text(
            self.x, self.y, self.text, fontsize=self.size, color=INK,
            fontweight="bold" if self.bold else "normal", ha="right" if self.right else "left",
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """Values by year over a line at zero; a year without a value breaks the curve."""

    base: float
    years: Sequence[int]
    values: Sequence[float | None]

    def draw(self, page: Axes) -> None:
        """Draw the curve with its first and last year below it."""
        span = max(self.years) - min(self.years)
        top = max(value for value in self.values if value is not None) or 1.0
        x = [CHART_LEFT_MM + CHART_WIDE_MM * (year - self.years[0]) / span for year in self.years]
        y = [
            nan if value is None else self.base + CHART_HIGH_MM * value / top
            for value in self.values
        ]
        page.plot((x[0], x[-1]), (self.base, self.base), color=GROUND, linewidth=0.6)
        page.plot(x, y, color=INK, linewidth=1.0, marker="o", markersize=2.5)
        for side, year in zip((x[0], x[-1]), (self.years[0], self.years[-1]), strict=True):
            page.text(
                side, self.base - YEARS_MM, str(year), fontsize=SMALL_PT, color=INK, ha="center"
            )


class Flow:
    """Fills pages from the top; `y` is where the last line stands."""

    def __init__(self) -> None:
        self._pages: list[list[_Word | _Curve]] = [[]]
        self.y = TOP_MM

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    def turn(self) -> None:
        """Begin a new page unless this one is empty."""
        if self._pages[-1]:
            self._pages.append([])
        self.y = TOP_MM

    def space(self, mm: float) -> None:
        """Leave room."""
        self.y -= mm

    def heading(self, words: str) -> None:
        """Write a heading on a page where something follows it."""
        self.space(6)
        self._keep(KEPT_MM)
        self.text(words, HEAD_PT, bold=True)

    def text(self, words: str, size: float = TEXT_PT, *, bold: bool = False) -> None:
        """Write a paragraph over the width of the page."""
        lines = _lines(words, WIDE_MM - 2 * LEFT_MM, size)
        self._keep(len(lines) * size * LINE_SHARE)
        self._write(lines, Column("", WIDE_MM - 2 * LEFT_MM), LEFT_MM, size=size, bold=bold)
        self.y -= len(lines) * size * LINE_SHARE + 1.5

    def table(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Write rows under their heads."""
        self.space(2)
        heads = Row([column.head for column in columns])
        self._row(columns, heads, bold=True)
        for row in rows:
            if self._keep(_height(columns, row)):
                self._row(columns, heads, bold=True)
            self._row(columns, row)

    def chart(self, points: Mapping[int, float | None]) -> None:
        """Draw values by year at the right of what follows, where there are two or more."""
        if sum(value is not None for value in points.values()) < LEAST_POINTS:
            return
        self._keep(CHART_HIGH_MM + 2 * YEARS_MM)
        base, years = self.y - CHART_HIGH_MM - YEARS_MM, sorted(points)
        values = [points[year] for year in years]
        self._pages[-1].append(_Curve(base=base, years=years, values=values))

    def drawn(self, title: str, number: str) -> Iterator[Figure]:
        """Draw the pages, each with title and number at its foot."""
        for n, parts in enumerate(self._pages, start=1):
            figure = Figure(figsize=(WIDE_MM / MM_PER_INCH, HIGH_MM / MM_PER_INCH))
            page = figure.add_axes((0, 0, 1, 1), frameon=False)
            page.set(xlim=(0, WIDE_MM), ylim=(0, HIGH_MM), xticks=[], yticks=[])
            for one in parts:
                one.draw(page)
            foot = f"{plain(title, most=70)} · {number.format(n=n, all=self.pages)}"
            page.text(LEFT_MM, FOOT_MM, foot, fontsize=SMALL_PT, color=INK)
            yield figure

    def _keep(self, mm: float) -> bool:
        """Turn the page where less room than this is left; tell whether it was turned."""
        if self.y - mm >= BOTTOM_MM:
            return False
        self.turn()
        return True

    def _row(self, columns: Sequence[Column], row: Row, *, bold: bool = False) -> None:
        """Write cells side by side and notes below."""
        x, high = LEFT_MM, 0.0
        for column, cell in zip(columns, row.cells, strict=True):
            lines = _lines(cell, column.mm - GAP_MM, TEXT_PT)
            self._write(lines, column, x, size=TEXT_PT, bold=bold)
            x += column.mm
            high = max(high, len(lines) * TEXT_PT * LINE_SHARE)
        self.y -= high
        for note in row.notes:
            lines = _lines(note, WIDE_MM - 2 * LEFT_MM, SMALL_PT)
            self._write(lines, Column("", 0), LEFT_MM + GAP_MM, size=SMALL_PT, bold=False)
            self.y -= len(lines) * SMALL_PT * LINE_SHARE
        self.y -= ROW_GAP_MM

    def _write(
        self, lines: Sequence[str], column: Column, x: float, *, size: float, bold: bool
    ) -> None:
        """Put lines below one another at the right or left edge of a column."""
        at = x + column.mm - GAP_MM if column.right else x
        top = self.y - size * RISE_SHARE
        self._pages[-1] += [
            _Word(
                x=at,
                y=top - n * size * LINE_SHARE,
                text=line,
                size=size,
                bold=bold,
                right=column.right,
            )
            for n, line in enumerate(lines)
        ]


def _lines(words: str, mm: float, size: float) -> list[str]:
    """Break a text to a width."""
    return wrapped(words, width=int(mm / (size * SIGN_SHARE)), lines=MOST_LINES)


def _height(columns: Sequence[Column], row: Row) -> float:
    """Return how high a row with its notes is."""
    pairs = zip(columns, row.cells, strict=True)
    cells = max(len(_lines(cell, column.mm - GAP_MM, TEXT_PT)) for column, cell in pairs)
    notes = sum(len(_lines(note, WIDE_MM - 2 * LEFT_MM, SMALL_PT)) for note in row.notes)
    return (cells * TEXT_PT + notes * SMALL_PT) * LINE_SHARE + ROW_GAP_MM
