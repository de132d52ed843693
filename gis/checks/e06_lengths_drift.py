"""Has the length of a class changed more since the last delivery than deliveries do?

Asked when a delivery is brought in, and told with its outcome: it is about the delivery and not
about a place, so no layer keeps it. The finding stands at the longest segment of the class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.checks.base import col, hits_at

if TYPE_CHECKING:
    from gis.checks.base import Layers

CHECK_ID: Final = "E06"
QUESTION: Final = "Har längden per klass ändrats mycket?"
SOURCE: Final = "TILDA QA thresholds, the absolute gate first; numbers proposed"
REACH_M: Final = float("inf")
ROW_LOCAL: Final = False

GATE_M: Final = 200.0
MUCH: Final = 0.05
VERY_MUCH: Final = 0.15


def flag(layers: Layers) -> pd.DataFrame:
    """Flag the classes whose length has changed by more than 200 m and 5 %; other above 15 %."""
    s = layers.segments
    if layers.lengths_before is None or s.empty:
        return hits_at(s, np.empty(0, dtype=np.intp))
    after = col(s, "length_m").groupby(col(s, "path_class")).sum()
    told = pd.DataFrame({"before": pd.Series(layers.lengths_before), "after": after}).fillna(0.0)
    change = told["after"] - told["before"]
    share = (change / told["before"]).where(told["before"].gt(0), 1.0)
    told = told.assign(change=change, share=share)
    told = told[change.abs().gt(GATE_M) & share.abs().gt(MUCH)].sort_index()
    return hits_at(
        s,
        np.array([_longest(s, name) for name in told.index], dtype=np.intp),
        subject=told.index.to_numpy(dtype=object),
        own_class=told.index.to_numpy(dtype=object),
        share=_signed(told["share"] * 100),
        length=_signed(told["change"]),
        other=told["share"].abs().gt(VERY_MUCH).to_numpy(),
    )


def _signed(numbers: pd.Series[float]) -> list[str]:
    """Write whole numbers with their sign, the minus as typographers do."""
    return [f"{number:+.0f}".replace("-", "−") for number in numbers]


def _longest(segments: pd.DataFrame, name: str) -> int:
    """Find the longest segment of a class; the first of all where none has it any more."""
    lengths = col(segments, "length_m").where(col(segments, "path_class").eq(name))
    return int(np.argmax(lengths.fillna(-1.0).to_numpy(dtype=np.float64)))
