"""Is cycling forbidden where the class says cycle?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import CYCLE_PATHS, among, col, hits, own_line

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B01"
QUESTION: Final = "Är cykling förbjuden där klassen säger cykel?"
SOURCE: Final = "TF 3:6; FVTD 2 § cykelbana"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

KEYS: Final = ("highway", "bicycle", "traffic_sign")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag cycle forms, signs and classes where cycling is forbidden."""
    s = layers.segments
    forbidden = among(s, "bicycle", ("no", "dismount"))
    start = among(s, "sign_class", CYCLE_PATHS)
    end = among(s, "sign_class_end", CYCLE_PATHS)
    form = among(s, "highway", ("cycleway",)) & own_line(s)
    found = hits(s, forbidden & (form | start | end | among(s, "path_class", CYCLE_PATHS)), KEYS)
    claim = col(s, "sign_class").where(start, col(s, "sign_class_end").where(end, "cykelbana"))
    return found.assign(claim_class=claim.to_numpy()[found["row"]])
