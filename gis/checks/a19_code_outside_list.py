"""Did the delivery break its code list?

A file that breaks its form is refused whole when it is imported; a single unknown code is kept as
it stands, and asked about here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis import codes
from gis.checks.base import col, hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A19"
QUESTION: Final = "Bröt leveransen mot sin kodlista?"
SOURCE: Final = "French schema (enum); NVDB GCM-vägtyp, both series of codes"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

WHAT: Final = "GCM-typ"


def flag(layers: Layers) -> pd.DataFrame:
    """Flag segments whose GCM code stands in neither series."""
    s = layers.segments
    known = [row.code for row in codes.load("nvdb_gcm").rows]
    found = hits(s, col(s, "gcm").notna() & ~col(s, "gcm").isin(known))
    rows = found["row"].to_numpy()
    source = col(s, "matched_source").astype("str").fillna("nvdb").str.upper()
    return found.assign(
        source_b=source.to_numpy()[rows], what=WHAT, value=col(s, "gcm").to_numpy()[rows]
    )
