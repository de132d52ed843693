"""Which roles do tagged objects play?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.sources.tables import role_of

if TYPE_CHECKING:
    from gis.sources.osm_objects import Objects


def played(objects: Objects, kind: str) -> pd.DataFrame:
    """List the roles of objects.

    Parameters
    ----------
    objects
        Objects with numbered tags.
    kind
        What the table calls them: way, node or area.

    Returns
    -------
    roles
        ``row`` (number of the object), ``role``, ``kind`` (value of the tag that gave it) and
        ``park``; one row for each role of an object, by row and role.
    """
    pairs = zip(objects.keys, objects.values, strict=True)
    roles = {
        number: role
        for number, (key, value) in enumerate(pairs)
        if (role := role_of(kind, key, value)) is not None
    }
    gives = np.isin(objects.tag_pair, np.fromiter(roles, np.int64, count=len(roles)))
    given = [roles[pair] for pair in objects.tag_pair[gives].tolist()]
    frame = pd.DataFrame(
        {
            "row": objects.tag_row[gives],
            "role": [role.name for role in given],
            "kind": [role.kind for role in given],
            "park": [role.park for role in given],
        }
    )
    ordered = frame.sort_values(
        ["row", "role", "park", "kind"], ascending=[True, True, False, True]
    )
    return ordered.drop_duplicates(["row", "role"]).reset_index(drop=True)
