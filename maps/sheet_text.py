"""How does a text of any origin become one line on paper?

Names of places and sources come from outside: they may be very long, hold signs that the font
lacks, or look like formulas. What is printed is the same text, short, on one line, with ``□`` for
what the font cannot draw.
"""

from __future__ import annotations

import textwrap
from functools import cache
from typing import Final

from matplotlib.font_manager import FontProperties, findfont, get_font

FAMILY: Final = "DejaVu Sans"
UNKNOWN: Final = "□"
MORE: Final = "…"


def plain(text: str, most: int = 60) -> str:
    r"""Return a text as one line of at most `most` signs.

    Examples
    --------
    >>> plain("a" * 5, most=3), plain("två\nrader")
    ('aa…', 'två rader')
    """
    line = " ".join(text.split())
    short = line if len(line) <= most else line[: most - 1].rstrip() + MORE
    known = _drawable()
    return "".join(sign if ord(sign) in known else UNKNOWN for sign in short)


def wrapped(text: str, *, width: int, lines: int) -> list[str]:
    """Return a text in lines of `width` signs; what does not fit in `lines` is cut."""
    return textwrap.wrap(plain(text, most=width * lines), width)[:lines]


@cache
def _drawable() -> frozenset[int]:
    """Return the code points that the font holds."""
    return frozenset(get_font(findfont(FontProperties(family=FAMILY))).get_charmap())
