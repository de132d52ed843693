"""From evidence to one class with a reason: which facts, which rule, what stays open?"""

from __future__ import annotations

from gis.classify.cases import graded_cases
from gis.classify.columns import complete
from gis.classify.decision import classification_table, classify
from gis.classify.gather import facts, with_evidence
from gis.classify.osm import osm_table
from gis.classify.use import use_of, uses

__all__ = [
    "classification_table",
    "classify",
    "complete",
    "facts",
    "graded_cases",
    "osm_table",
    "use_of",
    "uses",
    "with_evidence",
]
