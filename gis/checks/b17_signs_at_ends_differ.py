"""Do the signs at the two ends give different classes?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import col, hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B17"
QUESTION: Final = "Ger skyltarna i ändarna olika klass?"
SOURCE: Final = "TF 2:2: each instruction binds where it stands; legal case J04"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag segments whose signs at the two ends give different classes."""
    s = layers.segments
    start, end = col(s, "sign_class"), col(s, "sign_class_end")
    differ = start.notna() & end.notna() & start.astype("str").ne(end.astype("str"))
    found = hits(s, differ, ("highway", "traffic_sign"))
    return found.assign(second_class=end.to_numpy()[found["row"]])
