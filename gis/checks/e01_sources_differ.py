"""Do two sources give the segment different classes?

Compared are document, NVDB and OSM, each read by itself; a second choice is no difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import hits_at
from gis.checks.told_classes import class_differences

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "E01"
QUESTION: Final = "Säger två källor olika klass?"
SOURCE: Final = "TfL/OSM and GeoDK/OSM merges; none has it as a review item"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag segments on which two sources disagree and the match is no weak one."""
    found = class_differences(layers.segments)
    words = {name: found[name].to_numpy() for name in found.columns if name != "row"}
    return hits_at(layers.segments, found["row"].to_numpy(), **words)
