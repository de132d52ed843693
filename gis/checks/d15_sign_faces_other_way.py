"""Does the sign turn its back on those who enter the path?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.sign_posts import sign_hits, sign_posts
from gis.signs.place import REACH_M as SIGN_REACH_M

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "D15"
QUESTION: Final = "Är skylten vänd mot dem som lämnar banan?"
SOURCE: Final = (
    "VMF 2:10 D4–D7 stand where the path begins; OSM wiki Key:direction; 60 degrees proposed"
)
REACH_M: Final = SIGN_REACH_M
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag path signs at an end that only those leaving can read."""
    found = sign_posts(layers)
    return sign_hits(layers, found[found["away"]])
