"""Does the sign say cycle path where walkers are designated?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B05"
QUESTION: Final = "Säger skylten cykelbana där gående är anvisade?"
SOURCE: Final = "VMF 2:10 D4: bans other traffic"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag the cycle path sign on ways that designate walkers."""
    s = layers.segments
    sign = among(s, "sign_class", ("cykelbana",)) & among(s, "foot", ("designated",))
    return hits(s, sign, ("highway", "foot", "segregated"))
