"""Is the path for both walkers and cyclists?

A trail carries no sign, so there is nothing to look for; a known sign has settled it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, has, hits, path_way, signed, trail

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A21"
QUESTION: Final = "Är stigen till för både gående och cyklande?"
SOURCE: Final = "proposed; respected systems give different definite answers"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag paths that state cycling but leave walkers open."""
    s = layers.segments
    path = path_way(s) & among(s, "highway", ("path",)) & ~trail(s) & ~signed(s)
    walkers = among(s, "foot", ("designated", "no"))
    yes = among(s, "bicycle", ("yes",)) & ~walkers
    designated = among(s, "bicycle", ("designated",)) & ~walkers & ~has(s, "segregated")
    return hits(s, path & (yes | designated), ("highway", "bicycle", "foot", "surface"))
