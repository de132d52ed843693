"""Of which kind is a segment, and which streets are segments at all?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

YES: Final = "yes"
CROSSING_KEYS: Final = ("footway", "cycleway", "path")


def is_crossing(ways: pd.DataFrame) -> Flags:
    """Tell which path ways are the part of a path that crosses a road."""
    found = np.zeros(len(ways), dtype=bool)
    for key in CROSSING_KEYS:
        found |= ways[key].eq("crossing").to_numpy(dtype=bool, na_value=False)
    return found


def path_kind(ways: pd.DataFrame) -> NDArray[np.object_]:
    """Give each path way its kind.

    A pedestrian street is a street unless it is an area; the ring of an area stays a path.
    """
    pedestrian = ways["highway"].eq("pedestrian").to_numpy(dtype=bool, na_value=False)
    area = ways["area"].eq(YES).to_numpy(dtype=bool, na_value=False)
    kinds = np.where(pedestrian & ~area, "street", "path").astype(object)
    kinds[is_crossing(ways)] = "crossing"
    return kinds


def is_own_street(ways: pd.DataFrame, on_bicycle_route: Flags) -> Flags:
    """Tell which street ways have a class of the inventory themselves.

    Cycle streets, living streets, and streets that a cycle route runs on.
    """
    own = on_bicycle_route | ways["highway"].eq("living_street").to_numpy(
        dtype=bool, na_value=False
    )
    for key in ("bicycle_road", "cyclestreet", "living_street"):
        own |= ways[key].eq(YES).to_numpy(dtype=bool, na_value=False)
    return own


def on_route(ways: pd.DataFrame, routes: pd.DataFrame, route: str) -> Flags:
    """Tell which ways are members of a route of one kind."""
    members = routes.loc[routes["route"].eq(route), "member_id"]
    return ways["source_id"].isin(members).to_numpy(dtype=bool)
