"""Measure choice of control sites and network density on synthetic towns.

Prints one JSON object a line. Times are wall and processor seconds of this process; the towns are
made up and named so. Peers are timed in the same run where they are installed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import numpy as np
from scipy.spatial import cKDTree
from shapely import LineString, points

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gis.controls import cover, network

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Ints = npt.NDArray[np.intp]
    Floats = npt.NDArray[np.float64]

Answer = TypeVar("Answer")
REACH_M = 500.0
TOWNS = [
    # sites, demand, side in metres, clusters, places to choose
    (500, 5_000, 12_000, 25, 15),
    (1_000, 10_000, 11_700, 25, 26),
    (2_000, 20_000, 11_500, 25, 26),
    (5_000, 50_000, 11_600, 25, 26),
    (5_000, 50_000, 20_500, 60, 26),
]
GRID = 106  # about 22,500 edges and 2,800 km
STEP_M = 125.0
EVENTS = 3_000
PEERS = ("spopt==0.7.0", "spaghetti==1.7.6", "setuptools<81")
PEER_GRID = 26  # 1,300 edges: spaghetti needs minutes for more
PEER_EVENTS = 300
PEER_LIMIT_S = 300
SAME = 1e-6


def timed(work: Callable[[], Answer]) -> tuple[Answer, float, float]:
    """Run and return the answer with wall and processor seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    answer = work()
    return answer, time.perf_counter() - wall, time.process_time() - processor


def say(name: str, value: float, unit: str, n: int, **more: object) -> None:
    """Print one result."""
    peer = {"peer": None, "peer_value": None, "ratio": None}
    result = {"name": name, "value": round(value, 4), "unit": unit, "n": n}
    print(json.dumps(result | peer | more), flush=True)


def town(sites: int, demand: int, side: float, clusters: int) -> tuple[Ints, Ints, Floats]:
    """Make clustered sites and demand, and the pairs within reach."""
    random = np.random.default_rng(0)
    middle = random.uniform(0, side, (clusters, 2))
    spread = side / 12
    there = middle[random.integers(clusters, size=demand)] + random.normal(0, spread, (demand, 2))
    here = middle[random.integers(clusters, size=sites)] + random.normal(0, spread, (sites, 2))
    near = cKDTree(there).query_ball_point(here, REACH_M)
    site = np.repeat(np.arange(sites), [len(one) for one in near])
    pairs = np.concatenate([np.array(one, dtype=np.intp) for one in near])
    return site, pairs, random.gamma(0.5, 1, demand)


def solve(site: Ints, pairs: Ints, weight: Floats, n: int) -> cover.Choice:
    """Merge demand and choose."""
    sites = int(site.max()) + 1
    return cover.choose(cover.problem(site, pairs, weight, sites=sites), n)


def bench_cover() -> None:
    """Choose sites in every town."""
    for sites, demand, side, clusters, n in TOWNS:
        site, pairs, weight = town(sites, demand, side, clusters)

        choice, wall, processor = timed(partial(solve, site, pairs, weight, n))
        name = f"cover {sites}x{demand}, {len(site)} pairs, {clusters} clusters"
        say(name, wall, "s", len(site), processor_s=round(processor, 3), method=choice.method)
        say(f"{name}: proven gap", choice.gap, "share", len(site))


def grid(size: int, random: np.random.Generator) -> list[LineString]:
    """Make up streets: a grid with a little disorder."""
    xy = np.stack(np.meshgrid(np.arange(size), np.arange(size), indexing="ij"), -1) * STEP_M
    xy = xy + random.normal(0, 10, xy.shape)
    across = [LineString(pair) for row in xy for pair in pairwise(row)]
    along = [LineString(pair) for row in xy.transpose(1, 0, 2) for pair in pairwise(row)]
    return across + along


