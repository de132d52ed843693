"""What does an engine call the things that both have?

Statements are written once, in words both engines read; the few that differ stand here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gis.store.geometry import from_blobs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

EVERY: Final = 2**62
"""A limit that no layer reaches: engines do not agree on how to write "no limit"."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The words of one engine; ``$t`` is a layer, ``$tree`` its index, ``$fid`` a row number.

    Parameters
    ----------
    touching
        Numbers of the rows that touch west, south, east, north, bound in this order.
    joined
        What joins the index of layer ``$t`` to the rows ``o`` of its features.
    sides
        The four sides of such a row's box.
    wkb
        The plain WKB of the geometry of a row ``t``.
    geometry
        The geometry of a row, as `shapes` reads a column of them.
    among
        Whether ``$column`` is one of the values of a JSON list, bound as text.
    types, text
        What ``$type`` such a value is, by kind of column; `text` for the others.
    """

    touching: str
    joined: str
    sides: str
    wkb: str
    geometry: str
    shapes: Callable[[Sequence[bytes | None]], npt.NDArray[np.object_]]
    among: str
    types: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    @property
    def in_box(self) -> str:
        """Whether row ``$fid`` is one of those that touch a box."""
        return f"$fid IN ({self.touching})"


# The header of a blob that this product writes is 40 bytes long, see ``gis.store.geometry``.
GEOPACKAGE: Final = Dialect(
    touching="SELECT id FROM $tree WHERE maxx >= ? AND maxy >= ? AND minx <= ? AND miny <= ?",
    joined="LEFT JOIN $tree AS b ON b.id = o.fid",
    sides="b.minx, b.miny, b.maxx, b.maxy",
    wkb="substr(t.geom, 41)",
    geometry='"geom"',
    shapes=from_blobs,
    among="$column IN (SELECT value FROM json_each(?))",
)
