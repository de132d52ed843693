"""Do sign and division contradict each other?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import among, hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B04"
QUESTION: Final = "Säger skylten och uppdelningen emot varandra?"
SOURCE: Final = "VMF 2:10 D6 and D7; legal case J06"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag D6 where the data say divided, and D7 where they say shared."""
    s = layers.segments
    shared = among(s, "sign_class", ("gc_gemensam",)) & among(s, "segregated", ("yes",))
    divided = among(s, "sign_class", ("gc_atskild",)) & among(s, "segregated", ("no",))
    return hits(s, shared | divided, ("highway", "segregated"))
