"""Which questions does the data raise?

One file a question, found by its name; the words and the grades stand in ``rules/checks.csv``.
"""

from __future__ import annotations

from gis.checks.asking import run, run_rows
from gis.checks.base import Layers
from gis.checks.discovery import all_checks
from gis.checks.legal import load_cases
from gis.checks.table import load_table

__all__ = ["Layers", "all_checks", "load_cases", "load_table", "run", "run_rows"]
