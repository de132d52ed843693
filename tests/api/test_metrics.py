"""Do counters count, tell nothing secret, and stay with those who run the server?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request

from api.routes.metrics import is_local
from api.work.metrics import Metrics
from gis.store import open_store
from tests.api.conftest import running, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]

SEGMENT = "s000000000000003"


def test_requests_are_counted_by_template_alone(fresh: TestClient, bearer: Bearer) -> None:
    fresh.get(f"/ogc/collections/segments/items/{SEGMENT}?crs=x")
    fresh.get("/ogc/collections/segments/items?bbox=15.58917,56.1,15.7,56.2")
    fresh.get("/secret/path")
    told = fresh.get("/metrics", headers=bearer("admin")).text
    items = 'route="/ogc/collections/{collection_id}/items",status="200"'
    assert f'gcvag_requests_total{{method="GET",{items}}} 1.0' in told
    assert 'route="none",status="404"' in told
    assert "gcvag_jobs 0.0" in told
    for word in (SEGMENT, "15.58917", "bbox", "secret", "start_time", "uptime"):
        assert word not in told


@pytest.mark.parametrize("role", [None, "inspector", "planner", "police"])
def test_others_find_nothing(client: TestClient, bearer: Bearer, role: str | None) -> None:
    answer = client.get("/metrics", headers=bearer(role))
    assert answer.status_code == (401 if role is None else 404)


@pytest.mark.parametrize(
    ("host", "headers", "local"),
    [
        ("127.0.0.1", [], True),
        ("::1", [], True),
        ("127.0.0.1", [(b"x-forwarded-for", b"192.0.2.1")], False),
        ("127.0.0.1", [(b"forwarded", b"for=192.0.2.1")], False),
        ("192.0.2.1", [], False),
        ("testclient", [], False),
    ],
)
def test_only_a_direct_call_over_loopback_is_local(
    host: str, headers: list[tuple[bytes, bytes]], *, local: bool
) -> None:
    told = Request({"type": "http", "headers": headers, "client": (host, 1)})
    assert is_local(told) == local


def test_what_the_police_call_is_not_counted() -> None:
    metrics = Metrics()
    metrics.seen("GET", "/api/police/sites", 200, 0.1)
    metrics.seen("GET", "/kontrollplatser", 200, 0.1)
    metrics.seen("BREW", None, 405, 0.1)
    told = metrics.text().decode()
    assert "police" not in told
    assert "kontrollplatser" not in told
    assert "BREW" not in told


def test_figures_are_counted_once_a_state(location: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(settings_for(location)) as client:
        first = client.get("/api/status")
        with monkeypatch.context() as patch:
            patch.setattr("api.work.figures.inventory.status", lambda _: {"counted": "again"})
            assert client.get("/api/status").content == first.content
            store = open_store(str(location))
            store.update_layers({"findings": store.layer("findings")})
            store.close()
            assert client.get("/api/status").json() == {"counted": "again"}
