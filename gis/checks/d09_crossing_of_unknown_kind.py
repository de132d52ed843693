"""How does the path cross the street?

A path crosses where two path ends meet a street and leave it on opposite sides. Drives,
parking aisles and tracks need no crossing; one that says marked or unmarked is known. Over a
quiet street a footway needs no marking: a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.checks.base import CYCLING, among, col, has, hits_at, tags
from gis.checks.graph import ends, points_of, street_ends

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "D09"
QUESTION: Final = "Hur korsar banan gatan?"
SOURCE: Final = "NVDB: a GCM link over a car link has type 125–150"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

KNOWN_TYPES: Final = ("125", "130", "135", "140", "145", "150", "3", "4", "5", "28")
MINOR: Final = ("service", "track", "busway", "road", "pedestrian")
MAIN: Final = (
    *("trunk", "primary", "secondary", "tertiary"),
    *("trunk_link", "primary_link", "secondary_link", "tertiary_link"),
)
TWO: Final = 2
# Flatter than this a path runs along the street.
SLANT_DEG: Final = 20.0


def flag(layers: Layers) -> pd.DataFrame:
    """Flag places where a path goes over a street and the kind of crossing is not given."""
    s = layers.segments
    met = _over(layers)
    crossings = layers.crossings
    typed = crossings[~among(crossings, "crossing_class", ("okand",))]
    met = met[~met["node"].isin(col(typed, "node_id"))]
    told = among(s, "kind", ("crossing",)) & has(s, "crossing", "crossing:markings", "gcm")
    told |= among(s, "gcm", KNOWN_TYPES)
    said = told.to_numpy()
    met = met[~said[met["row"].to_numpy()] & ~said[met["other"].to_numpy()]]
    met = met.assign(name=s["segment_id"].to_numpy()[met["row"].to_numpy()])
    met = met.sort_values(["node", "name"]).drop_duplicates("node")
    rides = among(s, "path_class", CYCLING).to_numpy()
    rides = rides[met["row"].to_numpy()] | rides[met["other"].to_numpy()]
    return hits_at(
        s,
        met["row"].to_numpy(),
        street=met["street"].to_numpy(),
        subject=met["street_id"].to_numpy(),
        other=~rides & ~met["main"].to_numpy(),
        place=points_of(met),
    )


def _over(layers: Layers) -> pd.DataFrame:
    """Pair path ends that leave a street's node on opposite sides of the street."""
    path = ends(layers)
    pairs = path.merge(path[["node", "row", "bearing"]], on="node", suffixes=("", "_b"))
    pairs = pairs[pairs["row"].ne(pairs["row_b"])].rename(columns={"row_b": "other"})
    pairs = pairs.merge(_roads(layers), on="node")
    return pairs[_opposite(pairs)]


def _roads(layers: Layers) -> pd.DataFrame:
    """List the nodes where one street runs on: its two directions, name, id and rank."""
    streets, street = layers.streets, street_ends(layers)
    street = street[~among(streets, "highway", MINOR).to_numpy()[street["row"].to_numpy()]]
    at = streets.iloc[street["row"].to_numpy()]
    street = street.assign(
        street_id=col(at, "street_id").to_numpy(),
        street=tags(at, ("highway", "name")).to_numpy(),
        main=among(at, "highway", MAIN).to_numpy(),
    ).sort_values(["node", "street_id", "end"])
    through = street[street.groupby("node")["row"].transform("size").eq(TWO)]
    last = through.drop_duplicates("node", keep="last")
    road = through.drop_duplicates("node").merge(last, on="node", suffixes=("", "_on"))
    named = road.rename(columns={"bearing": "along", "bearing_on": "along_on"})
    found: pd.DataFrame = named[["node", "along", "along_on", "street", "street_id", "main"]]
    return found


def _opposite(pairs: pd.DataFrame) -> pd.Series:
    """Tell which two path ends lie on different sides of the line along the street."""
    span = (pairs["along_on"] - pairs["along"]) % 360.0
    one = (pairs["bearing"] - pairs["along"]) % 360.0
    two = (pairs["bearing_b"] - pairs["along"]) % 360.0
    return one.between(SLANT_DEG, span - SLANT_DEG) & two.between(
        span + SLANT_DEG, 360.0 - SLANT_DEG
    )
