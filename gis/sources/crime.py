"""How many crimes were reported, by offence, area and period?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.sources.records import read_records

if TYPE_CHECKING:
    from pathlib import Path

    from gis.sources.said import Said


def read(path: Path) -> Said:
    """Read statistics of reported crime: one row an offence and period, or one column a year."""
    return read_records(path, "crime")
