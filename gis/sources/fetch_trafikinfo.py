"""What does NVDB's open service say about the area, as a delivery that its reader takes?

Each product is asked for around the middle of the area, page by page; the answer is laid out as
the per-product GeoPackage of Lastkajen. Which object types exist is written in the area profile:
``[sources.nvdb.objects]`` says, for each, the product it is.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

import geopandas as gpd
import orjson
import pandas as pd
import pyogrio
import shapely
from pyproj import Geod

from gis import crs
from gis.errors import SourceError
from gis.sources.downloading import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gis.areas import Area

KEY: Final = "GCVAG_TRAFIKVERKET_KEY"
"""The variable of the environment that holds the service's key."""
PAGE: Final = 10_000
MOST_PAGES: Final = 200
SCHEMA: Final = "1.2"
PLACE: Final = "Geometry.WKT-WGS84-3D"
SWEREF_TM: Final = 3006
NATIVE: Final = "WKT-SWEREF99TM"
GEOD: Final = Geod(ellps="GRS80")
Row = dict[str, Any]


def fetch(area: Area, source: dict[str, Any], ask: Callable[[Question], bytes]) -> bytes:
    """Ask for every product; the answer is a GeoPackage as the reader of ``nvdb`` takes.

    Raises
    ------
    SourceError
        If there is no key, no object type is named, or nothing lies in the area.
    """
    key, objects = os.environ.get(KEY, ""), source.get("objects") or {}
    if not key or not objects:
        lack = f"set the service's key in {KEY}" if not key else "name [sources.nvdb.objects]"
        msg = f"nvdb: {lack}, or order a file at Lastkajen and import it."
        raise SourceError(msg)
    found = {
        str(product): _lines(list(_pages(area, source, key, str(name), ask)), area)
        for name, product in objects.items()
    }
    kept = {product: lines for product, lines in found.items() if len(lines)}
    if not kept:
        msg = f"nvdb: the service names nothing in {area.name}; order a file at Lastkajen."
        raise SourceError(msg)
    return _packed(kept)


def question(area: Area, source: dict[str, Any], key: str, name: str, after: str) -> bytes:
    """Write the question for one page of one object type."""
    west, south, east, north = area.bbox
    _, _, across_m = GEOD.inv(west, south, east, north)
    root = Element("REQUEST")
    SubElement(root, "LOGIN", authenticationkey=key)
    told = {"objecttype": name, "namespace": str(source.get("namespace", ""))}
    told |= {"schemaversion": SCHEMA, "limit": str(PAGE), "changeid": after}
    where = SubElement(SubElement(root, "QUERY", told), "FILTER")
    middle = f"{(west + east) / 2:.5f} {(south + north) / 2:.5f}"
    near = {"name": PLACE, "value": middle, "maxdistance": f"{across_m / 2:.0f}"}
    SubElement(where, "NEAR", near)
    body: bytes = tostring(root, encoding="utf-8")
    return body


def _pages(
    area: Area, source: dict[str, Any], key: str, name: str, ask: Callable[[Question], bytes]
) -> Iterator[Row]:
    """Ask page after page and yield the rows that still hold."""
    after = "0"
    for _ in range(MOST_PAGES):
        body = question(area, source, key, name, after)
        headers = {"Content-Type": "text/xml"}
        answer = ask(Question(address=source["address"], body=body, headers=headers))
        rows, last = _page(answer, name)
        yield from (row for row in rows if not row.get("Deleted"))
        if len(rows) < PAGE or last in ("", after):
            return
        after = last


def _page(answer: bytes, name: str) -> tuple[list[Row], str]:
    """Read one page: its rows, and the number from which the next one goes on."""
    try:
        result = orjson.loads(answer)["RESPONSE"]["RESULT"][0]
        rows = result.get(name, [])
        last = str(result.get("INFO", {}).get("LASTCHANGEID", ""))
        return [row for row in rows if isinstance(row, dict)], last
    except (orjson.JSONDecodeError, KeyError, IndexError, TypeError, AttributeError) as error:
        msg = f"nvdb: the answer for {name} has no RESPONSE.RESULT; the service has changed."
        raise SourceError(msg) from error


def _lines(rows: list[Row], area: Area) -> gpd.GeoDataFrame:
    """Lay rows out in EPSG:3006; those outside the area are left out."""
    texts = [_wkt(row) for row in rows]
    shapes = shapely.force_2d(shapely.from_wkt(texts, on_invalid="ignore"))
    plain = [{k: v for k, v in row.items() if not isinstance(v, dict | list)} for row in rows]
    frame = gpd.GeoDataFrame(pd.DataFrame(plain), geometry=list(shapes), crs=SWEREF_TM)
    box = gpd.GeoSeries([shapely.segmentize(shapely.box(*area.bbox), 0.01)], crs=crs.WGS84)
    window = crs.to(box, SWEREF_TM).iloc[0]
    return frame[frame.intersects(window)].reset_index(drop=True)


def _wkt(row: Row) -> str | None:
    """Return the geometry of a row as text in EPSG:3006."""
    held = row.get("Geometry")
    texts = held.items() if isinstance(held, dict) else ()
    return next((str(text) for name, text in texts if name.startswith(NATIVE)), None)


def _packed(layers: dict[str, gpd.GeoDataFrame]) -> bytes:
    """Write layers into one GeoPackage, named as Lastkajen names them."""
    with TemporaryDirectory(prefix="gcvag-") as folder:
        path = Path(folder, "nvdb.gpkg")
        for name, frame in layers.items():
            pyogrio.write_dataframe(
                frame, path, layer=f"NVDB_DK_O_{name}", driver="GPKG", append=path.exists()
            )
        return path.read_bytes()
