"""Is the record too old?

Age is counted to the newest edit of the delivery: a kept delivery gives the same answer on any
day. An unknown date passes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import col, hits, path_way

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "A17"
QUESTION: Final = "Är uppgiften för gammal?"
SOURCE: Final = "proposed; other systems re-ask after 4 to 15 years"
REACH_M: Final = math.inf  # age is counted to the newest edit of all
ROW_LOCAL: Final = False

SEEN: Final = ("edited_at", "check_date", "survey:date")
MAX_YEARS: Final = 10.0
DAYS_A_YEAR: Final = 365.25


def flag(layers: Layers) -> pd.DataFrame:
    """Flag segments that nobody has touched or checked for ten years."""
    s = layers.segments
    dates = [
        pd.to_datetime(col(s, name), utc=True, errors="coerce", format="ISO8601") for name in SEEN
    ]
    seen = pd.concat(dates, axis=1).max(axis=1)
    age = (seen.max() - seen).dt.days / DAYS_A_YEAR
    found = hits(s, path_way(s) & age.ge(MAX_YEARS))
    return found.assign(years=age.fillna(0).astype("int64").to_numpy()[found["row"]])
