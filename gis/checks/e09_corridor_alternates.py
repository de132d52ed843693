"""Does the class alternate along a corridor?

A corridor is a row of paths of one name that meet end to end; a planner sees it as one thing. It
is asked about once, at its longest piece. Steps, crossings and undecided pieces break no corridor.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.checks.base import among, col, hits_at, path_way
from gis.checks.graph import ends

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from gis.checks.base import Layers

CHECK_ID: Final = "E09"
QUESTION: Final = "Växlar klassen längs ett stråk?"
SOURCE: Final = "proposed: more than three changes of class a kilometre; no system studied asks it"
REACH_M: Final = math.inf  # how long a corridor is, is known only from the whole network
ROW_LOCAL: Final = False

CHANGES_PER_KM: Final = 3.0
FEWEST: Final = 3
"""Two changes are one other piece in between, which D07 asks about."""
METRES_PER_KM: Final = 1000.0
OPEN: Final = ("trappa", "okand")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag the longest piece of each corridor whose class changes too often."""
    s = layers.segments
    asked = path_way(s) & col(s, "name").notna() & ~among(s, "path_class", OPEN)
    at = ends(layers)[["row", "node"]]
    at = at[at["row"].isin(np.flatnonzero(asked))]
    at = at.assign(
        segment_id=s["segment_id"].to_numpy()[at["row"]],
        name=col(s, "name").to_numpy(dtype=object)[at["row"]],
        path_class=col(s, "path_class").to_numpy(dtype=object)[at["row"]],
    )
    at["part"] = _parts(at, len(s))[at["row"]]
    kinds = at.groupby(["part", "node"])["path_class"].nunique()
    changes = (kinds - 1).groupby("part").sum()
    pieces = at.drop_duplicates("row").assign(
        length=lambda p: s.geometry.length.to_numpy()[p["row"]]
    )
    length = pieces.groupby("part")["length"].sum()
    often = changes.ge(FEWEST) & changes.gt(length / METRES_PER_KM * CHANGES_PER_KM)
    longest = pieces.sort_values(["length", "segment_id"], ascending=[False, True]).drop_duplicates(
        "part"
    )
    longest = longest[longest["part"].isin(often.index[often])].sort_values("row")
    return hits_at(
        s,
        longest["row"].to_numpy(),
        changes=longest["part"].map(changes).to_numpy(),
        length=longest["part"].map(length).round().astype("int64").to_numpy(),
        name=longest["name"].to_numpy(),
    )


def _parts(at: pd.DataFrame, size: int) -> NDArray[np.int32]:
    """Give each of `size` segments the number of its corridor: paths of one name that meet."""
    place = at.groupby(["name", "node"]).ngroup().to_numpy() + size
    count = size + len(at)
    links = coo_array(
        (np.ones(len(at), dtype=np.int8), (at["row"].to_numpy(), place)), (count,) * 2
    )
    label: NDArray[np.int32] = connected_components(links, directed=False)[1]
    return label
