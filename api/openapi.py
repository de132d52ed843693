"""How is the OpenAPI 3.1 document of the framework told in OpenAPI 3.0?

Validators of OGC APIs refuse 3.1. A null in a type becomes ``nullable``, a constant an enum of
one, an open bound a flag; what 3.0 does not know is left out. Every route stands in it, the same
for all roles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from fastapi.openapi.utils import get_openapi

from api.auth import roles
from api.errors import MEDIA_TYPE
from api.gate import PageRoute
from api.ogc import shapes
from api.ogc.links import GEOJSON, HTML
from api.routes import GROUPS

if TYPE_CHECKING:
    from fastapi import FastAPI

VERSION: Final = "3.0.3"
MOST: Final = "planner"
"""The role that reads every collection."""

BYTES: Final = "application/octet-stream"
BOUNDS: Final = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
UNKNOWN: Final = ("prefixItems", "contentMediaType", "contentEncoding", "$schema", "propertyNames")
PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}
PROBLEM_SCHEMA: Final = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
    },
}
SECURITY: Final = {"bearer": {"type": "http", "scheme": "bearer"}}


def document(app: FastAPI) -> dict[str, Any]:
    """Describe every route of an app as OpenAPI 3.0."""
    told = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        openapi_version="3.1.0",
    )
    converted = cast("dict[str, Any]", older(told))
    components = converted.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    components["schemas"] |= cast("dict[str, Any]", older(shapes.schemas(MOST)))
    components["securitySchemes"] = SECURITY
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    for path in converted["paths"].values():
        for operation in path.values():
            _add_problems(operation)
            _name_collections(operation)
            _shape_features(operation)
    for route in (route for group in GROUPS for route in group.routes):
        if isinstance(route, PageRoute) and not route.responses:
            for method in route.methods or ():
                _call_page(converted["paths"][route.path][method.lower()])
    return {**converted, "openapi": VERSION}


def older(node: object) -> object:
    """Tell a part of a 3.1 document in 3.0.

    Examples
    --------
    >>> older({"anyOf": [{"type": "string"}, {"type": "null"}]})
    {'type': 'string', 'nullable': True}
    >>> older({"const": "a"}), older({"exclusiveMinimum": 0})
    ({'enum': ['a']}, {'minimum': 0, 'exclusiveMinimum': True})
    """
    if isinstance(node, list):
        return [older(part) for part in node]
    if not isinstance(node, dict):
        return node
    made = {key: older(value) for key, value in node.items() if key not in UNKNOWN}
    if node.get("contentMediaType") == BYTES:
        made["format"] = "binary"
    return _bounded(_single(_nullable(made)))


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Take null out of ``type``, ``anyOf`` and ``oneOf``."""
    kinds = schema.get("type")
    if isinstance(kinds, list):
        others = [kind for kind in kinds if kind != "null"]
        return {**schema, "type": others[0], **({"nullable": True} if "null" in kinds else {})}
    for key in ("anyOf", "oneOf"):
        parts = schema.get(key)
        if isinstance(parts, list) and {"type": "null"} in parts:
            return _without_null(schema, key, [p for p in parts if p != {"type": "null"}])
    return schema


def _without_null(schema: dict[str, Any], key: str, others: list[Any]) -> dict[str, Any]:
    """Write the choice between something and null."""
    rest = {name: value for name, value in schema.items() if name != key}
    if len(others) == 1 and "$ref" not in others[0]:
        return {**others[0], **rest, "nullable": True}
    return {**rest, "allOf" if len(others) == 1 else key: others, "nullable": True}


def _single(schema: dict[str, Any]) -> dict[str, Any]:
    """Write a constant as an enum of one, and many examples as the first."""
    if "const" in schema:
        constant = schema.pop("const")
        schema["enum"] = [constant]
    if isinstance(schema.get("examples"), list):
        schema["example"] = schema.pop("examples")[0]
    return schema


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """Write an open bound as a bound with a flag."""
    for flag, bound in BOUNDS.items():
        if flag in schema and not isinstance(schema[flag], bool):
            limit = schema.pop(flag)
            schema |= {bound: limit, flag: True}
    return schema


def _add_problems(operation: dict[str, Any]) -> None:
    """Say that any refusal is a problem document."""
    content = {MEDIA_TYPE: {"schema": PROBLEM}}
    operation["responses"].pop("422", None)
    operation["responses"]["4XX"] = {"description": "Refused", "content": content}
    operation["responses"]["5XX"] = {"description": "Not possible now", "content": content}


def _call_page(operation: dict[str, Any]) -> None:
    """Say that an answer is a page; a refusal may be one too."""
    for status, answer in operation["responses"].items():
        kept = answer.get("content", {}) if status.endswith("XX") else {}
        answer["content"] = {**kept, HTML: {}}


def _shape_features(operation: dict[str, Any]) -> None:
    """Say what a feature looks like, alone or on a page; a page has a limit."""
    asked = {parameter["name"] for parameter in operation.get("parameters", ())}
    kind = "page" if "limit" in asked else "feature"
    for answer in operation["responses"].values():
        if GEOJSON in answer.get("content", {}):
            answer["content"][GEOJSON] = {"schema": {"$ref": shapes.WHERE + kind}}


def _name_collections(operation: dict[str, Any]) -> None:
    """Say which collections there are where an address names one."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "collection_id":
            parameter["schema"]["enum"] = list(roles.readable(MOST))
