"""How fast may one drive, in km/h?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

# One statute mile in kilometres.
MILE_KM: Final = 1.609344
PATTERN: Final = r"^\s*(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?\s*$"


def speed_kmh(maxspeed: pd.Series[str]) -> NDArray[np.float64]:
    """Read speed limits; words such as ``walk`` or ``SE:urban`` give NaN.

    Examples
    --------
    >>> speed_kmh(pd.Series(["30", "20 mph", "SE:urban", None], dtype="str")).round(1).tolist()
    [30.0, 32.2, nan, nan]
    """
    parts = maxspeed.str.extract(PATTERN)
    figure = pd.to_numeric(parts[0], errors="coerce").astype("float64")
    metric = figure.where(~parts[1].eq("mph"), figure * MILE_KM)
    return np.asarray(metric, dtype=np.float64)
