"""Does the server say that it lives?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def test_health_shows_no_clock(client: TestClient) -> None:
    first, second = client.get("/health"), client.get("/health")
    assert first.status_code == 200
    assert first.content == second.content == b'{"status":"ok"}'


def test_ready_while_the_store_is_open(client: TestClient) -> None:
    assert client.get("/ready").json() == {"status": "ready"}
