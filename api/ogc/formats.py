"""How is a page of features written for a spreadsheet or a GIS?

CSV, FlatGeobuf and GeoParquet by the writers of the exports, into a folder of its own that is gone
afterwards; the live store is never opened by another library.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

from gis.exports import csvfile, fgb, geoparquet

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.ogc.pages import Page
    from api.ogc.scene import Scene


class Format(NamedTuple):
    """The end of a file's name, and what writes it."""

    suffix: str
    write: Callable[..., object]


FORMATS: Final = {
    "csv": Format("csv", csvfile.write),
    "fgb": Format("fgb", fgb.write),
    "geoparquet": Format("parquet", geoparquet.write),
}


def written(scene: Scene, name: str, page: Page) -> bytes:
    """Write a page of features as a file.

    Parameters
    ----------
    scene
        The store, its area and the format asked for.
    name
        The collection.
    page
        Which features; read again as rows.

    Returns
    -------
    file
        CSV in longitude and latitude, the others in the area's system.
    """
    keys = [orjson.loads(feature)["id"] for feature in page.features]
    frame = scene.store.layer(name, ids=keys)
    form = FORMATS[scene.form]
    with TemporaryDirectory(prefix="gcvag-page-") as folder:
        path = Path(folder) / f"{name}.{form.suffix}"
        form.write({name: frame}, path, scene.area)
        return path.read_bytes()
