"""Does the crossing fit the paths it joins?

Where neither sign, marking nor NVDB type was seen, the class is only read from a tag: then it is
a question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.checks.base import CYCLE_PATHS, FOOT_ONLY, among, filled, has, hits_at, tags
from gis.checks.graph import ends

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from gis.checks.base import Layers

CHECK_ID: Final = "D10"
QUESTION: Final = "Passar passagen till banorna den förbinder?"
SOURCE: Final = "NVDB types 135, 145 and 150; legal case J17, J18"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

KEYS: Final = ("highway", "footway", "cycleway", "crossing", "bicycle")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag zebras between cycle paths and cycle crossings between footpaths."""
    s = layers.segments
    met = _joined(layers)
    name = s["path_class"].to_numpy(dtype=object).astype(str)
    own, before, after = (name[met[at].to_numpy()] for at in ("row", "before", "after"))
    zebra = (own == "overgangsstalle") & np.isin(before, CYCLE_PATHS) & np.isin(after, CYCLE_PATHS)
    foot = np.isin(before, FOOT_ONLY) & np.isin(after, FOOT_ONLY)
    cycle = np.isin(own, ("cykelpassage", "cykeloverfart")) & foot
    hit = (zebra & ~_permitted(s)[met["row"].to_numpy()]) | cycle
    rows = met["row"].to_numpy()[hit]
    seen = (filled(s, "sign") | filled(s, "markings") | has(s, "gcm")).to_numpy()[rows]
    found = hits_at(s, rows, before_class=before[hit], after_class=after[hit], other=~seen)
    return found.assign(tags=tags(s.iloc[rows], KEYS).to_numpy())


def _permitted(segments: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which crossings say that bicycles are meant too."""
    said = among(segments, "bicycle", ("yes", "designated"))
    said |= among(segments, "highway", ("cycleway", "path"))
    permitted: NDArray[np.bool_] = said.to_numpy()
    return permitted


def _joined(layers: Layers) -> pd.DataFrame:
    """List crossings with the one path that goes on at each of their ends."""
    s = layers.segments
    path = ends(layers)
    crossing = among(s, "kind", ("crossing",)).to_numpy()
    on = path[~crossing[path["row"].to_numpy()]]
    on = on[on.groupby("node")["row"].transform("size").eq(1)][["node", "row"]]
    mine = path[crossing[path["row"].to_numpy()]].merge(on, on="node", suffixes=("", "_on"))
    start, stop = mine[mine["end"].eq(0.0)], mine[mine["end"].eq(1.0)]
    both = start.merge(stop[["row", "row_on"]], on="row", suffixes=("", "_stop"))
    names = {"row_on": "before", "row_on_stop": "after"}
    found: pd.DataFrame = both.rename(columns=names)[["row", "before", "after"]]
    return found
