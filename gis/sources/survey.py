"""What does a safety survey say, indicator by indicator?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.sources.records import read_records

if TYPE_CHECKING:
    from pathlib import Path

    from gis.sources.said import Said


def read(path: Path) -> Said:
    """Read a survey: ``year``, ``area``, ``indicator``, ``value``, ``unit`` and who answered."""
    return read_records(path, "survey")
