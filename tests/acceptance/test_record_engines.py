"""Does the same work end in the same hashes on both engines, and does every past come back?"""

from __future__ import annotations

import time
from contextlib import closing
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING, Final

from gis import areas, inventory, marks
from gis.store import create_store, restore
from gis.store.canonical import read_time
from tests.acceptance.record_world import SOAK, dice, size
from tests.gis.osmtext import Town

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import pytest

    from gis.store import Store
    from tests.cluster import Cluster

MARKS: Final = size(6, 120)
TIMES: Final = size(2, 20)
BATCH: Final = 3
CLASSES: Final = ("gangbana", "cykelbana", "gc_gemensam")
BEGIN_S: Final = 1_778_000_000


class Clock:
    """Ticks a second at each look, the same in every run."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._seconds = count(BEGIN_S)
        for name in ("gis.store.history.now", "gis.store.past.now"):
            patch.setattr(name, self.look)

    def look(self) -> datetime:
        """Tell the time."""
        return _at(next(self._seconds))


def _at(seconds: int) -> datetime:
    text = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(seconds))
    return read_time(text)


def places(cluster: Cluster, folder: Path, patch: pytest.MonkeyPatch) -> list[str]:
    """Name a place for a store of each engine."""
    patch.setenv("GCVAG_KEYS", str(folder / "keys"))
    return [str(folder / "town.gpkg"), cluster.database()]


def town(folder: Path, turn: int) -> Path:
    """Write a delivery; each turn the ways are tagged and drawn a little otherwise."""
    made = Town()
    for row in range(4):
        made.node(3 * row + 1, 0, row).node(3 * row + 2, 1, row + 0.01 * turn)
        made.node(3 * row + 3, 2, row)
        tag = "cycleway" if (row + turn) % 3 == 0 else "footway"
        refs = [3 * row + 1, 3 * row + 2, 3 * row + 3]
        made.way(row + 1, refs, {"highway": tag})
    return made.save(folder, f"{turn}.osm")


def lived_in(store: Store, folder: Path, clock: Clock) -> list[datetime]:
    """Import, mark, disagree, decide and import again; give a time after each."""
    rng, times = dice(6), []
    for turn in range(2):
        inventory.import_file(store, town(folder, turn))
        inventory.update(store)
        times.append(clock.look())
        ids = sorted(store.table("segments").query("status != 'retired'")["segment_id"])
        for begin in range(0, MARKS // 2, BATCH):
            drawn = [(ids[int(rng.integers(len(ids)))], begin + n) for n in range(BATCH)]
            touched = {marked(store, one, number + 1000 * turn) for one, number in drawn}
            inventory.refresh(store, sorted(touched))
            times.append(clock.look())
        marks.decide_segment(store, ids[turn], CLASSES[turn], reason="prov", author="planner")
        inventory.refresh(store, [ids[turn]])
        times.append(clock.look())
    return times


def marked(store: Store, segment_id: str, number: int) -> str:
    """Let one of three people say of a segment what the dice say."""
    operation = {
        "op_id": f"00000000-0000-4000-8000-{number:012d}",
        "kind": "mark",
        "segment_id": segment_id,
        "base_version": 1,
        "fields": {"path_class": CLASSES[number % 3]},
        "observed_at": _at(BEGIN_S + number).isoformat(),
    }
    marks.receive(store, [operation], author=f"p{number % 3}", now=_at(BEGIN_S + number))
    return segment_id


def record(store: Store) -> str:
    """Digest the history but for what differs by store: its keys and thus its hashes."""
    told = [
        (one.entity, one.entity_id, one.version, one.op, one.body, one.author, one.source,
         one.base_version, one.op_id, one.op_hash, one.at)
        for one in store.revisions()
        if one.entity != "store"
    ]  # fmt: skip
    files = [store.delivery_raw(one.delivery_id) for one in store.deliveries()]
    return sha256(repr([told, files, store.lineage()]).encode()).hexdigest()


def layers(store: Store, as_of: datetime | None = None) -> dict[str, str]:
    """Digest the rendered features of every layer that has a past."""
    return {
        name: sha256(b"\n".join(store.features(name, as_of=as_of))).hexdigest()
        for name in store.layer_names()
        if not name.startswith(("network", "areas"))
    }


def drawn_again(store: Store, folder: Path, times: list[datetime]) -> None:
    """Restore a store to some of its times and compare what it draws then with `as_of`."""
    store.backup(folder / "kept")
    for number in dice(8).choice(len(times), TIMES, replace=len(times) < TIMES).tolist():
        again = folder / f"{len(list(folder.iterdir()))}.gpkg"
        with closing(restore(folder / "kept", again, at=times[number])) as back:
            inventory.update(back)
            assert layers(back) == layers(store, times[number])


def test_the_same_work_ends_in_the_same_hashes_on_both_engines_and_every_past_comes_back(
    postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = []
    for place in places(postgres, tmp_path, monkeypatch):
        clock = Clock(monkeypatch)
        with closing(create_store(place, areas.load("karlskrona").to_json())) as store:
            times = lived_in(store, tmp_path, clock)
            assert store.verify() == []
            past = [layers(store, moment) for moment in times]
            ends.append((record(store), layers(store), past))
            if len(ends) == 1 or SOAK:
                (tmp_path / f"back{len(ends)}").mkdir()
                drawn_again(store, tmp_path / f"back{len(ends)}", times)
    assert ends[0] == ends[1]
