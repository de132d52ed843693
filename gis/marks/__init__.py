"""What did people see and decide, and how is a mark received?"""

from __future__ import annotations

from gis.marks.frames import decisions, observations, versions
from gis.marks.receive import Received, receive, standing_decision, version
from gis.marks.settle import decide_segment

__all__ = [
    "Received",
    "decide_segment",
    "decisions",
    "observations",
    "receive",
    "standing_decision",
    "version",
    "versions",
]
