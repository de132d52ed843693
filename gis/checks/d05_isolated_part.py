"""Do the paths hang together with the rest of the net?

One finding a part, at its longest segment. Parts that streets join are one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from gis.checks.base import hits_at
from gis.checks.graph import components, ends, sizes

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "D05"
QUESTION: Final = "Hänger banorna ihop med resten av nätet?"
SOURCE: Final = "topology"
REACH_M: Final = math.inf  # a part is known only from the whole network
ROW_LOCAL: Final = False


def flag(layers: Layers) -> pd.DataFrame:
    """Flag parts of the path net that nothing joins to the main part."""
    s = layers.segments
    path = ends(layers)
    path = path[path["end"].eq(0.0)].assign(part=lambda p: p["node"].map(components(layers)))
    path["length"] = s.geometry.length.to_numpy()[path["row"].to_numpy()]
    path["name"] = s["segment_id"].to_numpy()[path["row"].to_numpy()]
    total = path.groupby("part")["length"].agg(["sum", "size"])
    longest = path.sort_values(["length", "name"]).drop_duplicates("part", keep="last")
    longest = longest.join(total, on="part")
    main = longest["part"].map(sizes(layers)).idxmax() if len(longest) else None
    part = longest.drop(index=[] if main is None else [main]).sort_values("row")
    return hits_at(
        s,
        part["row"].to_numpy(),
        pieces=part["size"].to_numpy(),
        length=part["sum"].round().astype("int64").to_numpy(),
    )
