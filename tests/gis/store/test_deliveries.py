"""Is a delivered file kept as it came, and once?"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import apsw
import pytest

from gis.errors import NotFoundError
from gis.store.base import Delivery, Lineage
from gis.store.deliveries import delivery_key

if TYPE_CHECKING:
    from pathlib import Path

    from gis.store.base import Store

OSM = Delivery(kind="osm", source="osm", file_name="town.osm", date="2026-05-01", meta={"ways": 3})


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<osm/>" * 1000, id="packs well"),
        pytest.param(os.urandom(5000), id="does not pack"),
        pytest.param(b"way " * 4_200_000, id="more than a piece"),
    ],
)
def test_a_file_comes_back_as_it_came(store: Store, raw: bytes) -> None:
    kept = store.keep_delivery(OSM, raw, {})
    assert kept.new
    assert store.delivery_raw(kept.delivery_id) == raw
    assert store.verify() == []


def test_a_file_that_packs_takes_less_room(store: Store, place: Path) -> None:
    store.keep_delivery(OSM, b"<osm/>" * 100_000, {})
    store.close()
    assert place.stat().st_size < 300_000


def test_the_same_file_twice_makes_no_revision(store: Store) -> None:
    first = store.keep_delivery(OSM, b"a", {"ways": b"1"})
    again = store.keep_delivery(OSM, b"a", {"ways": b"2"})
    assert (again.delivery_id, again.new) == (first.delivery_id, False)
    assert len(store.revisions()) == 1
    assert store.delivery_blobs(first.delivery_id) == {"ways": b"2"}


def test_an_older_file_again_is_the_newest(store: Store) -> None:
    first = store.keep_delivery(OSM, b"a", {})
    second = store.keep_delivery(OSM, b"b", {})
    again = store.keep_delivery(OSM, b"a", {})
    assert (again.delivery_id, again.new) == (first.delivery_id, True)
    listed = [one.delivery_id for one in store.deliveries()]
    assert listed == [second.delivery_id, first.delivery_id]


def test_the_same_file_of_another_source_is_another_delivery(store: Store) -> None:
    one = store.keep_delivery(OSM, b"a", {})
    other = store.keep_delivery(Delivery(kind="osm", source="county", file_name="t"), b"a", {})
    assert one.delivery_id != other.delivery_id
    assert len(store.deliveries()) == 2


def test_an_id_depends_on_nothing_but_the_file(store: Store) -> None:
    kept = store.keep_delivery(OSM, b"a", {})
    digest = store.deliveries()[0].sha256
    assert kept.delivery_id == delivery_key("osm", "osm", digest)


def test_a_delivery_is_told_in_full_and_as_of(store: Store) -> None:
    store.keep_delivery(OSM, b"abc", {})
    told = store.deliveries()[0]
    assert (told.kind, told.file_name, told.date, told.size, told.seq) == (
        "osm",
        "town.osm",
        "2026-05-01",
        3,
        1,
    )
    assert told.meta == {"ways": 3}
    store.keep_delivery(OSM, b"b", {})
    assert store.deliveries(as_of=told.at) == [told]


def test_what_another_reader_made_is_thrown_away(store: Store) -> None:
    kept = store.keep_delivery(OSM, b"a", {"ways": b"old"}, reader_version="1")
    assert store.delivery_blobs(kept.delivery_id, "2") == {}
    store.put_delivery_blobs(kept.delivery_id, {"ways": b"new", "nodes": b""}, "2")
    assert store.delivery_blobs(kept.delivery_id, "2") == {"ways": b"new", "nodes": b""}
    assert store.delivery_blobs(kept.delivery_id, "1") == {}


def test_an_unknown_delivery_is_named(store: Store) -> None:
    with pytest.raises(NotFoundError, match="dnone"):
        store.delivery_raw("dnone")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE delivery_raw SET data = x''",
        "DELETE FROM delivery_raw",
        "INSERT OR REPLACE INTO delivery_raw SELECT delivery_id, piece, 0, x'00' FROM delivery_raw",
        "UPDATE lineage SET new_id = 'x'",
        "DELETE FROM lineage",
        "REPLACE INTO lineage SELECT * FROM lineage",
    ],
)
def test_no_statement_alters_what_was_delivered(store: Store, place: Path, sql: str) -> None:
    store.keep_delivery(OSM, b"a", {})
    store.keep_lineage([Lineage(old_id="a", new_id="b", relation="moved", delivery_id="d")])
    other = apsw.Connection(str(place))
    with pytest.raises(apsw.ConstraintError):
        other.execute(sql)
    other.close()


def test_lineage_is_read_from_both_ends(store: Store) -> None:
    rows = [
        Lineage(old_id="a", new_id="b", relation="split", delivery_id="d1", old_to_m=5.5),
        Lineage(old_id="a", new_id="c", relation="split", delivery_id="d1", old_from_m=5.5),
        Lineage(old_id="x", new_id="", relation="dropped", delivery_id="d1"),
    ]
    store.keep_lineage(rows)
    assert [one.new_id for one in store.lineage("a")] == ["b", "c"]
    assert [(one.old_id, one.old_to_m) for one in store.lineage("b")] == [("a", 5.5)]
    assert len(store.lineage()) == 3
