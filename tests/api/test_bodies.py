"""Is every bad body refused with a reason, and never repeated?"""

from __future__ import annotations

import contextlib
import json
import time
from typing import TYPE_CHECKING

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.body import MAX_DEPTH, Arriving, parse
from api.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient
    from starlette.types import Message

JSON = {"content-type": "application/json"}
CANARY = "kanariefågel"
MEMBERS = {"type", "title", "status", "code", "detail", "request_id"}


def nested(depth: int) -> bytes:
    return b'{"id":' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param(b"", 422, "invalid", id="empty"),
        pytest.param(b"{", 400, "bad_json", id="cut off"),
        pytest.param(b'{"id": NaN}', 400, "bad_json", id="NaN"),
        pytest.param(b'{"id": Infinity}', 400, "bad_json", id="Infinity"),
        pytest.param(b'{"width_m": 1e400}', 400, "bad_json", id="beyond a double"),
        pytest.param(b'{"id": ' + b"9" * 5000 + b"}", 400, "bad_json", id="5000 digits"),
        pytest.param(b'{"id": "\\ud800"}', 400, "bad_json", id="lone surrogate"),
        pytest.param(b'{"id": "\xff"}', 400, "bad_json", id="not UTF-8"),
        pytest.param(b"\xef\xbb\xbf{}", 400, "bad_json", id="byte order mark"),
        pytest.param(b'{"id": "a\\u0000b"}', 422, "nul_character", id="NUL in a text"),
        pytest.param(b'{"a\\u0000": 1}', 422, "nul_character", id="NUL in a key"),
        pytest.param(nested(64), 400, "deep_json", id="one level too deep"),
        pytest.param(nested(1000), 400, "deep_json", id="1000 levels"),
        pytest.param(b"[" * 100_000, 400, "bad_json", id="100,000 levels"),
        pytest.param(b'"' + b"a" * 1024 * 1024 + b'"', 413, "too_large", id="over 1 MiB"),
        pytest.param(b"5", 422, "invalid", id="a number"),
        pytest.param(b"null", 422, "invalid", id="null"),
        pytest.param(b'[{"id": 1}, 5]', 422, "invalid", id="an element that is no object"),
        pytest.param(b'[{"id": 1}, [{}]]', 422, "invalid", id="an array in the array"),
    ],
)
def test_a_bad_body_is_refused(client: TestClient, body: bytes, status: int, code: str) -> None:
    answer = client.post("/api/decide", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) >= MEMBERS
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(("n", "status"), [(10_000, 200), (10_001, 422)])
def test_at_most_ten_thousand_objects_are_decided_at_once(
    client: TestClient, n: int, status: int
) -> None:
    answer = client.post("/api/decide", content=b"[" + b",".join([b"{}"] * n) + b"]", headers=JSON)
    assert answer.status_code == status
    assert status != 200 or len(answer.json()) == n


def test_many_objects_are_decided_by_whole_columns(client: TestClient) -> None:
    def cpu_s(n: int) -> float:
        began = time.process_time()
        assert client.post("/api/decide", json=[{"signs": ["SE:D6"]}] * n).status_code == 200
        return time.process_time() - began

    cpu_s(1)
    assert cpu_s(1000) < 5 * cpu_s(1)


@pytest.mark.parametrize(("piece", "code"), [(1, "too_slow"), (1000, None)])
def test_a_body_that_trickles_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, piece: int, code: str | None
) -> None:
    monkeypatch.setattr("api.body.GRACE_S", 0.15)
    left = [b"a" * piece] * 8

    async def receive() -> Message:
        await anyio.sleep(0.05)
        chunk = left.pop()
        return {"type": "http.request", "body": chunk, "more_body": bool(left)}

    async def take_all() -> str | None:
        arriving = Arriving(receive)
        try:
            while (await arriving())["more_body"]:
                continue
        except Problem as refused:
            return refused.kind
        return None

    assert anyio.run(take_all) == code


def test_64_levels_are_taken() -> None:
    assert parse(nested(MAX_DEPTH - 1))
    with pytest.raises(Problem):
        parse(nested(MAX_DEPTH))


def test_a_large_body_without_its_length_is_refused(client: TestClient) -> None:
    chunks = (b"a" * 65536 for _ in range(40))
    answer = client.post("/api/decide", content=chunks, headers=JSON)
    assert answer.status_code == 413


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_read(client: TestClient, media_type: str) -> None:
    answer = client.post("/api/decide", content=b"{}", headers={"content-type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/{CANARY}"),
        ("GET", f"/ogc/collections/{CANARY}"),
        ("GET", f"/ogc/collections/segments/items/{CANARY}"),
        ("GET", f"/ogc/collections/segments/items?bbox={CANARY}"),
        ("GET", f"/ogc/collections/segments/items?limit={CANARY}"),
        ("GET", f"/ogc/collections/segments/items?{CANARY}=1"),
        ("GET", f"/api/segments/{CANARY}/explain"),
        ("GET", f"/static/{CANARY}"),
        ("GET", f"/vendor/{CANARY}"),
        ("GET", f"/vendor/..%2f..%2fetc%2f{CANARY}"),
        ("POST", "/api/decide"),
        ("POST", "/api/measures"),
        ("POST", "/api/sync"),
        ("PATCH", "/ogc/collections/segments/items/s000000000000000"),
        ("DELETE", "/ogc"),
        ("GET", f"/api/promises?year={CANARY}"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_nothing_sent_comes_back(
    client: TestClient,
    bearer: Callable[[str | None], dict[str, str]],
    method: str,
    path: str,
    accept: str,
) -> None:
    headers = bearer("planner") | JSON | {"accept": accept, "idempotency-key": "k"}
    body = json.dumps([CANARY, {CANARY: CANARY}]).encode()
    content = body if method in {"POST", "PATCH"} else None
    answer = client.request(method, path, content=content, headers=headers)
    assert 400 <= answer.status_code < 500
    for trace in (CANARY, "Traceback", "SELECT", "site-packages", ".gpkg", "pytest"):
        assert trace not in answer.text


@pytest.mark.parametrize(
    ("wish", "language", "start"),
    [("sv", "sv", "Det finns"), ("en", "en", "There is"), ("fi", "sv", "Det"), ("", "sv", "Det")],
)
def test_refusals_speak_the_clients_language(
    client: TestClient, wish: str, language: str, start: str
) -> None:
    answer = client.get("/nothing", headers={"accept-language": wish})
    assert answer.headers["content-language"] == language
    assert answer.json()["detail"].startswith(start)


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_python_writes_is_read_back_or_refused(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    try:
        body = text.encode()
    except UnicodeEncodeError:
        return
    if "\\u0000" in text:
        with pytest.raises(Problem):
            parse(body)
    else:
        assert parse(body) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(Problem):
        json.dumps(parse(body), allow_nan=False)
