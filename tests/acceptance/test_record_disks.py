"""Is a mark that was acknowledged there after a power cut, and after the disk ran full?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely

from gis.store import create_store, open_store
from gis.store.base import Delivery, StoreFullError
from gis.store.database import Database
from gis.store.geopackage import GeoPackageStore
from tests.acceptance.record_world import (
    Step,
    Tape,
    TapedDisk,
    after_power_cut,
    dice,
    kept,
    mark,
    size,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.store.base import Store
    from tests.acceptance.record_world import Dice

CUTS = size(150, 1000)
WRITES = 50
FULL_ROUNDS = size(15, 200)


@pytest.fixture
def tape(request: pytest.FixtureRequest) -> Iterator[Tape]:
    """Give a tape that runs while the disk named after the test is in use."""
    tape = Tape()
    disk = TapedDisk(request.node.name, tape)
    yield tape
    disk.unregister()


def on_tape(place: Path, name: str) -> GeoPackageStore:
    """Open a store on the taped disk, with so short a WAL that it is folded in again and again."""
    database = Database(str(place), vfs=name)
    with database.alone() as connection:
        connection.wal_autocheckpoint(25)
    return GeoPackageStore(database)


def layer(number: int, rows: int) -> gpd.GeoDataFrame:
    """Make a layer that tells its number in every row."""
    points = [shapely.Point(500_000 + row, 6_200_000) for row in range(rows)]
    ids = [f"s{row}" for row in range(rows)]
    return gpd.GeoDataFrame({"segment_id": ids, "n": number}, geometry=points, crs=3006)


def write_something(store: Store, rng: Dice, number: int) -> str:
    """Do one of the things people and imports do; give the operation id when it was a mark."""
    chance = rng.random()
    if chance < 0.7:
        return str(store.append([mark(rng)])[0].op_id)
    if chance < 0.8:
        delivery = Delivery(kind="osm", source="osm", file_name="t")
        store.keep_delivery(delivery, rng.bytes(6000), {"ways": b"w"})
    elif chance < 0.9:
        store.replace_layers({"segments": layer(number, 40)}, keys={"segments": "segment_id"})
    else:
        store.keep_item("photo", str(number), rng.bytes(3000))
    return ""


def test_no_power_cut_loses_or_spoils_anything(
    tmp_path: Path, tape: Tape, request: pytest.FixtureRequest
) -> None:
    place = tmp_path / "town.gpkg"
    create_store(place, "{}").close()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    head = tmp_path / "town.gpkg.head"
    rng = dice(3)
    store = on_tape(place, request.node.name)
    for number in range(WRITES):
        op_id = write_something(store, rng, number)
        tape.note(Step("acknowledged", op_id, data=head.read_bytes()))
    store.close()
    assert any(step.what == "sync" and step.name == "town.gpkg" for step in tape.steps)
    for cut in sorted(rng.integers(len(tape.steps) + 1, size=CUTS).tolist()):
        folder = tmp_path / f"cut-{cut}-{rng.bytes(4).hex()}"
        folder.mkdir()
        steps = tape.steps[:cut]
        heads = [step.data for step in steps if step.what == "acknowledged"]
        disk = after_power_cut(before, steps, rng)
        disk["town.gpkg.head"] = heads[-1] if heads else before["town.gpkg.head"]
        disk.pop("town.gpkg-shm", None)
        for name, data in disk.items():
            (folder / name).write_bytes(data)
        left = open_store(folder / "town.gpkg")
        assert left.verify() == []
        there = kept(left)
        left.close()
        acknowledged = [step.name for step in steps if step.what == "acknowledged" and step.name]
        assert [op_id for op_id in acknowledged if op_id not in there] == []


def test_a_full_disk_refuses_and_a_freed_one_goes_on(
    tmp_path: Path, tape: Tape, request: pytest.FixtureRequest
) -> None:
    place = tmp_path / "town.gpkg"
    create_store(place, "{}").close()
    store = on_tape(place, request.node.name)
    rng = dice(5)
    acknowledged: list[str] = []
    refused = 0
    for number in range(FULL_ROUNDS):
        tape.room = int(rng.integers(120_000))
        for _ in range(200):
            try:
                acknowledged.append(write_something(store, rng, number))
            except StoreFullError:
                refused += 1
                break
        assert set(filter(None, acknowledged)) <= set(kept(store))
        tape.room = None
        acknowledged.append(write_something(store, rng, number))
        assert store.verify() == []
    store.close()
    assert refused == FULL_ROUNDS
    again = open_store(place)
    assert again.verify() == []
    assert set(filter(None, acknowledged)) <= set(kept(again))
    again.close()
