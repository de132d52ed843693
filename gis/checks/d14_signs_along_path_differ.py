"""Do two signs along one path, with no junction between them, say different things?

Signs at the two ends of one segment are B17's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gis.checks.base import col, hits_at, truth

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "D14"
QUESTION: Final = "Säger två skyltar längs samma bana olika?"
SOURCE: Final = "VMF 2:10: a D sign holds to the next junction; TF 2:2; legal case J04"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag the first signed piece of such a path; between two signs a class may change."""
    s = layers.segments
    own, other = col(s, "sign_class"), col(s, "run_class")
    differ = own.notna() & other.notna() & own.astype("str").ne(other.astype("str"))
    rows = np.flatnonzero(differ.to_numpy(dtype=bool))
    return hits_at(
        s,
        rows,
        other_class=other.to_numpy(dtype=object)[rows],
        other=~truth(s, "run_far").to_numpy(dtype=bool)[rows],
    )
