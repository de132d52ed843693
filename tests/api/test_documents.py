"""Does the service describe itself as the standard asks, and truly?"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from api.auth import roles
from api.openapi import older
from gis.contracts import contract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]

NAMES = roles.public_collections()
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def links(document: dict[str, Any]) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in document["links"]}


def nodes(part: object) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from nodes(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from nodes(inner)


def test_the_landing_page_leads_everywhere(client: TestClient) -> None:
    there = links(client.get("/ogc").json())
    for rel in ("self", "alternate", "service-desc", "service-doc", "conformance", "data"):
        assert client.get(there[rel]).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/ogc", "/ogc/api", "/ogc/conformance", "/ogc/collections", "/ogc/collections/segments",
     "/ogc/collections/segments/items", "/ogc/collections/segments/schema",
     "/ogc/collections/segments/items/s000000000000000"],
)  # fmt: skip
def test_a_trailing_slash_is_the_same_address(client: TestClient, path: str) -> None:
    assert client.get(path + "/").content == client.get(path).content


def test_every_public_collection_is_listed_as_it_is_shown_alone(client: TestClient) -> None:
    listed = client.get("/ogc/collections").json()["collections"]
    assert [one["id"] for one in listed] == list(NAMES)
    for one in listed:
        assert client.get(f"/ogc/collections/{one['id']}").json() == one


@pytest.mark.parametrize("name", NAMES)
def test_a_collection_names_its_systems_and_its_extent(client: TestClient, name: str) -> None:
    told = client.get(f"/ogc/collections/{name}").json()
    assert told["crs"][0] == CRS84
    assert {f"http://www.opengis.net/def/crs/EPSG/0/{code}" for code in range(3006, 3019)} <= set(
        told["crs"]
    )
    assert told["storageCrs"] == "http://www.opengis.net/def/crs/EPSG/0/3006"
    assert told["storageCrs"] in told["crs"]
    west, south, east, north = told["extent"]["spatial"]["bbox"][0]
    assert 15 < west <= east < 16
    assert 56 < south <= north < 57


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_lists_every_column_that_is_served(client: TestClient, name: str) -> None:
    schema = client.get(f"/ogc/collections/{name}/schema")
    assert schema.headers["content-type"] == "application/schema+json"
    described = schema.json()["properties"]
    feature = client.get(f"/ogc/collections/{name}/items").json()["features"][0]
    assert set(feature["properties"]) <= set(described)
    assert described[contract(name).key]["x-ogc-role"] == "id"
    assert described["geometry"]["x-ogc-role"] == "primary-geometry"


@pytest.mark.parametrize("path", ["/ogc", "/ogc/conformance", "/ogc/collections",
                                  "/ogc/collections/segments", "/ogc/collections/segments/items",
                                  "/ogc/collections/segments/items/s000000000000000"])  # fmt: skip
def test_a_document_is_a_page_for_a_person(client: TestClient, path: str) -> None:
    by_format = client.get(path, params={"f": "html"})
    by_header = client.get(path, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    for answer in (by_format, by_header):
        assert answer.headers["content-type"].startswith("text/html")
        assert "<h1>" in answer.text
    assert client.get(path, headers={"accept": "*/*"}).headers["content-type"].endswith("json")


@pytest.fixture(scope="module")
def described(client: TestClient) -> dict[str, Any]:
    """Return the document of all routes."""
    document: dict[str, Any] = client.get("/ogc/api").json()
    return document


def test_the_api_is_told_in_openapi_3_0(client: TestClient, described: dict[str, Any]) -> None:
    answer = client.get("/ogc/api")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert re.fullmatch(r"3\.0\.\d", described["openapi"])
    for node in nodes(described):
        assert not isinstance(node.get("type"), list)
        assert node.get("type") != "null"
        assert "const" not in node
        assert not isinstance(node.get("examples"), list)
        assert isinstance(node.get("exclusiveMinimum", True), bool)
        assert "$ref" not in node or len(node) == 1


def test_the_api_describes_every_declared_route_and_no_other(described: dict[str, Any]) -> None:
    told = {
        (method.upper(), path) for path, operations in described["paths"].items()
        for method in operations
    }  # fmt: skip
    assert told == {place[:2] for place in roles.table()}


JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,),
    "array": (list,), "object": (dict,),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_api_tells_every_property_of_a_feature(
    client: TestClient, described: dict[str, Any], name: str
) -> None:
    schemas = described["components"]["schemas"]
    told = schemas[f"{name}.feature"]["properties"]["properties"]["properties"]
    (first, *_) = client.get(f"/ogc/collections/{name}/items").json()["features"]
    assert set(first["properties"]) == set(told)
    for column, value in first["properties"].items():
        assert (
            told[column].get("nullable")
            if value is None
            else isinstance(value, JSON_TYPES[told[column]["type"]])
        )
    items = described["paths"]["/ogc/collections/{collection_id}/items"]["get"]["responses"]["200"]
    page = schemas[items["content"]["application/geo+json"]["schema"]["$ref"].split("/")[-1]]
    assert {"$ref": f"#/components/schemas/{name}.page"} in page["anyOf"]


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/metrics", "text/plain"),
        ("/falt/worker.js", "text/javascript"),
        ("/falt/manifest.webmanifest", "application/manifest+json"),
    ],
)
def test_the_api_names_the_media_type_that_comes(
    client: TestClient, described: dict[str, Any], bearer: Bearer, path: str, media_type: str
) -> None:
    role = "admin" if path == "/metrics" else "inspector"
    assert list(described["paths"][path]["get"]["responses"]["200"]["content"]) == [media_type]
    came = client.get(path, headers=bearer(role)).headers["content-type"]
    assert came.partition(";")[0] == media_type


def test_every_reference_of_the_api_leads_somewhere(described: dict[str, Any]) -> None:
    for node in nodes(described):
        if "$ref" in node:
            target: Any = described
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            assert target


def test_the_api_tells_default_and_maximum_of_limit(described: dict[str, Any]) -> None:
    parameters = described["paths"]["/ogc/collections/{collection_id}/items"]["get"]["parameters"]
    (limit,) = [one["schema"] for one in parameters if one["name"] == "limit"]
    assert (limit["default"], limit["minimum"], limit["maximum"]) == (100, 1, 10_000)


def test_operation_ids_are_unique(described: dict[str, Any]) -> None:
    ids = [
        operation["operationId"]
        for operations in described["paths"].values()
        for operation in operations.values()
    ]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}], "title": "N"},
         {"type": "integer", "title": "N", "nullable": True}),
        ({"anyOf": [{"$ref": "#/a"}, {"type": "null"}]},
         {"allOf": [{"$ref": "#/a"}], "nullable": True}),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]},
         {"anyOf": [{"type": "integer"}, {"type": "string"}], "nullable": True}),
        ({"const": 5}, {"enum": [5]}),
        ({"examples": [1, 2]}, {"example": 1}),
        ({"exclusiveMaximum": 5}, {"maximum": 5, "exclusiveMaximum": True}),
        ({"contentMediaType": "x", "type": "string"}, {"type": "string"}),
        ([{"const": 1}], [{"enum": [1]}]),
    ],
)  # fmt: skip
def test_3_1_is_told_in_3_0(new: object, old: object) -> None:
    before = json.dumps(new)
    assert older(new) == old
    assert json.dumps(new) == before
