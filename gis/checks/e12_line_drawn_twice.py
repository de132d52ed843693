"""Have two people given one segment different lines?

Asked of each segment with a line or a join that somebody else's stands against.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.told_lines import line_hits

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "E12"
QUESTION: Final = "Vilken av två ritade linjer gäller?"
SOURCE: Final = "this project: people who disagree are never overwritten"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag each line that waits beside the one that stands."""
    return line_hits(layers, "clashing")
