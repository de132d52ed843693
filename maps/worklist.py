"""How does the work on signs become sheets of paper to hand to those who put them up?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from maps.sheet import MM_PER_INCH, RC
from maps.sheet_plan import MARGIN_MM, paper
from maps.sheet_text import plain, wrapped
from maps.text import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import BinaryIO

    from matplotlib.axes import Axes

    from gis.words import Language

TEXTS: Final = Path(__file__).resolve().parent / "sheet.csv"
COLUMNS: Final = {"place": 58.0, "stands": 28.0, "need": 66.0, "why": 84.0, "left": 41.0}
"""Width of each column in millimetres; together the width of A4 within its margins."""

MM_PER_SIGN: Final = 1.32
LINE_MM: Final = 3.0
HEAD_MM: Final = 22.0
MOST_LINES: Final = 6
TEXT_PT, HEAD_PT, TITLE_PT = 6.5, 7.0, 13.0

Row = "Mapping[str, str]"


def draw(
    rows: Sequence[Mapping[str, str]], output: BinaryIO, *, title: str, made: str, lang: Language
) -> int:
    """Write the list on A4.

    Parameters
    ----------
    rows
        A text for each of `COLUMNS`; long ones are cut.
    output
        The PDF.
    title, made
        Name of the place, day as ``YYYY-MM-DD``.
    lang
        Language of the headings.

    Returns
    -------
    pages
        How many sheets there are; one for an empty list.
    """
    pages = _paged([_lines(row) for row in rows])
    with mpl.rc_context(RC), PdfPages(output, metadata={"Title": plain(title)}) as pdf:
        for number, cells in enumerate(pages, start=1):
            words = f"{plain(title)} · {made} · {number}/{len(pages)}"
            pdf.savefig(_page(cells, words, lang))
    return len(pages)


def _lines(row: Mapping[str, str]) -> dict[str, list[str]]:
    """Break the text of every cell."""
    return {
        name: wrapped(row[name], width=int(wide / MM_PER_SIGN), lines=MOST_LINES)
        for name, wide in COLUMNS.items()
    }


def _height(cells: Mapping[str, Sequence[str]]) -> float:
    """Return how high a row is in millimetres."""
    return max(len(lines) for lines in cells.values()) * LINE_MM + LINE_MM


def _paged(rows: Sequence[dict[str, list[str]]]) -> list[list[dict[str, list[str]]]]:
    """Share rows out to sheets."""
    room = paper("A4").height_mm - 2 * MARGIN_MM - HEAD_MM
    pages: list[list[dict[str, list[str]]]] = [[]]
    left = room
    for cells in rows:
        if _height(cells) > left:
            pages.append([])
            left = room
        pages[-1].append(cells)
        left -= _height(cells)
    return pages


def _page(rows: Sequence[Mapping[str, Sequence[str]]], words: str, lang: Language) -> Figure:
    """Draw one sheet, counted in millimetres."""
    on, say = paper("A4"), sentences(lang, TEXTS)
    figure = Figure(figsize=(on.width_mm / MM_PER_INCH, on.height_mm / MM_PER_INCH))
    page = figure.add_axes((0, 0, 1, 1), frameon=False)
    page.set(xlim=(0, on.width_mm), ylim=(0, on.height_mm), xticks=[], yticks=[])
    top = on.height_mm - MARGIN_MM
    page.text(MARGIN_MM, top - 6, say("work.title"), fontsize=TITLE_PT, fontweight="bold")
    page.text(MARGIN_MM, top - 11, words, fontsize=HEAD_PT)
    y = top - HEAD_MM + 4
    _row(page, {name: [say(f"work.{name}")] for name in COLUMNS}, y, bold=True)
    y -= LINE_MM
    if not rows:
        page.text(MARGIN_MM, y - LINE_MM, say("work.none"), fontsize=HEAD_PT)
    for cells in rows:
        page.plot([MARGIN_MM, on.width_mm - MARGIN_MM], [y, y], color="#999999", linewidth=0.4)
        _row(page, cells, y - LINE_MM, bold=False)
        y -= _height(cells)
    return figure


def _row(page: Axes, cells: Mapping[str, Sequence[str]], y: float, *, bold: bool) -> None:
    """Write the cells of a row side by side."""
    x = MARGIN_MM
    for name, wide in COLUMNS.items():
        for place, line in enumerate(cells[name]):
            page.text(
                x, y - place * LINE_MM, line, fontsize=TEXT_PT,
                fontweight="bold" if bold else "normal",
            )  # fmt: skip
        x += wide
