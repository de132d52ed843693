"""Does a record come out of one engine and into the other as it was?"""

from __future__ import annotations

from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING

import psycopg
import pytest

from gis.errors import StoreError
from gis.store import create_store, is_there, open_store, restore
from gis.store.base import Delivery, Lineage, StoreBusyError
from gis.store.postgis.server import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    import geopandas as gpd

    from gis.store.base import Entry, Store
    from tests.cluster import Cluster

_OFF = "ALTER TABLE revision DISABLE TRIGGER ALL"
_CUT = "DELETE FROM revision WHERE seq = 2"
KEYS = {"segments": "segment_id"}
AREA = '{"id":"town"}'


def export_hash(store: Store, as_of: datetime | None = None) -> str:
    """Digest all that was recorded, and what the layers held at a time."""
    digest = sha256()
    own = [one for one in store.revisions() if one.entity != "store"]
    parts: list[object] = [
        own,
        store.lineage(),
        store.names(),
        store.users(),
        [(one, store.delivery_raw(one.delivery_id)) for one in store.deliveries()],
        [store.item("photo", one.key) for one in store.items("photo")],
        store.features("segments", as_of=as_of),
        store.area_json(),
    ]
    for part in parts:
        digest.update(repr(part).encode())
    return digest.hexdigest()


def lived_in(
    store: Store, paths: Callable[..., gpd.GeoDataFrame], mark: Callable[..., Entry]
) -> None:
    """Fill a store with some of everything."""
    osm = Delivery(kind="osm", source="osm", file_name="t.osm", author=store.person("Ann"))
    kept = store.keep_delivery(osm, b"\x00\xff" * 5000, {})
    store.keep_lineage([Lineage(old_id="a", new_id="b", relation="moved", delivery_id=kept[0])])
    store.add_user("ann", "planner", "h")
    store.append([mark(f"o{number % 3}", n=number, note="cykelväg\u0001") for number in range(7)])
    store.keep_item("photo", "k", bytes(range(256)))
    for count in (3, 5, 4):
        store.replace_layers({"segments": paths(count, n=count)}, keys=KEYS)


