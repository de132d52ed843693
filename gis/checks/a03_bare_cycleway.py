"""Is the cycle path for cyclists alone or shared with walkers?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, has, hits, path_way, signed

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A03"
QUESTION: Final = "Är cykelbanan för cyklande ensamma eller delas den med gående?"
SOURCE: Final = "FVTD 2 §: a cycle path is defined by what it is intended for, walkers may share it"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag cycleways with nothing about walkers, sign or position by a street."""
    s = layers.segments
    nothing = ~has(s, "foot", "segregated", "is_sidepath", "sidewalk", "sidewalk:both", "gcm")
    bare = path_way(s) & among(s, "highway", ("cycleway",)) & nothing & ~signed(s)
    return hits(s, bare & ~among(s, "cycleway", ("crossing",)), ("highway", "bicycle"))
