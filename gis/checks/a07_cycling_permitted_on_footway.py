"""Does a sign permit cycling on the footpath?

Only a sign permits: TF 2:2 lets an instruction prevail over a rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, has, hits, path_way, signed

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A07"
QUESTION: Final = "Står det på en skylt att man får cykla på gångbanan?"
SOURCE: Final = "TF 3:6 and TF 2:2; legal case J07"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag footways with bicycle=yes where no sign is recorded."""
    s = layers.segments
    footway = path_way(s) & among(s, "highway", ("footway",))
    permitted = among(s, "bicycle", ("yes", "permissive"))
    known = signed(s) | among(s, "bicycle:signed", ("yes",)) | has(s, "plate")
    return hits(s, footway & permitted & ~known, ("highway", "footway", "bicycle"))
