"""Does the decision contradict every source?

A person who was there outweighs data, so the sources are what should be corrected: a note. It is
a question where two sources agree against a decision for which nobody gave a reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis import codes
from gis.checks.base import col, hits_at, truth
from gis.checks.told_classes import class_by_source

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "E05"
QUESTION: Final = "Går beslutet emot alla källor?"
SOURCE: Final = "proposed; no system studied asks it"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

_TWO: Final = 2
_SEEN: Final = ("sign_class", "sign_class_end", "observed_class", "ltf_class")
_UNKNOWN: Final = "okand"


def flag(layers: Layers) -> pd.DataFrame:
    """Flag decisions that no sign, person, regulation or source shares."""
    s = layers.segments
    rows = np.flatnonzero(col(s, "decided_class").notna().to_numpy(dtype=bool))
    some = pd.DataFrame(s.iloc[rows])
    if some.empty:
        return hits_at(s, rows)
    own = some["decided_class"]
    told = class_by_source(some)
    said = pd.DataFrame({name: told[name]["path_class"] for name in told}, index=some.index)
    said = said.join(pd.DataFrame({name: col(some, name) for name in _SEEN}))
    said = said.where(~said.isin([_UNKNOWN]))
    shared = said.eq(own, axis=0).any(axis=1)
    against = (said.notna().any(axis=1) & ~shared).to_numpy(dtype=bool)
    agreed = said.nunique(axis=1).eq(1) & said.notna().sum(axis=1).ge(_TWO)
    asked = agreed & ~truth(some, "decided_reason")
    return hits_at(
        s,
        rows[against],
        own_class=own.to_numpy()[against],
        **{f"sources_{lang}": _named(said[against], lang) for lang in ("sv", "en")},
        other=asked.to_numpy(dtype=bool)[against],
    )


def _named(said: pd.DataFrame, lang: str) -> list[str]:
    """Name the classes that are said of each row, once each; a loop over hits."""
    names = codes.load("path_class").labels(lang)
    return [
        ", ".join(dict.fromkeys(names[one] for one in row if one in names))
        for row in said.to_numpy()
    ]
