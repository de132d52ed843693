"""Is the sign recorded?

Untagged and unopposed is a note. It becomes a question only where a signed cycle route runs over
it, cycling is not in the presumed class and would be in the runner-up: there the presumption
steers people. Nearness to a school alone raises nothing: in a town that is every second path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import CYCLE_PATHS, CYCLING, among, filled, has, hits, signed, truth

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "A10"
QUESTION: Final = "Är skylten registrerad?"
SOURCE: Final = "FVTD 2 §; legal case J01"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True

SIGNED_CLASSES: Final = (*CYCLE_PATHS, "gangbana", "gangbana_cykling_tillaten", "cykelgata")
# Footways on a route are asked about by B15.
ROUTE_CHECKED: Final = ("footway", "pedestrian", "steps")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag classes that depend on a sign where none is recorded."""
    s = layers.segments
    depends = among(s, "path_class", SIGNED_CLASSES) & ~among(s, "kind", ("crossing", "street"))
    unsigned = ~signed(s) & ~filled(s, "sign") & ~has(s, "traffic_sign", "ltf_class")
    steered = truth(s, "bicycle_route") & among(s, "runner_up", CYCLING)
    opposed = steered & ~among(s, "path_class", CYCLING) & ~among(s, "highway", ROUTE_CHECKED)
    found = hits(s, depends & unsigned, ("highway", "bicycle", "foot", "segregated"))
    return found.assign(other=opposed.to_numpy()[found["row"]])
