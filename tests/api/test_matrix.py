"""Does every route answer every role as the table says, and does OpenAPI tell all of them?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from api.auth import roles
from tests.api.conftest import ROLES, copied, running, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from httpx2 import Response
    from starlette.testclient import TestClient

    from api.auth.roles import Place

NAMES: Final = {
    "fid": "none",
    "segment_id": "none",
    "measure_id": "none",
    "plan_id": "none",
    "control_id": "none",
    "message_id": "none",
    "job_id": "none",
    "sha256": "0" * 64,
    "name": "gcvag.css",
}
METHODS: Final = ("get", "put", "post", "patch", "delete")
UNKNOWN: Final = ("/none", "/api/none", "/api/police/none", "/ogc/none", "/static", "/granska/x")


class Filled(dict[str, str]):
    """Names for the places in a path; a number where none is known."""

    def __missing__(self, name: str) -> str:
        """Fill in a number."""
        return "0"


def address(place: Place) -> str:
    names = Filled({**NAMES, "collection_id": place.collection})
    return place.route.replace(":path", "").format_map(names)


def test_the_document_tells_every_declared_route_and_no_other(client: TestClient) -> None:
    paths = client.get("/ogc/api").json()["paths"]
    told = {(m.upper(), path) for path, ways in paths.items() for m in ways if m in METHODS}
    declared = {(place.method, place.route) for place in roles.table() if place.method != "OPTIONS"}
    assert told == declared


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, plain: Path) -> Iterator[TestClient]:
    """Return a client of a server that holds a police store, so that every route is there."""
    location = copied(plain, tmp_path_factory.mktemp("matrix"))
    settings = settings_for(location)
    with running(replace(settings, police_store=str(location.with_suffix(".police.gpkg")))) as one:
        yield one


def fits(answer: Response, place: Place, role: str | None) -> bool:
    """Tell whether a role was answered as the table says."""
    if roles.allowed(place, role):
        there = answer.status_code != 404 or "{" in place.route
        return there and answer.status_code != 401 and answer.status_code < 500
    if role is None:
        return answer.status_code == 401 or answer.headers.get("location") == "/logga-in"
    return answer.status_code == 404


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_route_answers_a_role_as_the_table_says(
    full: TestClient, bearer: Callable[[str | None], dict[str, str]], role: str | None
) -> None:
    wrong = []
    for place in roles.table():
        answer = full.request(place.method, address(place), headers=bearer(role))
        if not fits(answer, place, role):
            wrong.append((place, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", [None, *ROLES])
def test_what_no_row_declares_is_denied_to_everybody(
    full: TestClient, bearer: Callable[[str | None], dict[str, str]], role: str | None
) -> None:
    for path in UNKNOWN:
        for method in METHODS:
            assert full.request(method, path, headers=bearer(role)).status_code == 404, path
    wrong = []
    for place in {place.route: place for place in roles.table()}.values():
        path = address(place)
        for method in {name.upper() for name in METHODS} - set(roles.methods(path)):
            answer = full.request(method, path, headers=bearer(role))
            if answer.status_code not in {404, 405}:
                wrong.append((method, path, answer.status_code))
    assert wrong == []


def test_what_the_police_keep_is_for_the_police_alone() -> None:
    inside = [place for place in roles.table() if place.route.startswith(("/api/police", "/kontr"))]
    assert len(inside) > 10
    assert {roles.table()[place] for place in inside} == {frozenset({"police"})}


def test_every_answer_to_somebody_is_kept_by_nobody(
    client: TestClient, bearer: Callable[[str | None], dict[str, str]]
) -> None:
    reads = [p for p in roles.table() if p.method == "GET" and not roles.is_public(p)]
    assert len(reads) > 8
    for place in reads:
        answer = client.get(address(place), headers=bearer("planner"))
        assert answer.headers["cache-control"] == "no-store", place
