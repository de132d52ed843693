"""Does every route answer every role as the table says, and does OpenAPI tell all of them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from api.auth import roles
from tests.api.conftest import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

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


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_route_answers_a_role_as_the_table_says(
    client: TestClient, bearer: Callable[[str | None], dict[str, str]], role: str | None
) -> None:
    wrong = []
    for place in roles.table():
        if place.route == "/metrics" or place.method == "OPTIONS":
            continue
        answer = client.request(place.method, address(place), headers=bearer(role))
        opens = roles.allowed(place, role)
        if opens:
            fits = answer.status_code != 401 and answer.status_code < 500
        elif role is None:
            fits = answer.status_code == 401 or answer.headers.get("location") == "/logga-in"
        else:
            fits = answer.status_code == 404
        if not fits:
            wrong.append((place, answer.status_code))
    assert wrong == []


def test_every_answer_to_somebody_is_kept_by_nobody(
    client: TestClient, bearer: Callable[[str | None], dict[str, str]]
) -> None:
    reads = [p for p in roles.table() if p.method == "GET" and not roles.is_public(p)]
    assert len(reads) > 8
    for place in reads:
        answer = client.get(address(place), headers=bearer("planner"))
        assert answer.headers["cache-control"] == "no-store", place
