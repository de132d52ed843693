"""How many crimes were reported, by offence, area and period?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.sources import crime_table
from gis.sources.layout import read_toml
from gis.sources.opening import TEXT_SHEETS, WORKBOOKS
from gis.sources.records import as_records, read_records
from gis.sources.rows import Sheet

if TYPE_CHECKING:
    from pathlib import Path

    from gis.sources.said import Said

KIND = "crime"


def read(path: Path) -> Said:
    """Read statistics of reported crime: one row an offence and period, or a table as BRÅ's.

    A sheet with one column a year is taken, too.
    """
    form = read_toml(KIND)
    laid_out = path.suffix.lower() in TEXT_SHEETS + WORKBOOKS
    printed = crime_table.find(path, form["table"]) if laid_out else None
    if printed is None:
        return read_records(path, KIND)
    told, numbers = crime_table.unfold(printed, form, path.name)
    names = pd.Series([f"row {number}" for number in numbers], dtype="str")
    frame = gpd.GeoDataFrame(told, geometry=np.full(len(told), None, dtype=object))
    return as_records(Sheet(told=told, frame=frame, names=names, faults=[], form=form), KIND)
