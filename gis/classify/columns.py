"""Which facts does the classification know of?

One row a segment or asked object. Texts are null where nothing is known, lists are empty, flags
are false. Beside these stand the tags of OpenStreetMap under their own keys.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

TEXTS: Final = (
    "kind",  # path, lane, street, crossing
    "side",  # none, left, right
    "side_tag",  # sidewalk, cycleway: what the street says of this side
    "side_value",
    "sign_class",  # class that the sign implies
    "sign_class_end",  # class of the sign at the other end, or of a second sign
    "plate",  # words on plates
    "ban",  # sign that bans cycling and is not lifted by a plate
    "gcm",  # NVDB GCM code as text
    "nattyp",  # NVDB type of net as text
    "passage",  # NVDB GCM-passage type as text
    "nvdb_street",  # gagata, gangfartsomrade where NVDB has one
    "separation",  # code of codes/separation.csv
    "ltf_class",  # class that a local traffic regulation gives
    "ltf_id",
    "observed_class",  # what a person says who saw the place, without a sign
    "document_class",  # what a municipal document says
    "decided_class",  # what a planner settled
    "keeper",  # NVDB: 3 or enskild
    "walk_side",  # mirrored: the symbols of a D7 and the sides do not agree
)
LISTS: Final = ("sign", "sign_end", "markings")
FLAGS: Final = (
    "in_park",
    "near_houses",
    "near_school",
    "bicycle_route",
    "permits_bicycle",  # a plate permits cycling
    "forbids_moped",  # a plate or sign excludes moped class II
    "permits_moped",
    "sign_ends",  # an end sign is known
    "no_sign",  # somebody looked and there is no sign
    "no_sign_end",
    "carried",  # the sign stands at another segment of the same run
    "footway_beside",  # a way for walkers runs along it
    "street_beside",  # it is a street's side, or runs along one
    "fast_street_near",  # a fast street runs some way off
    "links_cycle_paths",  # short, with cycle paths at both ends
)
NUMBERS: Final = ("width_m",)


def complete(facts: pd.DataFrame) -> pd.DataFrame:
    """Add the facts that a frame lacks: null, empty list, false.

    Parameters
    ----------
    facts
        Any of the columns above, and tags; any index.

    Returns
    -------
    facts
        With every column above.
    """
    untold = pd.Series([None] * len(facts), index=facts.index, dtype="str")
    added = {name: untold for name in TEXTS if name not in facts.columns}
    for name in (*LISTS, *FLAGS, *NUMBERS):
        if name not in facts.columns:
            added[name] = _nothing(name, facts.index)
    return pd.concat([facts, pd.DataFrame(added, index=facts.index)], axis=1)


def _nothing(name: str, index: pd.Index) -> pd.Series:
    """Return a column in which nothing is known."""
    if name in LISTS:
        return pd.Series([[] for _ in range(len(index))], index=index, dtype=object)
    if name in FLAGS:
        return pd.Series(data=False, index=index)
    return pd.Series(np.nan, index=index, dtype="float64")
