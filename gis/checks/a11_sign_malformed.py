"""Is the sign written so that it can be read?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import col, hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A11"
QUESTION: Final = "Är skylten skriven så att den går att läsa?"
SOURCE: Final = "OSM wiki Key:traffic_sign: COUNTRY:CODE, lists with comma and semicolon"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

# One sign, its plates, and lists of both; a plate may carry a value in brackets.
_ONE: Final = r"([A-Z]{2}:)?[A-Z]?\d+([.-]\d+)*[a-z]?(\[[^\]]*\])?"
CODES: Final = rf"{_ONE}([,;] ?{_ONE})*"
WORDS: Final = r"[a-z_]+"


def flag(layers: Layers) -> pd.DataFrame:
    """Flag sign values that are neither codes nor known words."""
    s = layers.segments
    raw = col(s, "traffic_sign").astype("str")
    word = raw.str.fullmatch(WORDS, na=False)
    return hits(s, raw.notna() & ~raw.str.fullmatch(CODES, na=False) & ~word, ("traffic_sign",))
