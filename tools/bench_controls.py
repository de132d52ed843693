"""Measure choice of control sites and network density on synthetic towns.

Prints one JSON object a line. Times are wall and processor seconds of this process; the towns are
made up and named so. Peers are timed in the same run where they are installed.
"""

from __future__ import annotations

import importlib.util
import json
import sys
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


def bench_density() -> None:
    """Estimate the density of events on a made-up network of about 2,800 km."""
    random = np.random.default_rng(0)
    xy = np.stack(np.meshgrid(np.arange(GRID), np.arange(GRID), indexing="ij"), -1) * STEP_M
    xy = xy + random.normal(0, 10, xy.shape)
    across = [LineString(pair) for row in xy for pair in pairwise(row)]
    along = [LineString(pair) for row in xy.transpose(1, 0, 2) for pair in pairwise(row)]
    lines = gpd.GeoSeries(across + along, crs=3006)
    net, wall, _ = timed(lambda: network.build(lines))
    length = round(net.length_m.sum() / 1000)
    say(f"network of {length} km, {len(lines)} edges: build", wall, "s", len(lines))
    where = gpd.GeoSeries(points(random.uniform(0, GRID * STEP_M, (EVENTS, 2))), crs=3006)

    def density() -> Floats:
        return network.density(net, network.locate(net, where), np.ones(EVENTS))

    found, wall, processor = timed(density)
    name = f"density of {EVENTS} events on {length} km, {len(found)} lixels"
    say(name, wall, "s", EVENTS, processor_s=round(processor, 3))


def bench_peers() -> None:
    """Name the peers that are not installed; they are timed where they are."""
    for peer in ("spopt", "spaghetti"):
        if importlib.util.find_spec(peer) is None:
            print(json.dumps({"name": f"peer {peer}", "skipped": "not installed"}))


if __name__ == "__main__":
    bench_cover()
    bench_density()
    bench_peers()
