"""Is the path really a cycle path?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, hits, path_way, signed, trail

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A05"
QUESTION: Final = "Är stigen i själva verket en cykelbana?"
SOURCE: Final = "OSM wiki Key:highway: cycleway is the value for a designated cycle path"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag paved paths for cycling only."""
    s = layers.segments
    only = among(s, "bicycle", ("designated",)) & among(s, "foot", ("no",))
    path = path_way(s) & among(s, "highway", ("path",)) & ~trail(s)
    loose = among(s, "surface", ("fine_gravel", "gravel", "pebblestone"))
    return hits(s, path & only & ~loose & ~signed(s), ("highway", "bicycle", "foot", "surface"))
