"""Has the ground changed under a line that somebody moved or joined?

Asked of each segment with such an operation that is not done; what was drawn and what it was drawn
for stand in the evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.told_lines import line_hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "E11"
QUESTION: Final = "Gäller den linje som någon har ritat?"
SOURCE: Final = "this project: nothing a person marked is ever lost"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag each operation that no longer fits the line it was said of."""
    return line_hits(layers, "stale")
