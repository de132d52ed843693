"""How long do spopt and spaghetti take for the same task? Run by an environment that holds them.

Usage: ``python bench_sites_peer.py FILE.npz`` with ``cost`` (demand × sites, metres), ``weight``,
``n`` and ``reach``, and ``edges`` (rows of x1, y1, x2, y2) and ``events`` (x, y). Prints seconds.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
from shapely import LineString, points

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Given = Mapping[str, npt.NDArray[np.float64]]

# Named, not imported: they live in an environment of their own and not in this project's.
MCLP = import_module("spopt.locate").MCLP
pulp = import_module("pulp")
spaghetti = import_module("spaghetti")


def cover(given: Given) -> dict[str, float]:
    """Choose sites exactly by spopt's model and the solver that comes with it."""
    begun = time.perf_counter()
    model = MCLP.from_cost_matrix(
        given["cost"], given["weight"], float(given["reach"]), p_facilities=int(given["n"])
    )
    built = time.perf_counter()
    model.solve(pulp.PULP_CBC_CMD(msg=False))
    value = float(pulp.value(model.problem.objective))
    return {
        "cover_build_s": built - begun,
        "cover_solve_s": time.perf_counter() - built,
        "cover_value": value,
    }


def network(given: Given) -> dict[str, float]:
    """Put events on a network and measure the distances between them; no density is offered."""
    lines = [LineString([edge[:2], edge[2:]]) for edge in given["edges"]]
    begun = time.perf_counter()
    net = spaghetti.Network(in_data=gpd.GeoDataFrame(geometry=lines, crs=3006))
    built = time.perf_counter()
    events = gpd.GeoDataFrame(geometry=points(given["events"]), crs=3006)
    net.snapobservations(events, "events")
    net.allneighbordistances("events")
    return {"net_build_s": built - begun, "net_distances_s": time.perf_counter() - built}


if __name__ == "__main__":
    with np.load(sys.argv[1]) as told:
        print(json.dumps(cover(told) | network(told)))
