"""Is the crossing too long?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import among, hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "C04"
QUESTION: Final = "Är passagen för lång?"
SOURCE: Final = "proposed; a four-lane street with refuge is about 25 m wide"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

NOTE_M: Final = 40.0
LONG_M: Final = 100.0


def flag(layers: Layers) -> pd.DataFrame:
    """Flag crossings longer than 40 m; over 100 m the table's other grade applies."""
    s = layers.segments
    length = s.geometry.length
    crossing = among(s, "kind", ("crossing",)) & length.gt(NOTE_M)
    found = hits(s, crossing, ("highway", "footway", "cycleway", "crossing"))
    measured = length.round(1).to_numpy()[found["row"]]
    return found.assign(length=measured, other=length.to_numpy()[found["row"]] > LONG_M)
