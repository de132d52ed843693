"""Does the history keep what it was given, and nothing else?"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.store import open_store
from gis.store.base import (
    BodyError,
    Entry,
    RepeatedKeyError,
    StoreBusyError,
    VersionConflictError,
)
from gis.store.canonical import canonical, genesis

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gis.store.base import Store

    Mark = Callable[..., Entry]


def test_versions_count_per_thing_and_numbers_over_all(store: Store, mark: Mark) -> None:
    made = store.append([mark("a", n=1), mark("b", n=1), mark("a", n=2)])
    assert [(one.seq, one.entity_id, one.version) for one in made] == [
        (1, "a", 1),
        (2, "b", 1),
        (3, "a", 2),
    ]


def test_each_link_carries_the_hash_before_it(store: Store, mark: Mark) -> None:
    made = store.append([mark(n=number) for number in range(3)])
    assert made[0].prev_hash == genesis(store.store_id)
    assert [one.prev_hash for one in made[1:]] == [one.hash for one in made[:-1]]
    assert store.head() == (3, made[-1].hash)


def test_an_empty_history_stands_on_its_genesis(store: Store) -> None:
    assert store.head() == (0, genesis(store.store_id))
    assert store.revisions() == []
    assert store.append([]) == []


def test_what_is_read_is_what_was_appended(store: Store, mark: Mark) -> None:
    made = store.append([mark("a", note="Bro över ån"), mark("b", list=[1, None, True])])
    assert store.revisions() == made


@pytest.mark.parametrize(
    ("asked", "seqs"),
    [
        pytest.param({}, [1, 2, 3, 4], id="all"),
        pytest.param({"entity": "decision"}, [4], id="one entity"),
        pytest.param({"entity": "observation", "entity_id": "a"}, [1, 3], id="one thing"),
        pytest.param({"entity": "observation", "entity_id": {"b", "a"}}, [1, 2, 3], id="several"),
        pytest.param({"entity": "observation", "entity_id": ["b", "z"]}, [2], id="one is unknown"),
        pytest.param({"entity": "observation", "entity_id": []}, [], id="of no thing"),
        pytest.param({"saying": ['"p":1', '"q":']}, [2], id="what a body holds"),
        pytest.param({"saying": ['"p":2']}, [], id="what no body holds"),
        pytest.param({"entity": "measure"}, [], id="nothing of it"),
        pytest.param({"after": 2}, [3, 4], id="after"),
        pytest.param({"after": 4}, [], id="after the last"),
        pytest.param({"limit": 2}, [1, 2], id="limit"),
        pytest.param({"limit": 0}, [], id="limit nought"),
    ],
)
def test_revisions_are_read_by(
    store: Store, mark: Mark, asked: dict[str, Any], seqs: list[int]
) -> None:
    decision = Entry(entity="decision", entity_id="a", body={}, author="p2")
    store.append([mark("a"), mark("b", p=1), mark("a"), decision])
    assert [one.seq for one in store.revisions(**asked)] == seqs


def test_state_is_the_newest_of_each_by_first_sight(store: Store, mark: Mark) -> None:
    store.append([mark("b", n=1), mark("a", n=1), mark("b", n=2)])
    state = store.state("observation")
    assert [(key, one.version, one.body["n"]) for key, one in state.items()] == [
        ("b", 2, 2),
        ("a", 1, 1),
    ]


def test_as_of_gives_what_was_given_then(store: Store, mark: Mark) -> None:
    first = store.append([mark("a", n=1)])[0]
    then = store.state("observation", as_of=first.at)
    store.append([mark("a", n=2), mark("b", n=1)])
    assert store.state("observation", as_of=first.at) == then
    assert store.revisions(as_of=first.at) == [first]
    latest = store.latest("observation", "a", as_of=first.at)
    assert latest == first


def test_times_never_repeat_or_run_backwards(store: Store, mark: Mark) -> None:
    made = [one for _ in range(20) for one in store.append([mark(), mark()])]
    times = [one.at for one in made]
    assert times == sorted(set(times))


@pytest.mark.parametrize(
    ("expected", "taken"),
    [
        pytest.param(None, True, id="not compared"),
        pytest.param(1, True, id="stands"),
        pytest.param(0, False, id="should be new"),
        pytest.param(2, False, id="from the future"),
    ],
)
def test_compare_and_append(store: Store, expected: int | None, *, taken: bool) -> None:
    store.append([Entry(entity="decision", entity_id="s", body={"n": 1}, author="p")])
    entry = Entry(
        entity="decision", entity_id="s", body={"n": 2}, author="p", expected_version=expected
    )
    if taken:
        assert store.append([entry])[0].version == 2
        return
    with pytest.raises(VersionConflictError, match="1 stands") as caught:
        store.append([entry])
    assert caught.value.current == 1
    assert len(store.revisions()) == 1


def test_a_refused_entry_takes_its_companions_with_it(store: Store, mark: Mark) -> None:
    bad = Entry(entity="decision", entity_id="s", body={}, author="p", expected_version=7)
    with pytest.raises(VersionConflictError):
        store.append([mark("a"), bad])
    assert store.revisions() == []


def test_an_operation_again_gives_the_first_revision(store: Store, mark: Mark) -> None:
    first = store.append([mark("a", op_id="x", n=1)])[0]
    again = store.append([mark("a", op_id="x", n=1)])[0]
    assert (again.seq, again.hash, first.replayed, again.replayed) == (
        first.seq,
        first.hash,
        False,
        True,
    )
    assert store.revision_of("x") == first
    assert store.revision_of("y") is None


def test_an_operation_with_other_content_is_refused(store: Store, mark: Mark) -> None:
    store.append([mark("a", op_id="x", n=1)])
    with pytest.raises(RepeatedKeyError, match="other content"):
        store.append([mark("a", op_id="x", n=2)])
    assert len(store.revisions()) == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"w": float("nan")}, id="nan"),
        pytest.param({"w": float("inf")}, id="infinity"),
        pytest.param({"t": "\ud800"}, id="lone surrogate"),
        pytest.param({"é": 1, "e\u0301": 2}, id="one key in two ways"),
        pytest.param({"t": {1, 2}}, id="a set"),
        pytest.param([1], id="no object"),
    ],
)
def test_a_body_that_no_history_can_keep_is_refused(store: Store, body: dict[str, Any]) -> None:
    with pytest.raises(BodyError):
        store.append([Entry(entity="observation", entity_id="a", body=body, author="p")])
    assert store.revisions() == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text("abåäöé"), parts),
    max_leaves=8,
)


@given(pairs=st.dictionaries(st.text("abåäöé", max_size=3), _JSON, max_size=5))
def test_canonical_text_does_not_depend_on_order(pairs: dict[str, Any]) -> None:
    turned = dict(reversed(list(pairs.items())))
    assert canonical(pairs) == canonical(turned)


def test_canonical_text_is_composed() -> None:
    assert canonical({"namn": "A\u030a"}) == '{"namn":"Å"}'


COPY = """{put} INTO revision SELECT {seq}, entity, entity_id, {version}, op, '{{}}', author,
at_utc, source, base_version, {op_id}, NULL, NULL, prev_hash, hash, signature
FROM revision WHERE seq = 2"""


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE revision SET body = '{}'",
        "UPDATE revision SET author = 'p9' WHERE seq = 1",
        "DELETE FROM revision",
        "INSERT OR REPLACE INTO revision SELECT * FROM revision WHERE seq = 1",
        COPY.format(put="REPLACE", seq="seq + 1", version="version", op_id="NULL"),
        COPY.format(put="REPLACE", seq="seq + 1", version="version + 1", op_id="'x'"),
        COPY.format(put="INSERT", seq="seq + 9", version="version + 9", op_id="NULL"),
        COPY.format(put="INSERT", seq="NULL", version="version", op_id="NULL"),
    ],
)
def test_no_statement_alters_the_history(store: Store, mark: Mark, place: Path, sql: str) -> None:
    made = store.append([mark("a", op_id="x"), mark("a", n=2)])
    other = apsw.Connection(str(place))
    with pytest.raises(apsw.ConstraintError):
        other.execute(sql)
    other.close()
    assert store.revisions() == made


def test_a_transaction_is_whole_or_nothing(store: Store, mark: Mark) -> None:
    def spoil() -> None:
        with store.transaction():
            store.append([mark("a")])
            assert len(store.revisions()) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        spoil()
    assert store.revisions() == []
    assert store.verify() == []


def test_a_part_that_fails_leaves_the_rest_of_a_transaction(store: Store, mark: Mark) -> None:
    bad = Entry(entity="decision", entity_id="s", body={}, author="p", expected_version=7)
    with store.transaction():
        store.append([mark("a")])
        with pytest.raises(VersionConflictError):
            store.append([mark("b"), bad])
        store.append([mark("c")])
    assert list(store.state("observation")) == ["a", "c"]
    assert store.verify() == []


def test_what_is_not_kept_yet_is_seen_by_nobody_else(store: Store, mark: Mark) -> None:
    seen: list[int] = []
    with store.transaction():
        store.append([mark("a")])
        other = threading.Thread(target=lambda: seen.append(len(store.revisions())))
        other.start()
        other.join()
    assert seen == [0]


def test_sixteen_clients_count_to_four_hundred(store: Store) -> None:
    store.append([Entry(entity="decision", entity_id="s", body={"n": 0}, author="p")])
    conflicts: list[int] = []

    def count() -> None:
        for _ in range(25):
            while True:
                stands = store.latest("decision", "s")
                assert stands is not None
                entry = Entry(
                    entity="decision",
                    entity_id="s",
                    body={"n": stands.body["n"] + 1},
                    author="p",
                    expected_version=stands.version,
                )
                try:
                    store.append([entry])
                except VersionConflictError as conflict:
                    conflicts.append(conflict.current)
                else:
                    break

    clients = [threading.Thread(target=count) for _ in range(16)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    last = store.latest("decision", "s")
    assert last is not None
    assert (last.body["n"], last.version) == (400, 401)
    assert store.verify() == []


def test_a_store_held_by_another_program_is_busy(
    store: Store, mark: Mark, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gis.store.database._BUSY_MS", 50)
    second = open_store(place)
    with store.transaction(), pytest.raises(StoreBusyError, match="held by another program"):
        second.append([mark("a")])
    assert second.append([mark("a")])[0].seq == 1
    second.close()
