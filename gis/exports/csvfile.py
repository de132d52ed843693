"""How is CSV written that a spreadsheet opens without running anything?

UTF-8 with BOM, geometry as WKT in longitude and latitude. A text cell that a spreadsheet would
take for a formula gets a leading apostrophe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pandas.api.types import is_numeric_dtype

from gis import crs
from gis.exports.plain import credit, flat

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from gis.areas import Area

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
DECIMALS: Final = 7


def write(layers: dict[str, gpd.GeoDataFrame], path: Path, area: Area) -> int:
    """Write one layer as a table; the last column says whom the data comes from."""
    (frame,) = layers.values()
    there = crs.to_wgs84(frame)
    table = flat(there).drop(columns=there.geometry.name).apply(harmless)
    table["geometry"] = there.geometry.to_wkt(rounding_precision=DECIMALS)
    table["attribution"] = credit(area)
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
    return len(table)


def harmless(cells: pd.Series) -> pd.Series:
    """Put an apostrophe before text that a spreadsheet would run.

    Examples
    --------
    >>> import pandas as pd
    >>> harmless(pd.Series(["=1+1", "Skolgatan"])).tolist()
    ["'=1+1", 'Skolgatan']
    """
    if is_numeric_dtype(cells):
        return cells
    runs = cells.astype("str").str.startswith(FORMULA) & cells.notna()
    return cells.where(~runs, "'" + cells.astype("str"))
