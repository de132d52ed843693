"""Does the sign ban vehicles on a cycle path?

A plate may exempt cyclists, so a sign with a plate passes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import CYCLING, among, col, has, hits, listed

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B06"
QUESTION: Final = "Förbjuder skylten fordon på en cykelbana?"
SOURCE: Final = "VMF C2 no vehicles, C10 no bicycles"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

# Sweden's C2 and C10, Germany's 250 and 254.
BANS: Final = ("SE:C2", "SE:C10", "DE:250", "DE:254")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag signs that ban vehicles or bicycles on a cycle class."""
    s = layers.segments
    cycle = among(s, "path_class", CYCLING) | among(s, "highway", ("cycleway",))
    banned = listed(s, "sign", BANS) & ~has(s, "plate")
    found = hits(s, banned & cycle, ("highway", "bicycle"))
    signs = col(s, "sign").iloc[found["row"].to_numpy()].str.join(", ")
    return found.assign(ban=signs.to_numpy())
