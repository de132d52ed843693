"""Does a signed cycle route run where cycling is not allowed?

A ban is a contradiction; a footway that merely says nothing is a question. Steps are J27's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import CYCLING, among, hits, own_line, truth

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B15"
QUESTION: Final = "Går en skyltad cykelled där man inte får cykla?"
SOURCE: Final = "TF 3:6; OSM wiki Relation route=bicycle"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

ALLOWED: Final = ("yes", "designated", "permissive", "dismount")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag signed cycle routes over ways where cycling is not allowed."""
    s = layers.segments
    route = truth(s, "bicycle_route") & own_line(s) & ~among(s, "highway", ("steps",))
    banned = among(s, "bicycle", ("no", "private", "discouraged"))
    open_ = among(s, "bicycle", ALLOWED) | among(s, "path_class", CYCLING)
    silent = among(s, "highway", ("footway", "pedestrian")) & ~open_
    found = hits(s, route & (banned | silent), ("highway", "bicycle", "foot"))
    return found.assign(other=~banned.to_numpy()[found["row"]])
