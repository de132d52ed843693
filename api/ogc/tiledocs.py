"""What does the server say about its tiles?

Tile matrix set and tileset metadata (OGC API – Tiles 1.0, 2D Tile Matrix Set 2.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.errors import Problem
from api.kinds import Kind
from api.ogc.documents import COLLECTIONS, ROOT, collection
from api.ogc.links import JSON, TILE, address, link, twins
from api.ogc.plates import attributes
from api.ogc.tiles import OVERVIEW_BELOW, TOGETHER, Z_MAX
from gis.contracts import contract as contract_of
from maps.tiles import HALF_WORLD

if TYPE_CHECKING:
    from api.ogc.scene import Scene

QUAD: Final = "WebMercatorQuad"
QUAD_URI: Final = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
MERCATOR_URI: Final = "http://www.opengis.net/def/crs/EPSG/0/3857"
_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/"
TILE_PX: Final = 256
PIXEL_M: Final = 0.00028
"""Size of a pixel by which the standard turns a resolution into a scale."""


def matrix_sets(scene: Scene) -> dict[str, Any]:
    """List the one tile matrix set."""
    here = f"{scene.base}{ROOT}/tileMatrixSets"
    one = {
        "id": QUAD,
        "title": QUAD,
        "uri": QUAD_URI,
        "links": [link(f"{here}/{QUAD}", f"{_REL}tiling-scheme", JSON)],
    }
    return {"tileMatrixSets": [one], "links": twins(here, JSON, html=scene.html)}


def matrix_set(name: str) -> dict[str, Any]:
    """Describe WebMercatorQuad; 404 for another."""
    if name != QUAD:
        raise Problem(Kind.NOT_FOUND)
    return {
        "id": QUAD,
        "title": QUAD,
        "uri": QUAD_URI,
        "crs": MERCATOR_URI,
        "orderedAxes": ["E", "N"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(z) for z in range(Z_MAX + 1)],
    }


def tilesets(scene: Scene, name: str) -> dict[str, Any]:
    """List the one tileset of a collection."""
    here = f"{scene.base}{COLLECTIONS}/{name}/tiles"
    return {
        "tilesets": [_tileset(scene, name)],
        "links": twins(here, JSON, html=scene.html),
    }


def tileset(scene: Scene, name: str) -> dict[str, Any]:
    """Describe a tileset: limits, columns, and the pattern of its addresses."""
    contract = contract_of(name)
    columns = {c.name: c for c in contract.columns}
    shown = attributes(contract)
    return _tileset(scene, name) | {
        "layers": [
            {
                "id": name,
                "dataType": "vector",
                "minTileMatrix": str(OVERVIEW_BELOW),
                "maxTileMatrix": str(Z_MAX),
                "propertiesSchema": {
                    "type": "object",
                    "properties": {one: {"type": _TYPES[columns[one].type]} for one in shown},
                },
            },
            {
                "id": name,
                "dataType": "vector",
                "minTileMatrix": "0",
                "maxTileMatrix": str(OVERVIEW_BELOW - 1),
                "propertiesSchema": {
                    "type": "object",
                    "properties": {
                        one: {"type": _TYPES[columns[one].type]}
                        for one in ([TOGETHER[name]] if name in TOGETHER else [])
                    },
                },
            },
        ],
    }


def _tileset(scene: Scene, name: str) -> dict[str, Any]:
    """Describe a tileset in short."""
    told = collection(scene, name)
    here = f"{COLLECTIONS}/{name}/tiles/{QUAD}"
    west, south, east, north = told["extent"]["spatial"]["bbox"][0]
    template = f"{scene.base}{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    return {
        "title": told["title"],
        "dataType": "vector",
        "crs": MERCATOR_URI,
        "tileMatrixSetURI": QUAD_URI,
        "tileMatrixSetId": QUAD,
        "boundingBox": {
            "lowerLeft": [west, south],
            "upperRight": [east, north],
            "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        },
        "links": [
            *twins(address(scene.base, here), JSON, html=scene.html),
            link(f"{scene.base}{ROOT}/tileMatrixSets/{QUAD}", f"{_REL}tiling-scheme", JSON),
            link(template, "item", TILE) | {"templated": True},
        ],
    }


def _matrix(z: int) -> dict[str, Any]:
    """Describe one zoom."""
    cell = 2 * HALF_WORLD / (TILE_PX * 2**z)
    return {
        "id": str(z),
        "scaleDenominator": cell / PIXEL_M,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-HALF_WORLD, HALF_WORLD],
        "tileWidth": TILE_PX,
        "tileHeight": TILE_PX,
        "matrixWidth": 2**z,
        "matrixHeight": 2**z,
    }


_TYPES: Final = {"text": "string", "integer": "integer", "number": "number", "boolean": "boolean"}
