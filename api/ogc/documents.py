"""What does the server say about itself and its collections?

Landing page, conformance, collections, and the schema of each, made from the layer contracts;
nothing about a layer is written twice. Extents are longitude and latitude.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.errors import Problem
from api.kinds import Kind
from api.ogc import wire
from api.ogc.formats import FORMATS
from api.ogc.links import FORMS, GEOJSON, HTML, JSON, OPENAPI, SCHEMA, address, link, twins
from api.ogc.operands import queryable
from gis import codes
from gis.contracts import contract as contract_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.ogc.scene import Scene
    from gis.contracts import Column, Contract
    from gis.words import Language

_SPEC: Final = "http://www.opengis.net/spec/"
CONFORMANCE: Final = tuple(
    _SPEC + kept
    for kept in (
        "ogcapi-common-1/1.0/conf/core",
        "ogcapi-features-1/1.0/conf/core",
        "ogcapi-features-1/1.0/conf/oas30",
        "ogcapi-features-1/1.0/conf/html",
        "ogcapi-features-1/1.0/conf/geojson",
        "ogcapi-features-2/1.0/conf/crs",
        "ogcapi-features-3/1.0/conf/queryables",
        "ogcapi-features-3/1.0/conf/queryables-query-parameters",
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        "ogcapi-features-5/1.0/conf/schemas",
        "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/cql2-json",
        "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/advanced-comparison-operators",
        "cql2/1.0/conf/case-insensitive-comparison",
        "cql2/1.0/conf/basic-spatial-functions",
        # The name that desktop GIS of before the final standard look for.
        "cql2/1.0/conf/basic-spatial-operators",
        "cql2/1.0/conf/spatial-functions",
        "cql2/1.0/conf/array-functions",
        "ogcapi-tiles-1/1.0/conf/core",
        "ogcapi-tiles-1/1.0/conf/tileset",
        "ogcapi-tiles-1/1.0/conf/tilesets-list",
        "ogcapi-tiles-1/1.0/conf/geodata-tilesets",
        "ogcapi-tiles-1/1.0/conf/mvt",
    )
)
ROOT: Final = "/ogc"
COLLECTIONS: Final = "/ogc/collections"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

TYPES: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "string"},
    "json": {"type": "object"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "string"}},
    "time": {"type": "string", "format": "date-time"},
}
GEOMETRIES: Final = {
    "Point": "geometry-point",
    "LineString": "geometry-linestring",
    "Polygon": "geometry-polygon",
    "MultiPoint": "geometry-multipoint",
    "MultiLineString": "geometry-multilinestring",
    "MultiPolygon": "geometry-multipolygon",
}
"""Formats of ``features-5`` by the kind of geometry; several kinds are ``geometry-any``."""


def landing(scene: Scene, texts: Mapping[str, str]) -> dict[str, Any]:
    """Describe the service."""
    base, area = scene.base, scene.area
    return {
        "title": texts["ogc.title"].format(area=area.name),
        "description": texts["ogc.description"],
        "attribution": ", ".join(area.attribution),
        "links": [
            *twins(base + ROOT, JSON, html=scene.html),
            link(f"{base}{ROOT}/api", "service-desc", OPENAPI, texts["ogc.api"]),
            link(f"{base}/om", "service-doc", HTML, texts["om.title"]),
            link(f"{base}{ROOT}/conformance", "conformance", JSON, texts["ogc.conformance"]),
            link(f"{base}{COLLECTIONS}", "data", JSON, texts["ogc.collections"]),
            link(f"{base}{ROOT}/tileMatrixSets", f"{_REL}tiling-schemes", JSON),
        ],
    }


def conformance(scene: Scene) -> dict[str, Any]:
    """List the parts of the standard that are kept."""
    return {
        "conformsTo": list(CONFORMANCE),
        "links": twins(f"{scene.base}{ROOT}/conformance", JSON, html=scene.html),
    }


def collections(scene: Scene, names: Sequence[str]) -> dict[str, Any]:
    """Describe those of the named collections that the store holds."""
    held = scene.store.layer_names()
    return {
        "collections": [collection(scene, name) for name in names if name in held],
        "links": twins(f"{scene.base}{COLLECTIONS}", JSON, html=scene.html),
    }


def collection(scene: Scene, name: str) -> dict[str, Any]:
    """Describe one collection."""
    if name not in scene.store.layer_names():
        raise Problem(Kind.NOT_FOUND)
    contract = contract_of(name)
    here = f"{scene.base}{COLLECTIONS}/{name}"
    return {
        "id": name,
        "title": _told(contract, "title", scene.lang),
        "description": _told(contract, "meaning", scene.lang),
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [_extent(scene, name)], "crs": wire.CRS84}},
        "crs": list(wire.offered(scene.area)),
        "storageCrs": f"{wire.EPSG}{scene.area.crs}",
        "links": [
            *twins(here, JSON, html=scene.html),
            link(f"{here}/items?f=json", "items", GEOJSON),
            link(f"{here}/items?f=html", "items", HTML),
            *(link(f"{here}/items?f={form}", "items", FORMS[form]) for form in FORMATS),
            link(f"{here}/tiles", f"{_REL}tilesets-vector", JSON),
            link(f"{here}/queryables", f"{_REL}queryables", SCHEMA),
            link(f"{here}/schema", f"{_REL}schema", SCHEMA),
        ],
    }


def schema(scene: Scene, name: str) -> dict[str, Any]:
    """Describe every column of a collection, nulls included."""
    contract = contract_of(name)
    columns = {told.name: column(told, scene.lang) for told in contract.columns}
    columns[contract.key]["x-ogc-role"] = "id"
    return {
        "$schema": DIALECT,
        "$id": address(scene.base, f"{COLLECTIONS}/{name}/schema"),
        "type": "object",
        "title": _told(contract, "title", scene.lang),
        "properties": columns | {"geometry": _geometry(contract)},
    }


def queryables(scene: Scene, name: str) -> dict[str, Any]:
    """Describe by what a collection can be filtered: its place, and every plain column."""
    contract = contract_of(name)
    asked = queryable(contract)
    columns = {
        told.name: column(told, scene.lang) for told in contract.columns if told.name in asked
    }
    return {
        "$schema": DIALECT,
        "$id": address(scene.base, f"{COLLECTIONS}/{name}/queryables"),
        "type": "object",
        "title": _told(contract, "title", scene.lang),
        "properties": columns | {"geometry": _geometry(contract)},
        "additionalProperties": False,
    }


_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/"


def _told(contract: Contract, what: str, lang: Language) -> str:
    """Return title or meaning of a layer in a language."""
    return str(getattr(contract, f"{what}_{lang}"))


def _extent(scene: Scene, name: str) -> list[float]:
    """Return the box of a layer in longitude and latitude; the area's own while it is empty."""
    box = scene.store.extent(name)
    if box is None:
        return list(scene.area.bbox)
    moved = wire.moved_box(box, source=scene.area.crs, target=wire.DEGREES)
    return [round(edge, 7) for edge in moved]


def column(column: Column, lang: Language) -> dict[str, Any]:
    """Describe one column."""
    told: dict[str, Any] = dict(TYPES[column.type])
    told["title"] = column.meaning_en if lang == "en" else column.meaning_sv
    if column.unit:
        told["x-ogc-unit"] = column.unit
    if column.codes and column.type == "text" and not column.open_codes:
        told["enum"] = [*codes.load(column.codes).codes, *([None] if column.nullable else [])]
    if column.nullable:
        told["type"] = [told["type"], "null"]
    return told


def _geometry(contract: Contract) -> dict[str, str]:
    """Describe the geometry of a layer."""
    kinds = contract.geometry
    shape = GEOMETRIES.get(kinds[0], "geometry-any") if len(kinds) == 1 else "geometry-any"
    return {"x-ogc-role": "primary-geometry", "format": shape}
