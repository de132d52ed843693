"""Is walking forbidden where the class holds walkers?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import COMBINED, among, col, hits, own_line

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B02"
QUESTION: Final = "Är gång förbjuden där klassen rymmer gående?"
SOURCE: Final = "TF 7:1; VMF 2:10"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

KEYS: Final = ("highway", "foot", "bicycle", "traffic_sign")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag classes that hold walkers where walking is forbidden."""
    s = layers.segments
    held = ("gangbana", "gangbana_cykling_tillaten", *COMBINED)
    sign = among(s, "sign_class", held)
    form = among(s, "highway", ("footway", "pedestrian")) & own_line(s)
    found = hits(s, among(s, "foot", ("no",)) & (sign | form | among(s, "path_class", held)), KEYS)
    claim = col(s, "sign_class").where(sign, col(s, "path_class")).to_numpy()[found["row"]]
    return found.assign(claim_class=claim)
