"""Does one log in safely, and out at once?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.auth import passwords
from api.auth.identity import SHELF, digest, open_session
from api.auth.passwords import NOBODY, hash_password
from api.auth.strength import MIN_LENGTH
from api.auth.tries import Tries
from api.settings import Settings
from gis.errors import GisError
from gis.store import open_store
from tests.api.conftest import WORDS, running, settings_for

if TYPE_CHECKING:
    from pathlib import Path

COOKIE = "gcvag_session"
OBSERVATIONS = "/ogc/collections/observations/items"


def log_in(client: TestClient, name: str = "planner", password: str = WORDS) -> int:
    answer = client.post("/logga-in", data={"username": name, "password": password})
    return answer.status_code


def test_a_session_opens_and_closes(fresh: TestClient) -> None:
    assert fresh.get(OBSERVATIONS).status_code == 401
    answer = fresh.post("/logga-in", data={"username": "planner", "password": WORDS})
    assert (answer.status_code, answer.headers["location"]) == (303, "/granska")
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "domain" not in cookie
    assert fresh.get(OBSERVATIONS).status_code == 200
    kept = fresh.cookies[COOKIE]
    assert fresh.post("/logga-ut").status_code == 303
    assert fresh.get(OBSERVATIONS, headers={"cookie": f"{COOKIE}={kept}"}).status_code == 401


def test_over_https_the_cookie_is_bound_to_the_host(location: Path) -> None:
    with running(Settings(store=str(location), https=True)) as client:
        answer = client.post("/logga-in", data={"username": "planner", "password": WORDS})
        assert answer.headers["set-cookie"].startswith("__Host-gcvag_session=")
        assert "secure" in answer.headers["set-cookie"].lower()
        assert "max-age" in answer.headers["strict-transport-security"]


def test_the_id_is_new_at_each_log_in_and_the_old_one_dead(fresh: TestClient) -> None:
    log_in(fresh)
    first = fresh.cookies[COOKIE]
    log_in(fresh)
    assert fresh.cookies[COOKIE] != first
    fresh.cookies.clear()
    assert fresh.get(OBSERVATIONS, headers={"cookie": f"{COOKIE}={first}"}).status_code == 401


@pytest.mark.parametrize(
    ("name", "password"),
    [("planner", "wrong"), ("nobody", WORDS), ("planner", ""), ("", ""), ("a\x00b", "x"),
     ("planner", "å" * 1000)],
)  # fmt: skip
def test_every_wrong_pair_gets_the_same_answer(fresh: TestClient, name: str, password: str) -> None:
    usual = fresh.post("/logga-in", data={"username": "nobody", "password": "wrong"})
    answer = fresh.post("/logga-in", data={"username": name, "password": password})
    assert answer.status_code == usual.status_code == 403
    assert answer.content == usual.content
    assert "set-cookie" not in answer.headers


def test_an_unknown_name_takes_as_long_as_a_known_one(
    fresh: TestClient, location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "NOBODY", NOBODY)
    store = open_store(location)
    store.change_user("planner", password_hash=hash_password(WORDS))
    store.close()

    def seconds(name: str) -> float:
        began = time.perf_counter()
        log_in(fresh, name, "wrong")
        return time.perf_counter() - began

    seconds("planner")
    known = min(seconds("planner") for _ in range(3))
    unknown = min(seconds("nobody") for _ in range(3))
    assert 0.5 < unknown / known < 2


def test_the_eleventh_try_in_a_minute_is_not_looked_at(fresh: TestClient) -> None:
    assert [log_in(fresh, "police", "wrong") for _ in range(11)] == [403] * 10 + [429]
    assert log_in(fresh, "police") == 429
    assert log_in(fresh, "planner") == 303


def test_tries_forget_the_oldest_name_when_there_are_too_many() -> None:
    tries = Tries(1)
    assert tries.allowed("first")
    assert not tries.allowed("first")
    for number in range(10_000):
        tries.allowed(str(number))
    assert tries.allowed("first")


def test_a_disabled_person_is_out_at_once(fresh: TestClient, location: Path) -> None:
    log_in(fresh)
    assert fresh.get(OBSERVATIONS).status_code == 200
    store = open_store(location)
    store.change_user("planner", disabled=True)
    store.close()
    assert fresh.get(OBSERVATIONS).status_code == 401
    token = {"authorization": "Bearer planner-token"}
    fresh.cookies.clear()
    assert fresh.get(OBSERVATIONS, headers=token).status_code == 401
    assert log_in(fresh) == 403


def test_a_revoked_token_is_dead_at_once(fresh: TestClient, location: Path) -> None:
    token = {"authorization": "Bearer planner-token"}
    assert fresh.get(OBSERVATIONS, headers=token).status_code == 200
    store = open_store(location)
    store.revoke_token(digest("planner-token"))
    store.close()
    assert fresh.get(OBSERVATIONS, headers=token).status_code == 401


@pytest.mark.parametrize(
    ("idle_s", "max_s", "status"), [(3600, 3600, 200), (-1, 3600, 401), (3600, -1, 401)]
)
def test_a_session_ends_by_pause_and_by_age(
    location: Path, idle_s: int, max_s: int, status: int
) -> None:
    settings = Settings(store=str(location), session_idle_s=idle_s, session_max_s=max_s)
    store = open_store(location)
    user = store.user("planner")
    assert user is not None
    session_id = open_session(store, user)
    with running(settings) as client:
        answer = client.get(OBSERVATIONS, headers={"cookie": f"{COOKIE}={session_id}"})
    assert answer.status_code == status
    assert (store.item(SHELF, digest(session_id)) is None) == (status == 401)
    store.close()


@pytest.mark.parametrize("cookie", ["", "x", "å", "a" * 4000, '"; DROP TABLE item;--'])
def test_a_made_up_cookie_is_nobody(client: TestClient, cookie: str) -> None:
    headers = [(b"cookie", f"{COOKIE}={cookie}".encode())]
    assert client.get("/ogc", headers=headers).status_code == 200
    assert client.get(OBSERVATIONS, headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"sec-fetch-site": "same-origin"}, 303, id="own page"),
        pytest.param({"sec-fetch-site": "none"}, 303, id="typed address"),
        pytest.param({"sec-fetch-site": "cross-site"}, 403, id="another site"),
        pytest.param({"sec-fetch-site": "same-site"}, 403, id="a sister host"),
        pytest.param({"origin": "http://testserver"}, 303, id="own origin"),
        pytest.param({"origin": "http://evil.example"}, 403, id="another origin"),
        pytest.param({"origin": "null"}, 403, id="no origin"),
        pytest.param({"origin": "http://[bad"}, 403, id="nonsense"),
        pytest.param({}, 303, id="a program"),
    ],
)
def test_writes_from_other_sites_are_refused(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    assert client.post("/logga-ut", headers=headers).status_code == status


def test_the_store_holds_neither_password_nor_token_nor_session(
    fresh: TestClient, location: Path
) -> None:
    log_in(fresh)
    session_id = fresh.cookies[COOKIE]
    held = b"".join(path.read_bytes() for path in location.parent.iterdir())
    for secret in (WORDS, "planner-token", session_id):
        assert secret.encode() not in held


def test_an_unknown_name_is_compared_with_a_hash_of_the_same_cost() -> None:
    assert NOBODY.split("$")[:4] == hash_password(WORDS).split("$")[:4]


@pytest.mark.parametrize("password", ["short", "a" * 40, "abcd" * 5, "x" * 600])
def test_a_weak_password_is_not_taken(password: str) -> None:
    with pytest.raises(GisError, match=str(MIN_LENGTH)):
        hash_password(password)


def test_an_app_without_its_store_answers_503(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path / "none.gpkg"))
    client = TestClient(app, raise_server_exceptions=False)
    assert client.get("/health").status_code == 200
    for path in ("/ready", "/ogc", "/api/status"):
        assert client.get(path).status_code == 503
