"""Which line of a source is which segment, and what follows for it?"""

from gis.conflate.combine import Conflated, Part, conflate, evidence_of
from gis.conflate.matching import match
from gis.conflate.pieces import as_segments, unmatched
from gis.conflate.told import facts

__all__ = [
    "Conflated",
    "Part",
    "as_segments",
    "conflate",
    "evidence_of",
    "facts",
    "match",
    "unmatched",
]
