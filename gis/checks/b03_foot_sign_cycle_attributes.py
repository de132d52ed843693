"""Does the sign say footpath where the attributes say cycle path?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, has, hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B03"
QUESTION: Final = "Säger skylten gångbana där uppgifterna säger cykelbana?"
SOURCE: Final = "VMF 2:10 D5: for pedestrians only"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

KEYS: Final = ("highway", "bicycle", "gcm")
# NVDB: shared, divided, cycle path.
CYCLE_TYPES: Final = ("100", "105", "110", "29")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag footpath signs on ways that the attributes call cycle paths."""
    s = layers.segments
    sign = among(s, "sign_class", ("gangbana",)) | among(s, "sign_class_end", ("gangbana",))
    cycle = among(s, "highway", ("cycleway",)) | among(s, "bicycle", ("designated",))
    found = hits(s, sign & (cycle | has(s, "gcm") & among(s, "gcm", CYCLE_TYPES)), KEYS)
    return found.assign(signed_class="gangbana")
