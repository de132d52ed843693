"""Has the source changed since the decision?

Asked of every decided segment; what changed is told in words where the decision kept what the
sources said then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gis.checks.base import col, hits_at, truth

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "E04"
QUESTION: Final = "Har källan ändrats efter beslutet?"
SOURCE: Final = "TILDA QA matrix; this project: a decision keeps what it rested on"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag decided segments of which the sources now say something else."""
    s = layers.segments
    rows = np.flatnonzero(truth(s, "decided_stale").to_numpy(dtype=bool))
    words = {name: col(s, name).to_numpy(dtype=object)[rows] for name in _WORDS}
    return hits_at(s, rows, **words, other=col(s, "changes_sv").isna().to_numpy()[rows])


_WORDS: Final = ("decided_on", "changes_sv", "changes_en")
