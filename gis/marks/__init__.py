"""What did people see and decide, and how is a mark received?"""

from __future__ import annotations

from gis.marks.frames import decisions, observations, versions
from gis.marks.places import places
from gis.marks.receive import Received, receive, standing_decision, version
from gis.marks.settle import decide_segment
from gis.marks.splits import Splits, apply_splits, homed, read_splits, settle_splits
from gis.marks.surviving import heirs, inherit, survive

__all__ = [
    "Received",
    "Splits",
    "apply_splits",
    "decide_segment",
    "decisions",
    "heirs",
    "homed",
    "inherit",
    "observations",
    "places",
    "read_splits",
    "receive",
    "settle_splits",
    "standing_decision",
    "survive",
    "version",
    "versions",
]
