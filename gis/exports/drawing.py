"""How is a line of each class drawn, told by whoever knows how maps look?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Stroke(Protocol):
    """A line: its colour as ``#RRGGBB``, dashes and gaps, and width, both in pixels."""

    @property
    def colour(self) -> str:
        """Colour as ``#RRGGBB``."""

    @property
    def dash(self) -> tuple[float, ...]:
        """Lengths of dashes and gaps; none for a solid line."""

    @property
    def width_px(self) -> float:
        """Width of the line."""


Drawn = Mapping[str, Stroke]
"""Class to stroke."""
