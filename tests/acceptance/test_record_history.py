"""Can nobody alter the history unseen, and does everybody find what they wrote in it?"""

from __future__ import annotations

import shutil
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import apsw
import geopandas as gpd
import shapely

from gis.store import create_store, open_store, restore
from gis.store.base import Entry, Revision, VersionConflictError
from gis.store.canonical import link_hash
from tests.acceptance.record_world import dice, kept, mark, size

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gis.store.base import Store

REVISIONS = size(300, 3000)
COPIES = 100
EDITS = size(200, 500)
TIMES = size(6, 20)
WRITERS = 8
WRITING_S = float(size(2, 60))

Rows = list[list[Any]]
INSERT = "INSERT INTO revision VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
# Where what stands in a row of the history.
ENTITY_ID, VERSION, BODY, AUTHOR, AT, PREV, HASH, SIGNATURE = 2, 3, 5, 6, 7, 13, 14, 15
FLIPPED = (1, ENTITY_ID, 4, BODY, AUTHOR, AT, PREV, HASH)


def flip(rows: Rows, at: int) -> None:
    """Change one thing in one revision."""
    column = FLIPPED[at % len(FLIPPED)]
    text = str(rows[at][column])
    place = at % len(text)
    rows[at][column] = text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]


def delete(rows: Rows, at: int) -> None:
    """Take one revision out."""
    del rows[at]


def reorder(rows: Rows, at: int) -> None:
    """Let two neighbours change places and numbers."""
    at = min(at, len(rows) - 2)
    rows[at][0], rows[at + 1][0] = rows[at + 1][0], rows[at][0]
    rows[at], rows[at + 1] = rows[at + 1], rows[at]


def cut(rows: Rows, at: int) -> None:
    """Cut the tail off."""
    del rows[at:]


def recompute(rows: Rows, at: int) -> None:
    """Change a body and compute every hash after it anew."""
    rows[at][BODY] = '{"forged":true}'
    for number in range(at, len(rows)):
        row = rows[number]
        if number > at:
            row[PREV] = rows[number - 1][HASH]
        signature = rows[number - 1][SIGNATURE] if number else b""
        fields = (*row[:BODY], *row[BODY + 1 : PREV])
        row[HASH] = link_hash((row[PREV], signature), fields, row[BODY])


def rewrite(place: Path, change: Callable[[Rows], None]) -> None:
    """Write the history of a copy anew behind the back of its triggers."""
    other = apsw.Connection(str(place))
    rows = [list(row) for row in other.execute("SELECT * FROM revision ORDER BY seq")]
    triggers = [
        (str(name), str(sql))
        for name, sql in other.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ]
    for name, _ in triggers:
        other.execute(f'DROP TRIGGER "{name}"')
    change(rows)
    with other:
        other.execute("DELETE FROM revision")
        other.executemany(INSERT, rows)
    for _, sql in triggers:
        other.execute(sql)
    other.close()


def test_every_tampered_copy_is_found_and_the_first_bad_revision_named(tmp_path: Path) -> None:
    rng = dice(7)
    place = tmp_path / "town.gpkg"
    store = create_store(place, "{}")
    for _ in range(REVISIONS // 10):
        store.append([mark(rng) for _ in range(10)])
    store.close()
    for number in range(COPIES):
        folder = tmp_path / str(number)
        folder.mkdir()
        for file in tmp_path.glob("town.gpkg*"):
            shutil.copy(file, folder)
        how = (flip, delete, reorder, cut, recompute)[number % 5]
        at = int(rng.integers(REVISIONS - 1))
        rewrite(folder / "town.gpkg", partial(how, at=at))
        copy = open_store(folder / "town.gpkg", check=False)
        faults = copy.verify()
        copy.close()
        assert [fault.seq for fault in faults][:1] == [at + 1], how.__name__


def test_nothing_is_lost_while_layers_and_backups_are_written(tmp_path: Path) -> None:
    store = create_store(tmp_path / "town.gpkg", "{}")
    acknowledged: list[str | None] = []
    until = time.monotonic() + WRITING_S

    def write(seed: int) -> None:
        rng = dice(seed)
        while time.monotonic() < until:
            acknowledged.append(store.append([mark(rng)])[0].op_id)

    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(WRITERS)]
    for writer in writers:
        writer.start()
    turns = 0
    while time.monotonic() < until:
        turns += 1
        store.replace_layers({"segments": layer(turns)}, keys={"segments": "segment_id"})
        store.update_layers({"segments": layer(turns + 1).iloc[:5]})
        assert len(store.layer("segments")) == len(store.features("segments")) == 200
        store.backup(tmp_path / "kept")
        assert store.verify() == []
        open_store(tmp_path / "town.gpkg").close()
    for writer in writers:
        writer.join()
    assert turns > 0
    assert set(acknowledged) == set(kept(store))
    assert store.verify() == []
    store.close()


def layer(number: int) -> gpd.GeoDataFrame:
    """Make a layer that tells its number in every row."""
    points = [shapely.Point(500_000 + row, 6_200_000) for row in range(200)]
    ids = [f"s{row}" for row in range(200)]
    return gpd.GeoDataFrame({"segment_id": ids, "n": number}, geometry=points, crs=3006)


def counted(store: Store) -> int:
    """Add one to a number that everybody adds to; count the refusals on the way."""
    refused = 0
    while True:
        stands = store.latest("decision", "s")
        version, number = (stands.version, stands.body["n"]) if stands else (0, 0)
        entry = Entry(
            entity="decision",
            entity_id="s",
            body={"n": number + 1},
            author="p",
            expected_version=version,
        )
        try:
            store.append([entry])
        except VersionConflictError:
            refused += 1
        else:
            return refused


def test_sixteen_clients_with_connections_of_their_own_lose_no_increment(place: str) -> None:
    create_store(place, "{}").close()

    def client() -> None:
        store = open_store(place)
        for _ in range(25):
            counted(store)
        store.close()

    clients = [threading.Thread(target=client) for _ in range(16)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    store = open_store(place)
    numbers = [(one.version, one.body["n"]) for one in store.revisions("decision")]
    assert numbers == [(number, number) for number in range(1, 401)]
    assert store.verify() == []
    store.close()


def told(store: Store, moment: Revision) -> list[Revision]:
    """Read what was recorded by the time of a revision, besides what a store says of itself."""
    return [one for one in store.revisions(as_of=moment.at) if one.entity != "store"]


def test_a_store_restored_to_any_time_equals_what_it_gave_as_of_then(
    place: str, tmp_path: Path
) -> None:
    rng = dice(11)
    store = create_store(place, "{}")
    made: list[Revision] = []
    for number in range(EDITS):
        made += store.append([mark(rng)])
        if number % (EDITS // 4) == 0:
            store.backup(tmp_path / "kept")
    store.backup(tmp_path / "kept")
    for number, moment in enumerate(made[at] for at in rng.choice(len(made), TIMES, replace=False)):
        begin = time.monotonic()
        back = restore(tmp_path / "kept", tmp_path / f"{number}.gpkg", at=moment.at)
        assert time.monotonic() - begin < 60
        assert told(back, moment) == told(store, moment)
        assert [one for one in back.revisions() if one.at > moment.at][1:] == []
        assert back.verify() == []
        back.close()
    store.close()
