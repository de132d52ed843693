"""Does the first administrator get in once, and nobody with a password that everybody tries?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.auth import first
from api.auth.first import PATH
from api.auth.strength import is_guessable
from gis import areas
from gis.store import create_store, open_store
from tests.api.conftest import NAME, WORDS, running, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

ADMIN = {"username": "chef", "password": WORDS}


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Make a store in which nobody has a log-in."""
    path = tmp_path / NAME
    create_store(path, areas.load("karlskrona").to_json()).close()
    return path


@pytest.fixture
def code(empty: Path) -> str:
    store = open_store(str(empty))
    first.mint(store)
    code = first.mint(store)
    store.close()
    assert code is not None
    return code


@pytest.fixture
def opened(empty: Path, code: str) -> Iterator[TestClient]:
    assert code
    with running(settings_for(empty)) as client:
        yield client


def test_the_code_makes_the_first_account_once(opened: TestClient, code: str, empty: Path) -> None:
    assert opened.get(PATH).status_code == 200
    answer = opened.post(PATH, data=ADMIN | {"code": code})
    assert answer.status_code == 303
    assert opened.get("/metrics").status_code == 200
    again = opened.post(PATH, data=ADMIN | {"code": code, "username": "annan"})
    assert again.headers["location"] == "/logga-in"
    assert opened.get(PATH).headers["location"] == "/logga-in"
    store = open_store(str(empty))
    assert [(user.name, user.role) for user in store.users()] == [("chef", "admin")]
    assert first.mint(store) is None
    store.close()


@pytest.mark.parametrize(
    "more", [{"code": "x"}, {"code": ""}, {"username": ""}, {"password": "Sommar2026!!"}]
)
def test_what_does_not_fit_makes_no_account_and_leaves_the_code(
    opened: TestClient, code: str, more: dict[str, str]
) -> None:
    answer = opened.post(PATH, data=ADMIN | {"code": code} | more)
    assert answer.status_code == 403
    assert opened.post(PATH, data=ADMIN | {"code": code}).status_code == 303


@pytest.mark.parametrize(
    "password",
    [
        "Sommar2026!!", "lösenord1234", "P4ssw0rd2025", "qwerty123456", "abcdefghijkl",
        "aaaaaaaaaaaa", "abcabcabcabc", "Karlskrona1!", "987654321000", "hejhejhejhej",
        "annaberg2026", "kort", "x" * 600, "Polisen12345", "asdfghjklöä1",
    ],
)  # fmt: skip
def test_what_everybody_tries_is_refused(password: str) -> None:
    assert is_guessable(password, "annaberg")


@pytest.mark.parametrize(
    "password", [WORDS, "grå kanot under bron", "v7!Kq2_zR9pLw", "trettio sju lyktor i rad"]
)
def test_unrelated_words_and_drawn_signs_are_good(password: str) -> None:
    assert not is_guessable(password, "annaberg")
