"""What did people see and decide, and how is a mark received?"""

from __future__ import annotations

from gis.marks.delivered import as_delivered, laid_out
from gis.marks.edits import Edits, read_edits
from gis.marks.frames import decisions, observations, versions
from gis.marks.homing import homed
from gis.marks.places import places
from gis.marks.receive import Received, receive
from gis.marks.redrawing import apply_edits, settle_edits, with_lineage, with_paths
from gis.marks.settle import decide_segment
from gis.marks.standing import standing_decision, version
from gis.marks.surviving import heirs, inherit, kin, survive

__all__ = [
    "Edits",
    "Received",
    "apply_edits",
    "as_delivered",
    "decide_segment",
    "decisions",
    "heirs",
    "homed",
    "inherit",
    "kin",
    "laid_out",
    "observations",
    "places",
    "read_edits",
    "receive",
    "settle_edits",
    "standing_decision",
    "survive",
    "version",
    "versions",
    "with_lineage",
    "with_paths",
]
