"""May exactly those call a route who are declared?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from api.app import create_app
from api.auth import roles
from api.auth.roles import Place
from api.gate import GateRoute
from api.settings import Settings
from tests.api.conftest import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

APP = create_app(Settings(store="none.gpkg"))
ROUTES = [context.original_route for context in iter_route_contexts(APP.routes)]
NAMES = {
    "collection_id": "segments",
    "fid": "s000000000000000",
    "segment_id": "s000000000000000",
    "measure_id": "none",
    "plan_id": "none",
    "control_id": "none",
    "name": "gcvag.css",
    "matrix_set_id": "WebMercatorQuad",
    "z": "10",
    "row": "0",
    "col": "0",
}
ANSWERED = {200, 201, 204, 303, 400, 401, 403, 404, 415, 422, 428}
FORBIDDEN = {
    ("GET", "/ogc/collections/observations"): ("inspector", "planner"),
    ("GET", "/ogc/collections/observations/queryables"): ("inspector", "planner"),
    ("GET", "/ogc/collections/observations/schema"): ("inspector", "planner"),
    ("GET", "/ogc/collections/observations/items"): ("inspector", "planner"),
    ("PATCH", "/ogc/collections/segments/items/s000000000000000"): ("planner",),
    ("POST", "/api/sync"): ("inspector", "planner"),
    ("GET", "/api/measures"): ("planner", "police"),
    ("POST", "/api/measures"): ("planner", "police"),
    ("GET", "/api/measures/none"): ("planner", "police"),
    ("PATCH", "/api/measures/none"): ("planner", "police"),
}


def test_every_route_stands_behind_the_gate_and_is_declared() -> None:
    assert len(ROUTES) > 20
    for route in ROUTES:
        assert isinstance(route, GateRoute)
        for method in route.methods or ():
            declared = [p for p in roles.table() if p[:2] == (method, route.path)]
            assert declared, f"{method} {route.path}"


def test_every_declared_row_is_a_route() -> None:
    there = {
        (method, route.path)
        for route in ROUTES
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert {place[:2] for place in roles.table()} == there


def test_only_known_roles_are_declared() -> None:
    assert set().union(*roles.table().values()) <= {"public", *ROLES}


def test_what_is_not_declared_is_denied_to_everybody() -> None:
    assert not any(roles.allowed(Place("GET", "/api/secret"), role) for role in (None, *ROLES))
    assert not any(
        roles.allowed(Place("GET", "/ogc/collections/{collection_id}/items", "plans"), role)
        for role in (None, *ROLES)
    )


@pytest.mark.parametrize("role", [None, *ROLES])
@pytest.mark.parametrize(("method", "path"), FORBIDDEN)
def test_forbidden_answers_like_absent(
    client: TestClient,
    bearer: Callable[[str | None], dict[str, str]],
    role: str | None,
    method: str,
    path: str,
) -> None:
    answer = client.request(method, path, headers=bearer(role))
    absent = client.request(method, "/ogc/collections/none/items", headers=bearer(role))
    if role in FORBIDDEN[method, path]:
        assert answer.status_code in ANSWERED - {401, 404} or path.endswith("none")
    elif role is None:
        assert answer.status_code == 401
        assert answer.json()["code"] == "login_needed"
    else:
        assert answer.status_code == 404
        assert answer.json()["detail"] == client.get("/nothing").json()["detail"]
        assert absent.status_code in {404, 405}


@pytest.mark.parametrize("role", [None, *ROLES])
@pytest.mark.parametrize("place", [p for p in roles.table() if roles.is_public(p)], ids=str)
def test_public_is_open_to_everybody(
    client: TestClient,
    bearer: Callable[[str | None], dict[str, str]],
    place: Place,
    role: str | None,
) -> None:
    path = place.route.format_map({**NAMES, "collection_id": place.collection})
    answer = client.request(place.method, path, headers=bearer(role))
    assert answer.status_code in ANSWERED - {401}
    assert answer.status_code != 404 or "{fid}" in place.route or path.startswith("/vendor")


@pytest.mark.parametrize("name", ["plans", "controls", "sites", "network", "areas", "none"])
@pytest.mark.parametrize("role", [None, *ROLES])
def test_layers_that_are_no_collection_do_not_exist(
    client: TestClient,
    bearer: Callable[[str | None], dict[str, str]],
    role: str | None,
    name: str,
) -> None:
    for end in ("", "/items", "/schema", "/queryables", "/items/x"):
        answer = client.get(f"/ogc/collections/{name}{end}", headers=bearer(role))
        assert answer.status_code == 404


@pytest.mark.parametrize("token", ["wrong", "", "inspector-token ", "\u00e5", "a b"])
def test_a_wrong_token_is_refused_on_public_routes_too(client: TestClient, token: str) -> None:
    headers = [(b"authorization", f"Bearer {token}".encode())]
    answer = client.get("/ogc", headers=headers)
    assert answer.status_code == (200 if token.strip() == "inspector-token" else 401)


def test_private_answers_are_never_kept(
    client: TestClient, bearer: Callable[[str | None], dict[str, str]]
) -> None:
    for path in ("/ogc/collections", "/ogc/collections/observations/items", "/api/measures"):
        answer = client.get(path, headers=bearer("planner"))
        assert answer.headers["cache-control"] == "no-store"
        assert "Authorization" in answer.headers["vary"]
    refused = client.get("/api/measures")
    assert refused.headers["cache-control"] == "no-store"


def test_the_collections_shown_are_those_one_may_read(
    client: TestClient, bearer: Callable[[str | None], dict[str, str]]
) -> None:
    for role in (None, *ROLES):
        shown = client.get("/ogc/collections", headers=bearer(role)).json()["collections"]
        names = {collection["id"] for collection in shown}
        assert ("observations" in names) == (role in {"inspector", "planner"})
        assert "segments" in names
