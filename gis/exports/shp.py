"""How is a shapefile written that keeps å, ä and ö and says what was shortened?

Names of columns have ten letters at most, by ``shp_names.csv``; text has 254 bytes. UTF-8, said in
``.cpg``. Beside it stands a text with the attribution and the whole names. A layer of several
kinds of geometry becomes one shapefile each, in a zip.
"""

from __future__ import annotations

import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyogrio
from pandas.api.types import is_string_dtype

from gis import csvfile
from gis.contracts import contract
from gis.errors import GisError
from gis.exports.plain import credit, flat
from gis.settings import data_dir

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.areas import Area

TEXT_BYTES: Final = 254
ZIP: Final = ".zip"


@cache
def short_names() -> dict[str, str]:
    """Return the short name of each column whose own is too long for a shapefile.

    Examples
    --------
    >>> short_names()["inspected_at"]
    'inspected'
    """
    rows = csvfile.rows(data_dir() / "sources" / "shp_names.csv")
    return {row["column"]: row["short"] for row in rows}


def write(layers: dict[str, gpd.GeoDataFrame], path: Path, area: Area) -> int:
    """Write one layer in the area's CRS; zipped when the name ends in ``.zip``."""
    ((name, frame),) = layers.items()
    parts = _by_kind(frame, name)
    if path.suffix.lower() == ZIP:
        _write_zip(parts, path, area)
        return len(frame)
    if len(parts) > 1:
        msg = f"{path.name}: {name} holds {' and '.join(parts)}; name a file that ends in .zip."
        raise GisError(msg)
    _write_one(*next(iter(parts.items())), path, area)
    return len(frame)


def _by_kind(frame: gpd.GeoDataFrame, name: str) -> dict[str, gpd.GeoDataFrame]:
    """Put the rows of each kind of geometry together; those without a place go with the first."""
    kinds = frame.geom_type.str.removeprefix("Multi")
    found = list(dict.fromkeys(kinds.dropna())) or [contract(name).geometry[0]]
    kinds = kinds.fillna(found[0])
    return {kind: frame[kinds.eq(kind)] for kind in found}


def _write_zip(parts: dict[str, gpd.GeoDataFrame], path: Path, area: Area) -> None:
    """Write each part as a shapefile of its own and pack them."""
    with tempfile.TemporaryDirectory(prefix="gcvag-") as folder:
        for kind, rows in parts.items():
            ending = "" if len(parts) == 1 else f"_{kind.lower()}"
            _write_one(kind, rows, Path(folder, f"{path.stem}{ending}.shp"), area)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for part in sorted(Path(folder).iterdir()):
                packed.write(part, part.name)


def _write_one(kind: str, rows: gpd.GeoDataFrame, path: Path, area: Area) -> None:
    """Write one shapefile and the text that goes with it."""
    plain = flat(rows).rename(columns=short_names())
    words = [column for column in plain.columns if is_string_dtype(plain[column])]
    plain = plain.assign(**{column: _cut(plain[column]) for column in words})
    pyogrio.write_dataframe(
        plain,
        path,
        driver="ESRI Shapefile",
        encoding="UTF-8",
        geometry_type=None if len(rows) else kind,
    )
    told = [credit(area), *(f"{short_names()[c]} = {c}" for c in rows if c in short_names())]
    path.with_suffix(".txt").write_text("\n".join(told) + "\n", encoding="utf-8")


def _cut(cells: pd.Series[str]) -> pd.Series[str]:
    """Cut text to what a cell of a shapefile holds, never inside a letter."""
    cut = [
        cell.encode()[:TEXT_BYTES].decode(errors="ignore") if isinstance(cell, str) else None
        for cell in cells
    ]
    return pd.Series(cut, index=cells.index, dtype="str")
