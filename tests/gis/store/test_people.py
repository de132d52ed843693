"""Can somebody be known, let in, and forgotten?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gis.errors import GisError, NotFoundError, StoreError
from gis.store.base import Idem, RepeatedKeyError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gis.store.base import Entry, Store

HASH = "argon2-of-something"
NAME = "Ann-Mari Exempelsson"
IDEM = Idem(author="p1", route="POST /api/measures", key="k1", body_sha256="aa")


def test_a_name_has_one_id_that_tells_nothing(store: Store) -> None:
    author = store.person(NAME)
    assert store.person(NAME) == author
    assert store.person("Bo") != author
    assert "ann" not in author.lower()
    assert store.names()[author] == NAME


def test_a_forgotten_person_leaves_no_trace_and_a_whole_history(
    store: Store, place: Path, mark: Callable[..., Entry]
) -> None:
    user = store.add_user(NAME, "inspector", "hash-of-her-password")
    store.add_token("hash-of-her-token", NAME, "desktop")
    store.append([mark("a", n=1)])
    store.forget(user.author)
    assert store.names() == {}
    assert (store.user(NAME), store.token("hash-of-her-token")) == (None, None)
    assert store.verify() == []
    assert store.person(NAME) != user.author
    store.forget(store.person(NAME))
    store.close()
    left = b"".join(path.read_bytes() for path in place.parent.iterdir())
    for trace in (NAME, "hash-of-her-password", "hash-of-her-token"):
        assert trace.encode() not in left


def test_nobody_is_not_forgotten(store: Store) -> None:
    with pytest.raises(NotFoundError, match="p0"):
        store.forget("p0")


def test_a_user_is_added_changed_and_listed(store: Store) -> None:
    made = store.add_user("bo", "inspector", None)
    store.add_user("ann", "planner", "h")
    assert store.user("bo") == made
    assert [user.name for user in store.users()] == ["ann", "bo"]
    changed = store.change_user("bo", role="planner", disabled=True)
    assert (changed.role, changed.disabled, changed.password_hash) == ("planner", True, None)
    assert store.change_user("bo", password_hash=HASH).role == "planner"
    assert store.change_user("bo", disabled=False).disabled is False


def test_a_user_is_added_once(store: Store) -> None:
    store.add_user("bo", "inspector", None)
    with pytest.raises(GisError, match="bo is there already"):
        store.add_user("bo", "admin", None)
    assert [user.role for user in store.users()] == ["inspector"]


@pytest.mark.parametrize("name", ["nobody", ""])
def test_nobody_is_changed_or_given_a_token(store: Store, name: str) -> None:
    with pytest.raises(NotFoundError):
        store.change_user(name, role="admin")
    with pytest.raises(NotFoundError):
        store.add_token("h", name, "desktop")
    assert store.user(name) is None


def test_a_token_is_found_by_its_hash_and_revoked_once(store: Store) -> None:
    store.add_user("bo", "inspector", None)
    made = store.add_token("h1", "bo", "desktop", "QGIS at work")
    store.add_token("h2", "bo", "api")
    assert store.token("h1") == made
    store.revoke_token("h1")
    first = store.token("h1")
    store.revoke_token("h1")
    assert first is not None
    assert first.revoked_at is not None
    assert store.token("h1") == first
    assert [one.token_hash for one in store.tokens("bo")] == ["h1", "h2"]
    assert len(store.tokens()) == 2


def test_settings_are_kept_but_the_stores_own_are_not_for_sale(store: Store) -> None:
    store.set_meta("backup_at", "1")
    store.set_meta("backup_at", "2")
    assert (store.meta("backup_at"), store.meta("none")) == ("2", None)
    with pytest.raises(StoreError, match="belongs to the store"):
        store.set_meta("schema", "0")


def test_a_key_is_claimed_once_and_answered(store: Store) -> None:
    assert store.claim(IDEM) is None
    running = store.claim(IDEM)
    assert running is not None
    assert running.status is None
    done = replace(IDEM, status=201, answer=b"{}")
    store.answer(done)
    stands = store.claim(IDEM)
    assert stands is not None
    assert (stands.status, stands.answer) == (201, b"{}")
    store.release(IDEM)
    assert store.claim(IDEM) is not None


def test_a_key_given_back_is_new(store: Store) -> None:
    store.claim(IDEM)
    store.release(IDEM)
    assert store.claim(IDEM) is None


@pytest.mark.parametrize(
    ("other", "new"),
    [
        pytest.param(replace(IDEM, author="other"), True, id="another user"),
        pytest.param(replace(IDEM, route="other"), True, id="another route"),
        pytest.param(replace(IDEM, key="other"), True, id="another key"),
        pytest.param(replace(IDEM, body_sha256="other"), False, id="another body"),
    ],
)
def test_a_key_belongs_to_its_user_and_route(store: Store, other: Idem, *, new: bool) -> None:
    store.claim(IDEM)
    if new:
        assert store.claim(other) is None
        return
    with pytest.raises(RepeatedKeyError, match="another body"):
        store.claim(other)


def test_an_item_is_kept_replaced_listed_and_dropped(store: Store) -> None:
    store.keep_item("photo", "b", b"jpeg", {"segment_id": "s1"})
    store.keep_item("photo", "a", b"1")
    store.keep_item("photo", "a", b"2")
    store.keep_item("message", "a", b"hello")
    item = store.item("photo", "b")
    assert item is not None
    assert (item.body, item.meta) == (b"jpeg", {"segment_id": "s1"})
    assert [(one.key, one.body) for one in store.items("photo")] == [("b", b""), ("a", b"")]
    assert store.drop_item("photo", "a")
    assert not store.drop_item("photo", "a")
    assert store.item("photo", "a") is None
    assert store.item("message", "a") is not None
