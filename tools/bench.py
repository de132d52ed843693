"""How fast is it, beside a peer in the same run? One JSON object a line.

Usage: ``python tools/bench.py [--tiles N] [NAME …]``. The large extract is the sample tiled N × N
times: synthetic, and named so. Seconds and memory are of whole commands, as a user runs them.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
GCVAG = Path(sys.executable).parent / "gcvag"
SAMPLE = ROOT / "data" / "geo" / "samples" / "helsinki" / "Helsinki.osm.pbf"
MANY_TILES = 18
FEW_TILES = 2
MARK_TILES = 8
KIB_PER_GIB = 1024 * 1024
LOOK_S = 0.5
ROUNDS = 3


class Cost(NamedTuple):
    """What one command took."""

    seconds: float
    peak_gib: float
    said: str


def cost(*words: str | Path) -> Cost:
    """Run one command; stop everything if it fails. Memory is of it and all it started."""
    started = time.perf_counter()
    with subprocess.Popen([str(w) for w in words], stdout=subprocess.PIPE, text=True) as child:
        held, ended = [0], threading.Event()
        looking = threading.Thread(target=look, args=(child.pid, held, ended))
        looking.start()
        said, _ = child.communicate()
        seconds = time.perf_counter() - started
        ended.set()
        looking.join()
    if child.returncode:
        msg = f"{' '.join(map(str, words))} failed"
        raise RuntimeError(msg)
    return Cost(seconds, max(held) / KIB_PER_GIB, said)


def look(pid: int, held: list[int], ended: threading.Event) -> None:
    """Note the memory of a process and its children until it ends."""
    while not ended.wait(LOOK_S):
        held.append(sum(map(shared_out_kib, [pid, *children(pid)])))


def children(pid: int) -> list[int]:
    """List the processes that a process has started; none when it has gone."""
    with contextlib.suppress(OSError):
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return [*map(int, told)]
    return []


def shared_out_kib(pid: int) -> int:
    """Read the memory of a process, pages that several hold shared out among them (PSS)."""
    with contextlib.suppress(OSError):
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in told.splitlines() if line[:4] == "Pss:")
    return 0


def row(name: str, value: float, unit: str, n: int, peer: str = "", peer_value: float = 0) -> None:
    """Print one measurement."""
    ratio = round(value / peer_value, 3) if peer_value else None
    print(
        json.dumps(
            {
                "name": name, "value": round(value, 4), "unit": unit, "n": n,
                "peer": peer or None, "peer_value": round(peer_value, 4) or None, "ratio": ratio,
            }
        ),
        flush=True,
    )  # fmt: skip


def inventory(extract: Path, folder: Path) -> tuple[Cost, dict[str, Any]]:
    """Import an extract into a new store, which updates it; its cost and the update's figures."""
    store = folder / f"{extract.name}.gpkg"
    for part in folder.glob(f"{store.name}*"):
        part.unlink()
    cost(GCVAG, "init", store, "--area", folder / "area.toml")
    brought = cost(GCVAG, "import", store, extract, "--json")
    return brought, json.loads(brought.said)["update"]


PEER_NAME = "pyosmium alone, lines built"
PEER = """
import sys
import osmium
from osmium.osm import WAY
import shapely
lines = []
for way in osmium.FileProcessor(sys.argv[1], osmium.osm.NODE | WAY).with_locations():
    if way.is_way() and "highway" in way.tags:
        points = [(n.lon, n.lat) for n in way.nodes if n.location.valid()]
        if len(points) > 1:
            lines.append(shapely.LineString(points))
print(len(lines))
"""


def bench_update(folder: Path, tiles: int) -> None:
    """Import and update at two sizes beside pyosmium alone; cost per segment against the small.

    The small size takes seconds, and is the best of three rounds in turn with its peer.
    """
    sizes = {}
    for number in (FEW_TILES, tiles):
        cost(sys.executable, ROOT / "tools" / "tile_sample.py", SAMPLE, str(number), folder)
        extract = next(folder.glob(f"synthetic_*_{number}x{number}.osm.pbf"))
        rounds = [
            (*inventory(extract, folder), cost(sys.executable, "-c", PEER, extract).seconds)
            for _ in range(ROUNDS if number == FEW_TILES else 1)
        ]
        n = rounds[0][1]["segments"]
        seconds = min(update["seconds"] for _, update, _ in rounds)
        alone = min(peer for _, _, peer in rounds)
        sizes[number] = seconds / n * 1e6, n
        whole = min(whole.seconds for whole, _, _ in rounds)
        row("import_and_update", whole, "s", n, PEER_NAME, alone)
        row("import_and_update_memory", max(one.peak_gib for one, _, _ in rounds), "GiB", n)
        row("update", seconds, "s", n)
    (few, few_n), (many, many_n) = sizes[FEW_TILES], sizes[tiles]
    row("update_per_segment", many, "µs", many_n, f"the same at {few_n} segments", few)


def tiled(folder: Path, number: int) -> tuple[Path, int]:
    """Make a store of tiles, imported and updated, and count its segments."""
    cost(sys.executable, ROOT / "tools" / "tile_sample.py", SAMPLE, str(number), folder)
    extract = next(folder.glob(f"synthetic_*_{number}x{number}.osm.pbf"))
    _, update = inventory(extract, folder)
    return folder / f"{extract.name}.gpkg", update["segments"]


