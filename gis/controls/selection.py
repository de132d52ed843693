"""Which places are chosen, so that they cover much and lie apart?

A place's own score and what lies within reach along the network both count; of places closer than
the spacing only the best is taken. Groups (districts, schools) get their minimum first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from shapely import STRtree

from gis.controls.cover import Choice, choose, problem
from gis.controls.network import Net, Spots, lixel_of, reach

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    from gis.controls.settings import SiteSettings

    Ints = npt.NDArray[np.intp]
    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Numbers of the chosen places, best score first, and the proof of the choice."""

    places: Ints
    choice: Choice


def apart(places: gpd.GeoDataFrame, *, spacing_m: float) -> Ints:
    """Keep the best of places that share a segment or lie closer than the spacing.

    Ties go to the first; `places` needs ``score`` and ``segment_id``.
    """
    shapes, scores = np.asarray(places.geometry.array), places["score"].to_numpy(float)
    segment = pd.factorize(places["segment_id"])[0]
    tree = STRtree(shapes)
    order = np.lexsort((np.arange(len(scores)), -scores))
    free = np.ones(len(scores), dtype=bool)
    kept = []
    # A Python loop over places: each one kept takes away its neighbours before the next is seen.
    for place in order:
        if free[place]:
            kept.append(place)
            free[tree.query(shapes[place], "dwithin", spacing_m)] = False
            free[segment == segment[place]] = False
    return np.sort(np.array(kept, dtype=np.intp))


def select(
    net: Net,
    spots: Spots,
    places: gpd.GeoDataFrame,
    n: int,
    settings: SiteSettings,
    *,
    minimum: int = 0,
) -> Selection:
    """Choose at most `n` of the places.

    Parameters
    ----------
    net, spots
        The network and where on it the places lie.
    places
        Points with ``score``, ``segment_id`` and ``group`` (district or school); all may be chosen.
    n
        How many.
    settings
        Reach, spacing and own share.
    minimum
        How many sites each group gets first, as far as `n` goes.
    """
    scores = places["score"].to_numpy(float)
    sites = apart(places, spacing_m=settings.spacing_m)
    pairs = _pairs(net, spots, sites, settings.cover_radius_m)
    # Demand: the surroundings of every place, then each site's own score, covered by itself.
    own = np.arange(len(sites))
    given = problem(
        np.concatenate((pairs[0], own)),
        np.concatenate((pairs[1], len(scores) + own)),
        np.concatenate((scores * (1 - settings.own_share), scores[sites] * settings.own_share)),
        sites=len(sites),
    )
    forced = _minimum(places, sites, n, minimum)
    choice = choose(given, n, forced=forced)
    chosen = sites[choice.sites]
    return Selection(places=chosen[np.lexsort((chosen, -scores[chosen]))], choice=choice)


def _pairs(net: Net, spots: Spots, sites: Ints, radius_m: float) -> tuple[Ints, Ints]:
    """Find which site reaches which place; a place off the network reaches itself alone."""
    of_sites = Spots(edge=spots.edge[sites], along_m=spots.along_m[sites], off_m=spots.off_m[sites])
    near = reach(net, of_sites, radius_m)
    reached = pd.DataFrame({"site": near.origin, "lixel": near.lixel})
    demand = pd.DataFrame({"lixel": lixel_of(net, spots), "demand": range(len(spots.edge))})
    pairs = reached.merge(demand, on="lixel")
    site = np.concatenate((pairs["site"].to_numpy(), np.arange(len(sites))))
    return site.astype(np.intp), np.concatenate((pairs["demand"].to_numpy(), sites)).astype(np.intp)


def _minimum(places: gpd.GeoDataFrame, sites: Ints, n: int, minimum: int) -> Ints:
    """Return the best sites of each group, as many as it must have and `n` allows."""
    if minimum < 1:
        return np.zeros(0, dtype=np.intp)
    table = pd.DataFrame(
        {
            "group": places["group"].to_numpy()[sites],
            "score": places["score"].to_numpy(float)[sites],
            "site": np.arange(len(sites)),
        }
    ).dropna(subset=["group"])
    table = table.sort_values(["score", "site"], ascending=[False, True])
    table["turn"] = table.groupby("group").cumcount()
    table = table[table["turn"] < minimum].sort_values("turn", kind="stable")
    return np.sort(table["site"].to_numpy(dtype=np.intp)[:n])