def bench_density() -> None:
    """Estimate the density of events on a made-up network of about 2,800 km."""
    random = np.random.default_rng(0)
    lines = gpd.GeoSeries(grid(GRID, random), crs=3006)
    net, wall, _ = timed(lambda: network.build(lines))
    length = round(net.length_m.sum() / 1000)
    say(f"network of {length} km, {len(lines)} edges: build", wall, "s", len(lines))
    where = gpd.GeoSeries(points(random.uniform(0, GRID * STEP_M, (EVENTS, 2))), crs=3006)

    def density() -> Floats:
        return network.density(net, network.locate(net, where), np.ones(EVENTS))

    found, wall, processor = timed(density)
    name = f"density of {EVENTS} events on {length} km, {len(found)} lixels"
    say(name, wall, "s", EVENTS, processor_s=round(processor, 3))


def bench_peers(folder: Path) -> None:
    """Do the exact cover and a small network beside spopt and spaghetti, where they install."""
    sites, demand, side, clusters, n = TOWNS[0]
    random = np.random.default_rng(0)
    site, pairs, weight = town(sites, demand, side, clusters)
    cost = np.full((demand, sites), REACH_M * 2)
    cost[pairs, site] = 0.0
    lines = grid(PEER_GRID, random)
    events = random.uniform(0, PEER_GRID * STEP_M, (PEER_EVENTS, 2))
    ends = np.array([np.ravel(line.coords) for line in lines])
    task = folder / "task.npz"
    np.savez(task, cost=cost, weight=weight, n=n, reach=REACH_M, edges=ends, events=events)
    peer = ask_peers(folder, task)
    if peer is None:
        return
    choice, wall, _ = timed(partial(solve, site, pairs, weight, n))
    theirs = peer["cover_build_s"] + peer["cover_solve_s"]
    beside(f"cover {sites}x{demand} exact", wall, len(site), "spopt", theirs)
    same = abs(choice.value - peer["cover_value"]) <= SAME * peer["cover_value"]
    say("cover: same optimum as spopt", float(same), "yes", len(site))
    where = gpd.GeoSeries(points(events), crs=3006)

    def density() -> Floats:
        net = network.build(gpd.GeoSeries(lines, crs=3006))
        return network.density(net, network.locate(net, where), np.ones(PEER_EVENTS))

    _, wall, _ = timed(density)
    theirs = peer["net_build_s"] + peer["net_distances_s"]
    name = f"density of {PEER_EVENTS} events on {len(lines)} edges (peer: distances alone)"
    beside(name, wall, PEER_EVENTS, "spaghetti", theirs)


def beside(name: str, value: float, n: int, peer: str, theirs: float) -> None:
    """Print one result with its peer's."""
    ratio = round(value / theirs, 4)
    say(name, value, "s", n, peer=peer, peer_value=round(theirs, 4), ratio=ratio)


def ask_peers(folder: Path, task: Path) -> dict[str, float] | None:
    """Install the peers into an environment of their own and let them do the task."""
    place = folder / "peers"
    uv = Path(sys.executable).parent / "uv"
    steps: list[list[str | Path]] = [
        [uv, "venv", "--quiet", "--python", sys.executable, place],
        [uv, "pip", "install", "--quiet", "--python", place / "bin" / "python", *PEERS],
    ]
    for step in steps:
        done = subprocess.run(step, check=False, capture_output=True, text=True)
        if done.returncode:
            print(
                json.dumps({"name": "peers", "skipped": "spopt and spaghetti do not install here"})
            )
            return None
    script = Path(__file__).with_name("bench_sites_peer.py")
    try:
        done = subprocess.run(
            [place / "bin" / "python", script, task],
            check=True, capture_output=True, text=True, timeout=PEER_LIMIT_S,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        why = f"no answer within {PEER_LIMIT_S} s" if "timed out" in str(error) else "they failed"
        print(json.dumps({"name": "peers", "skipped": why}))
        return None
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    bench_cover()
    bench_density()
    with tempfile.TemporaryDirectory() as folder:
        bench_peers(Path(folder))
