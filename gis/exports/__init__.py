"""In which file formats can layers leave the store?

One writer a format. A file is written beside its place and moved there when it is whole; a file
that stood there is replaced only then. Attribution goes with every file.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import shapely

from gis import areas, codes, crs
from gis.errors import CodeError, GisError, NotFoundError
from gis.exports import csvfile, geojson, gpkg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gis.areas import Area
    from gis.store import Store

    Layers = dict[str, gpd.GeoDataFrame]

WRITERS: Final[dict[str, Callable[[Layers, Path, Area], None]]] = {
    "gpkg": gpkg.write,
    "geojson": geojson.write,
    "csv": csvfile.write,
}
FORMATS: Final = tuple(WRITERS)
PUBLIC: Final = (
    "segments", "findings", "crossings", "signs", "places", "streets", "districts",
)  # fmt: skip
EDGE_STEP_DEG: Final = 0.01
LON_MAX: Final = 180
LAT_MAX: Final = 90
Box = tuple[float, float, float, float]


def parse_bbox(text: str) -> Box:
    """Read ``west,south,east,north`` in degrees.

    Raises
    ------
    GisError
        If it is not four numbers in order and within the earth's range.

    Examples
    --------
    >>> parse_bbox("15.5,56.1,15.7,56.2")
    (15.5, 56.1, 15.7, 56.2)
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-LON_MAX <= west < east <= LON_MAX and -LAT_MAX <= south < north <= LAT_MAX):
        msg = f"bbox {text!r} is no west,south,east,north in degrees, such as 15.5,56.1,15.7,56.2."
        raise GisError(msg)
    return west, south, east, north


def export(
    store: Store,
    name: str,
    path: Path,
    *,
    layers: Sequence[str] = (),
    bbox: Box | None = None,
    classes: Sequence[str] = (),
) -> int:
    """Write layers of a store to a file.

    Parameters
    ----------
    store
        The public store.
    name
        One of ``FORMATS``.
    path
        The file to write; its folder must exist.
    layers
        Public layers; ``segments`` when empty (``gpkg``: all).
    bbox
        Only what meets this box, in degrees.
    classes
        Only segments of these classes.

    Returns
    -------
    n
        How many features were written.
    """
    area = areas.from_json(store.area_json())
    wanted = _wanted(layers, name)
    frames = {layer: _frame(store, layer, area, bbox, classes) for layer in wanted}
    if not path.parent.is_dir():
        msg = f"{path.parent}: there is no such folder; make it first or choose another."
        raise NotFoundError(msg)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".gcvag-") as folder:
        draft = Path(folder) / path.name
        WRITERS[name](frames, draft, area)
        draft.replace(path)
    return sum(len(frame) for frame in frames.values())


def _wanted(layers: Sequence[str], name: str) -> Sequence[str]:
    """Return the layers to write; a format of one layer takes one."""
    unknown = [layer for layer in layers if layer not in PUBLIC]
    if unknown:
        msg = f"layer {unknown[0]!r} is not exported; choose among {', '.join(PUBLIC)}."
        raise GisError(msg)
    if layers and len(layers) > 1 and name != "gpkg":
        msg = f"{name} holds one layer a file; give one --layer, or write a gpkg."
        raise GisError(msg)
    return layers or (PUBLIC if name == "gpkg" else ("segments",))


def _frame(
    store: Store, layer: str, area: Area, bbox: Box | None, classes: Sequence[str]
) -> gpd.GeoDataFrame:
    """Read the wanted rows of a layer in the working CRS."""
    unknown = [code for code in classes if code not in codes.load("path_class")]
    if unknown:
        msg = f"class {unknown[0]!r} is not in the code list path_class."
        raise CodeError(msg)
    where = {"path_class": list(classes)} if classes and layer == "segments" else None
    window = _window(bbox, area) if bbox else None
    return store.layer(layer, bbox=window, where=where)


def _window(bbox: Box, area: Area) -> Box:
    """Return the box in the working CRS that holds all of a box in degrees."""
    edge = shapely.segmentize(shapely.box(*bbox), EDGE_STEP_DEG)
    there = crs.to_working(gpd.GeoSeries([edge], crs=crs.WGS84), area.crs)
    west, south, east, north = (float(side) for side in there.total_bounds)
    return west, south, east, north
