"""Which properties does a feature of each collection have, in words of JSON Schema?

For the OpenAPI document: one schema a collection, and the choice among them where an address names
the collection. A retired column or one that a store does not hold yet may be absent.
"""

from __future__ import annotations

from typing import Any, Final

from api.auth import roles
from api.ogc import documents
from gis.contracts import contract

WHERE: Final = "#/components/schemas/"
GEOMETRY: Final = {
    "type": ["object", "null"],
    "required": ["type"],
    "properties": {
        "type": {"type": "string"},
        "coordinates": {"type": "array", "items": {}},
    },
}
LINKS: Final = {"type": "array", "items": {"type": "object"}}


def schemas(role: str) -> dict[str, Any]:
    """Describe the features and pages of every collection that a role reads."""
    names = roles.readable(role)
    found: dict[str, Any] = {f"{name}.feature": feature(name) for name in names}
    found |= {f"{name}.page": _page(name) for name in names}
    for kind in ("feature", "page"):
        found[kind] = {"anyOf": [{"$ref": f"{WHERE}{name}.{kind}"} for name in names]}
    return found


def feature(name: str) -> dict[str, Any]:
    """Describe a feature of a collection."""
    columns = contract(name).columns
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": GEOMETRY,
            "properties": {
                "type": "object",
                "properties": {c.name: documents.column(c, "en") for c in columns},
                "additionalProperties": False,
            },
            "links": LINKS,
        },
    }


def _page(name: str) -> dict[str, Any]:
    """Describe a page of features."""
    return {
        "type": "object",
        "required": ["type", "features", "numberMatched", "numberReturned", "links"],
        "properties": {
            "type": {"enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": f"{WHERE}{name}.feature"}},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
            "links": LINKS,
        },
    }
