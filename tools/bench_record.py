"""How fast is the record? One JSON object a line, each beside a peer of the same run.

A durable mark beside the bare commit of one row by the same engine on the same disk (SQLite in WAL
with synchronous=FULL; PostgreSQL that waits for its log), verifying 100,000 revisions, a backup of
10,000 segments while somebody writes, and bringing that backup back. The data is synthetic.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import apsw
import geopandas as gpd
import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gis.store import Entry, create_store, open_store, restore
from gis.store.postgis.server import connect
from tests.cluster import installed, programmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gis.store import Store

COMMITS = 300
REVISIONS = 100_000
SEGMENTS = 10_000
A_TIME = 1_000
ROW = b"x" * 300
PEER = "bare commit of one row"


def say(
    name: str, value: float | None, unit: str, n: int, peer: str = "", peer_value: float = 0
) -> None:
    """Print one measurement; of what this computer cannot measure the value is null and n is 0."""
    known = None if value is None else round(value, 4)
    ratio = round(value / peer_value, 3) if value is not None and peer_value else None
    told = {"name": name, "value": known, "unit": unit, "n": n, "peer": peer or None}
    print(json.dumps({**told, "peer_value": round(peer_value, 4) or None, "ratio": ratio}))


def mark(number: int) -> Entry:
    """Make a mark."""
    body = {"segment_id": f"s{number % SEGMENTS}", "note": "x" * 200, "number": number}
    return Entry(entity="observation", entity_id=f"o{number}", body=body, author="p1")


def typical_ms(one: Callable[[int], object], other: Callable[[int], object]) -> tuple[float, float]:
    """Time two things in turns, so that both meet the same disk; the median of each."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(COMMITS):
        for work, times in zip((one, other), took, strict=True):
            begin = time.perf_counter()
            work(number)
            times.append((time.perf_counter() - begin) * 1000)
    return median(took[0]), median(took[1])


@contextmanager
def bare_sqlite(path: Path) -> Iterator[Callable[[int], object]]:
    """Give a commit of one row and nothing else."""
    with closing(apsw.Connection(str(path))) as bare:
        bare.pragma("journal_mode", "wal")
        bare.pragma("synchronous", "full")
        bare.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, body BLOB)")
        yield lambda _: bare.execute("INSERT INTO bare (body) VALUES (?)", (ROW,))


@contextmanager
def bare_postgres(address: str) -> Iterator[Callable[[int], object]]:
    """Give a commit of one row and nothing else."""
    with connect(address) as bare:
        bare.execute("CREATE TABLE public.bare (id SERIAL PRIMARY KEY, body BYTEA)")
        yield lambda _: bare.execute("INSERT INTO public.bare (body) VALUES (%s)", (ROW,))


def bench_mark(engine: str, location: str, bare: Callable[[int], object]) -> None:
    """Time a durable mark beside the bare commit."""
    with closing(create_store(location, "{}")) as store:
        ours, theirs = typical_ms(lambda number: store.append([mark(number)]), bare)
    say(f"durable_mark_{engine}", ours, "ms", COMMITS, PEER, theirs)


def lines() -> gpd.GeoDataFrame:
    """Make a layer of synthetic segments."""
    x = np.arange(SEGMENTS) * 20.0 + 500_000
    drawn = shapely.linestrings(
        np.stack([np.stack([x, x + 10], 1), np.full((SEGMENTS, 2), 6.2e6)], 2)
    )
    ids = [f"s{number}" for number in range(SEGMENTS)]
    return gpd.GeoDataFrame({"segment_id": ids, "name": "Synthetic"}, geometry=drawn, crs=3006)


def bench_keeping(folder: Path) -> None:
    """Time verify, backup under a writer, and restore."""
    with closing(create_store(folder / "town.gpkg", "{}")) as store:
        for begin in range(0, REVISIONS, A_TIME):
            store.append([mark(number) for number in range(begin, begin + A_TIME)])
        begin_s, processor_s = time.perf_counter(), time.process_time()
        faults = store.verify()
        say("verify", time.perf_counter() - begin_s, "s", REVISIONS)
        say("verify_processor", time.process_time() - processor_s, "s", REVISIONS)
        store.replace_layers({"segments": lines()}, keys={"segments": "segment_id"})
        back_up(store, folder / "kept")
    begin_s = time.perf_counter()
    with closing(restore(folder / "kept", folder / "back.gpkg")) as back:
        say("restore", time.perf_counter() - begin_s, "s", SEGMENTS)
        if faults or back.count("segments") != SEGMENTS:
            msg = "the store is not whole; run gcvag verify"
            raise RuntimeError(msg)


def back_up(store: Store, folder: Path) -> None:
    """Time a backup while another connection writes, and the slowest mark meanwhile."""
    stop, took = threading.Event(), [0.0]

    def write() -> None:
        with closing(open_store(store.location)) as other:
            while not stop.is_set():
                begin = time.perf_counter()
                other.append([mark(len(took))])
                took.append(time.perf_counter() - begin)

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.5)
    before, begin_s = len(took), time.perf_counter()
    store.backup(folder)
    seconds = time.perf_counter() - begin_s
    stop.set()
    writer.join()
    say("backup", seconds, "s", SEGMENTS)
    say("slowest_mark_during_backup", max(took[before:]) * 1000, "ms", len(took) - before)


def main() -> None:
    """Run all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["GCVAG_KEYS"] = str(folder / "keys")
        with bare_sqlite(folder / "bare.db") as bare:
            bench_mark("geopackage", str(folder / "mark.gpkg"), bare)
        bench_keeping(folder)
        if installed():
            bench_postgres()
        else:
            say("durable_mark_postgis", None, "ms", 0, PEER)


def bench_postgres() -> None:
    """Time a mark in a server of its own."""
    with programmed(lasting=True) as (cluster, _):
        address = cluster.database()
        with bare_postgres(address) as bare:
            bench_mark("postgis", address, bare)


if __name__ == "__main__":
    main()