def bench_dask(folder: Path, _: int) -> None:
    """Update by a dask scheduler started here beside the same update computed here."""
    store, n = tiled(folder, FEW_TILES)
    local = cost(GCVAG, "update", store)
    spread = cost(GCVAG, "update", store, "--engine", "dask")
    row("update_dask", spread.seconds, "s", n, "the same computed here", local.seconds)


MARKING = """
import sys, time, uuid
from contextlib import closing
from datetime import UTC, datetime
from statistics import median
from gis import inventory, marks
from gis.store import open_store

def send(store, ids):
    now = datetime.now(UTC)
    told = [{"op_id": str(uuid.uuid4()), "kind": "mark", "segment_id": one,
             "base_version": None, "fields": {"path_class": "gangbana"},
             "observed_at": now.isoformat()} for one in ids]
    marks.receive(store, told, author="bench", now=now)

said, alone, around = [], [], []
with closing(open_store(sys.argv[1])) as store:
    ids = sorted(store.table("segments")["segment_id"])
    for segment_id in ids[:: len(ids) // 12]:
        started = time.perf_counter()
        send(store, [segment_id])
        said.append(time.perf_counter() - started)
        inventory.settle_at_once(store, [segment_id])
        alone.append(time.perf_counter() - started)
        inventory.refresh(store, [segment_id])
        around.append(time.perf_counter() - started)
    many = ids[1 :: len(ids) // 500][:500]
    started = time.perf_counter()
    send(store, many)
    kept = time.perf_counter() - started
    inventory.settle_at_once(store, many)
    with store.transaction():
        inventory.refresh(store, many)
    flush = time.perf_counter() - started
print(len(ids), *(median(one[2:]) for one in (said, alone, around)), kept, flush)
"""


def bench_mark(folder: Path, _: int) -> None:
    """One mark until its segment has its status, and all around it; then 500 in one flush.

    One mark is the median of ten after two; the peer is keeping the marks alone, durably.
    """
    store, _ = tiled(folder, MARK_TILES)
    told = subprocess.run(
        [sys.executable, "-c", MARKING, store], check=True, capture_output=True, text=True
    )
    n, *seconds = map(float, told.stdout.split())
    said, alone, around, kept, flush = seconds
    row("mark_to_status", alone * 1000, "ms", int(n), "the mark kept alone", said * 1000)
    row("mark_to_neighbours", around * 1000, "ms", int(n), "the mark kept alone", said * 1000)
    row("marks_500", flush, "s", int(n), "the marks kept alone", kept)


CONFLATING = """
import sys, time
import geopandas as gpd
import numpy as np
import shapely
from gis import conflate
dice = np.random.default_rng(7)
start = dice.uniform(0, 30_000, (10_000, 2))
turn = dice.uniform(0, 2 * np.pi, 10_000)
along = np.linspace(0, 80, 5)[None, :, None] * np.stack([np.cos(turn), np.sin(turn)], 1)[:, None]
points = start[:, None] + along + dice.normal(0, 0.5, (10_000, 5, 2))
names = {"segment_id": [f"s{i}" for i in range(10_000)]}
segments = gpd.GeoDataFrame(names, geometry=list(shapely.linestrings(points)), crs=3006)
moved = list(shapely.linestrings(points + dice.normal(4, 1, (10_000, 1, 2))))
lines = gpd.GeoDataFrame({"source_id": [f"n{i}" for i in range(10_000)]}, geometry=moved, crs=3006)
took = []
for ask in (lambda: conflate.match(lines, segments),
            lambda: lines.sjoin_nearest(segments, max_distance=15, distance_col="m")):
    ask()
    started = time.process_time()
    ask()
    took.append(time.process_time() - started)
print(*took)
"""


def bench_conflation(_folder: Path, _: int) -> None:
    """Match two generated layers of 10,000 lines, one moved some metres, beside sjoin_nearest."""
    told = subprocess.run(
        [sys.executable, "-c", CONFLATING], check=True, capture_output=True, text=True
    )
    matched, joined = map(float, told.stdout.split())
    row("conflation", matched, "s", 10_000, "geopandas sjoin_nearest within 15 m", joined)


def bench_api(folder: Path, _: int) -> None:
    """Answer over HTTP beside a server that only holds everything in memory, tipg and pygeoapi."""
    words = [sys.executable, "-m", "tools.bench_api", str(tiled(folder, MARK_TILES)[0])]
    subprocess.run(words, check=True, cwd=ROOT)


BENCHES: dict[str, Callable[[Path, int], None]] = {
    "update": bench_update,
    "dask": bench_dask,
    "mark": bench_mark,
    "api": bench_api,
    "conflation": bench_conflation,
}

AREA = """
id = "synthetic"
name = "Synthetic tiles of the sample"
country = "FI"
crs = 3067
bbox = [20.0, 58.0, 32.0, 66.0]
"""


def main() -> None:
    """Run the named benchmarks, or all."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("names", nargs="*", help=", ".join(BENCHES))
    words.add_argument("--tiles", type=int, default=MANY_TILES)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "area.toml").write_text(AREA, encoding="utf-8")
        for bench in asked.names or BENCHES:
            BENCHES[bench](folder, asked.tiles)


if __name__ == "__main__":
    main()