def test_a_backup_of_one_engine_comes_back_in_the_other(
    postgres: Cluster,
    paths: Callable[..., gpd.GeoDataFrame],
    mark: Callable[..., Entry],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GCVAG_KEYS", str(tmp_path / "keys"))
    with closing(create_store(tmp_path / "a.gpkg", AREA)) as first:
        lived_in(first, paths, mark)
        moment = first.append([mark("last")])[0].at
        hashes = [export_hash(first, moment)]
        first.backup(tmp_path / "one")
    with closing(restore(tmp_path / "one", postgres.database())) as second:
        hashes.append(export_hash(second, moment))
        assert second.verify() == []
        second.backup(tmp_path / "two")
    with closing(restore(tmp_path / "two", tmp_path / "b.gpkg")) as third:
        hashes.append(export_hash(third, moment))
        assert third.verify() == []
    assert len(set(hashes)) == 1


def test_layers_are_the_same_bytes_in_both_engines(
    postgres: Cluster,
    paths: Callable[..., gpd.GeoDataFrame],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GCVAG_KEYS", str(tmp_path / "keys"))
    rows = paths(4, width_m=[1.5, None, 0.1, 3], lit=[True, None] * 2)
    said = []
    for location in (str(tmp_path / "a.gpkg"), postgres.database()):
        with closing(create_store(location, AREA)) as store:
            store.replace_layers({"segments": rows}, keys=KEYS)
            said.append((
                store.features("segments"),
                store.extent("segments"),
                store.layer("segments").to_wkt().to_json(),
            ))  # fmt: skip
    assert said[0] == said[1]


@pytest.fixture
def address(postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address of a database without a store."""
    monkeypatch.setenv("GCVAG_KEYS", str(tmp_path / "keys"))
    return postgres.database()


def test_a_database_holds_one_store(address: str) -> None:
    assert not is_there(address)
    with pytest.raises(StoreError, match="holds no store"):
        open_store(address)
    create_store(address, AREA).close()
    assert is_there(address)
    with pytest.raises(StoreError, match="holds a store"):
        create_store(address, AREA)


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        open_store("postgresql://ann:secret@127.0.0.1:9/town")
    assert "secret" not in str(caught.value)


def test_one_process_serves_a_database(address: str) -> None:
    with closing(create_store(address, AREA)) as first, closing(open_store(address)) as second:
        first.occupy()
        with pytest.raises(StoreBusyError, match="served by another"):
            second.occupy()
        first.close()
        second.occupy()


def test_a_row_of_a_database_that_stands_already_is_left_where_it_is(
    address: str, paths: Callable[..., gpd.GeoDataFrame]
) -> None:
    with closing(create_store(address, AREA)) as store:
        store.replace_layers({"segments": paths(4, kind="path", lit=True)}, keys=KEYS)
        new = paths(5, kind="path", lit=True).assign(kind=["path", "path", "lane", "path", "path"])
        moved = new.geometry.where(new["segment_id"].ne("s0003"), new.geometry.translate(1))
        store.update_layers({"segments": new.set_geometry(moved)})
    with connect(address) as other:
        rows = other.execute("SELECT fid, segment_id FROM segments ORDER BY fid").fetchall()
    assert rows[:2] == [(1, "s0000"), (2, "s0001")]
    assert [name for _, name in rows[2:]] == ["s0002", "s0003", "s0004"]
    assert min(fid for fid, _ in rows[2:]) > 2


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE revision DISABLE TRIGGER revision_no_change", "was altered"),
        ("DROP TRIGGER revision_next_only ON revision", "is missing"),
        ("DROP TABLE layer_past", "table layer_past is missing"),
        ("CREATE RULE quiet AS ON INSERT TO item DO INSTEAD NOTHING", "added by another"),
        ("UPDATE store_meta SET value = '99' WHERE key = 'schema'", "newer gcvag"),
        ("; ".join([_OFF, _CUT, _OFF.replace("DIS", "EN")]), "ends at 1"),
    ],
)  # fmt: skip
def test_a_database_that_was_altered_is_refused(
    address: str, mark: Callable[..., Entry], statement: str, said: str
) -> None:
    with closing(create_store(address, AREA)) as store:
        store.append([mark("a"), mark("b")])
    with connect(address) as other:
        other.execute(statement.encode())
    with pytest.raises(StoreError, match=said):
        open_store(address)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE revision SET body = '{}'",
        "DELETE FROM revision",
        "TRUNCATE revision",
        "INSERT INTO revision SELECT * FROM revision WHERE seq = 1",
        "DELETE FROM lineage",
        "UPDATE delivery_raw SET data = ''",
    ],
)
def test_no_statement_alters_what_was_recorded(
    address: str,
    paths: Callable[..., gpd.GeoDataFrame],
    mark: Callable[..., Entry],
    statement: str,
) -> None:
    with closing(create_store(address, AREA)) as store:
        lived_in(store, paths, mark)
        before = export_hash(store)
        with connect(address) as other, pytest.raises(psycopg.errors.IntegrityError):
            other.execute(statement.encode())
        assert export_hash(store) == before
        assert store.verify() == []


def test_a_writer_that_was_cut_off_comes_back(address: str, mark: Callable[..., Entry]) -> None:
    with closing(create_store(address, AREA)) as store:
        store.append([mark("a")])
        with connect(address) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'gcvag' AND pid <> pg_backend_pid()"
            )
        with pytest.raises(StoreError, match="cannot be reached"):
            store.append([mark("b")])
        store.append([mark("c")])
        assert [one.entity_id for one in store.revisions()] == ["a", "c"]
        assert store.verify() == []


@pytest.fixture
def logins(address: str) -> Iterator[tuple[str, str]]:
    """Give the address of one database to two log-ins: its owner's, and that of the public store.

    Both may log in to the server; neither is its superuser.
    """
    with connect(address) as server:
        name = server.info.dbname
        for login in ("polis", "kommun"):
            server.execute(f"CREATE ROLE {login} LOGIN".encode())
        server.execute(f"ALTER DATABASE {name} OWNER TO polis".encode())
    yield address.replace("gcvag@", "polis@"), address.replace("gcvag@", "kommun@")
    with connect(address) as server:
        server.execute(f"ALTER DATABASE {name} OWNER TO gcvag".encode())
        for login in ("polis", "kommun"):
            server.execute(f"DROP OWNED BY {login} CASCADE".encode())
            server.execute(f"DROP ROLE {login}".encode())
        server.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO PUBLIC".encode())


def test_the_police_database_is_closed_to_the_log_in_of_the_public_store(
    logins: tuple[str, str], mark: Callable[..., Entry]
) -> None:
    police, public = logins
    connect(public).close()
    with closing(create_store(police, AREA, kind="police")) as store:
        store.append([mark("plan")])
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        connect(public)
    with pytest.raises(StoreError, match="cannot be reached"):
        open_store(public)
    with connect(police) as owner:
        owner.execute(f"GRANT CONNECT ON DATABASE {owner.info.dbname} TO kommun".encode())
    with connect(public) as other:
        for asked in (b"TABLE gcvag.revision", b"TABLE gcvag.store_meta", b"TABLE gcvag.person"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                other.execute(asked)
    open_store(police).close()


def test_a_police_database_that_everybody_may_enter_is_refused(logins: tuple[str, str]) -> None:
    police, _ = logins
    create_store(police, AREA, kind="police").close()
    with connect(police) as owner:
        owner.execute(f"GRANT CONNECT ON DATABASE {owner.info.dbname} TO PUBLIC".encode())
    with pytest.raises(StoreError, match="REVOKE CONNECT ON DATABASE"):
        open_store(police)
    with closing(open_store(police, check=False)) as store:
        assert [fault.code for fault in store.verify()] == ["layout"]


def test_a_police_store_is_not_made_where_its_log_in_cannot_shut_the_door(
    address: str, logins: tuple[str, str]
) -> None:
    _, public = logins
    with connect(address) as server:
        server.execute(f"GRANT CREATE ON DATABASE {server.info.dbname} TO kommun".encode())
    with pytest.raises(StoreError, match="may enter the police database"):
        create_store(public, AREA, kind="police")
    assert not is_there(public)
    create_store(public, AREA).close()
