"""Does a look at the store find what somebody did to it?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import apsw
import pytest

from gis.store import open_store
from gis.store.base import Delivery
from gis.store.canonical import genesis, link_hash

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

    from gis.store.base import Entry, Fault, Store


def tamper(place: Path, *statements: str) -> None:
    """Change a store behind its back, triggers and all, and leave the layout as it was."""
    other = apsw.Connection(str(place))
    rows = other.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    triggers = [(str(name), str(sql)) for name, sql in rows]
    for name, _ in triggers:
        other.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        other.execute(statement)
    for _, sql in triggers:
        other.execute(sql)
    other.close()


def look(place: Path) -> list[Fault]:
    """Verify a closed store."""
    store = open_store(place, check=False)
    try:
        return store.verify()
    finally:
        store.close()


FORGE = "UPDATE revision SET body = '{body}', hash = '{hash}'"
COPY = (
    "INSERT INTO revision SELECT 7, entity, 'forged', 1, op, body, author, at_utc, source, "
    "base_version, NULL, NULL, changeset, prev_hash, hash, signature FROM revision WHERE seq = 6"
)


@pytest.mark.parametrize(
    ("sql", "seq"),
    [
        pytest.param("UPDATE revision SET body = '{\"n\":9}' WHERE seq = 3", 3, id="body"),
        pytest.param("UPDATE revision SET author = 'p9' WHERE seq = 1", 1, id="author"),
        pytest.param("UPDATE revision SET at_utc = '2020' WHERE seq = 6", 6, id="time"),
        pytest.param("UPDATE revision SET hash = prev_hash WHERE seq = 2", 2, id="hash"),
        pytest.param("UPDATE revision SET signature = x'00' WHERE seq = 2", 2, id="signature"),
        pytest.param("UPDATE revision SET signature = x'' WHERE seq = 6", 6, id="last signature"),
        pytest.param("UPDATE revision SET base_version = 0 WHERE seq = 4", 4, id="base version"),
        pytest.param("DELETE FROM revision WHERE seq = 4", 4, id="cut out"),
        pytest.param("DELETE FROM revision WHERE seq = 1", 1, id="cut off in front"),
        pytest.param("DELETE FROM revision WHERE seq = 6", 6, id="cut off behind"),
        pytest.param("DELETE FROM revision", 1, id="cut off whole"),
        pytest.param(COPY, 7, id="forged behind"),
        pytest.param("UPDATE revision SET seq = seq + 1 WHERE seq = 6", 6, id="moved"),
    ],
)
def test_the_first_bad_revision_is_named(
    store: Store, place: Path, mark: Callable[..., Entry], sql: str, seq: int
) -> None:
    store.append([mark(str(number), n=number) for number in range(6)])
    store.close()
    assert look(place) == []
    tamper(place, sql)
    assert look(place)[0].seq == seq


def test_a_chain_computed_anew_does_not_match_the_signed_head(
    store: Store, place: Path, mark: Callable[..., Entry]
) -> None:
    made = store.append([mark(n=1)])[0]
    store.close()
    body = '{"n":2}'
    link = (1, "observation", "o1", 1, "create", "p1", made.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "human", None, None, None, None)  # fmt: skip
    forged = link_hash((genesis(store.store_id), b""), link, body)
    tamper(place, FORGE.format(body=body, hash=forged))
    assert [(fault.code, fault.seq) for fault in look(place)] == [("head", 1)]


@pytest.mark.parametrize(
    ("ending", "text", "why"),
    [
        pytest.param("head", None, "head beside the store is missing", id="no head"),
        pytest.param("head", "", "no signed head", id="empty head"),
        pytest.param("head", '{"seq": 1}', "no signed head", id="half a head"),
        pytest.param("pub", None, "signature", id="no key"),
        pytest.param("pub", "nonsense", "signature", id="no key in the file"),
    ],
)
def test_a_head_that_is_none_is_told(
    store: Store, place: Path, mark: Callable[..., Entry], ending: str, text: str | None, why: str
) -> None:
    store.append([mark(n=1)])
    store.close()
    path = place.with_name(f"{place.name}.{ending}")
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    faults = look(place)
    assert [fault.code for fault in faults] == ["head"]
    assert why in faults[0].message


def test_a_head_signed_by_somebody_else_is_told(
    store: Store, place: Path, mark: Callable[..., Entry]
) -> None:
    store.append([mark(n=1), mark(n=2)])
    store.close()
    path = place.with_name(f"{place.name}.head")
    said = json.loads(path.read_text())
    path.write_text(json.dumps(said | {"seq": 1}))
    assert [fault.code for fault in look(place)] == ["head"]


def test_a_head_that_is_behind_is_fine(
    store: Store, place: Path, mark: Callable[..., Entry]
) -> None:
    store.append([mark(n=1)])
    store.close()
    path = place.with_name(f"{place.name}.head")
    behind = path.read_bytes()
    again = open_store(place)
    again.append([mark(n=2)])
    again.close()
    path.write_bytes(behind)
    assert look(place) == []


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE delivery_raw SET data = x'00', packed = 0", "delivery"),
        ("DELETE FROM delivery_raw", "delivery"),
        ("DELETE FROM json_segments WHERE fid = 1", "layer"),
        ("DELETE FROM rtree_segments_geom WHERE id = 1", "layer"),
    ],
)
def test_what_lies_beside_the_chain_is_looked_at(
    store: Store, place: Path, paths: Callable[..., gpd.GeoDataFrame], sql: str, code: str
) -> None:
    store.keep_delivery(Delivery(kind="osm", source="osm", file_name="t"), b"abc", {})
    store.replace_layers({"segments": paths()}, keys={"segments": "segment_id"})
    store.close()
    tamper(place, sql)
    assert [fault.code for fault in look(place)] == [code]


def test_a_corrupt_page_is_told_and_nothing_raised(
    store: Store, place: Path, mark: Callable[..., Entry]
) -> None:
    store.append([mark(str(number), note="x" * 500) for number in range(400)])
    store.close()
    with place.open("r+b") as file:
        file.seek(4096 * 60)
        file.write(b"\xff" * 4096)
    assert look(place)[0].code in {"file", "chain"}
