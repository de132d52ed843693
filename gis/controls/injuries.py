"""How many injuries belong to each candidate place?

Accident types count by ``rules/site_accidents.csv``; single accidents of walkers and cyclists are
for maintenance and stay out. An accident belongs to the nearest place within reach along the
network, so that none is counted twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.controls.network import Net, Spots, lixel_of, locate, reach
from gis.controls.score import Injuries
from gis.csvfile import number, rows
from gis.settings import data_dir

if TYPE_CHECKING:
    import geopandas as gpd


def weights(kind: str) -> dict[str, float]:
    """Read the weight of each accident type for a kind of control; types not named have none."""
    return {
        row["accident_type"]: number(row["weight"])
        for row in rows(data_dir() / "rules" / "site_accidents.csv")
        if row["kind"] == kind
    }


def injuries(
    net: Net, places: Spots, accidents: gpd.GeoDataFrame | None, kind: str, *, within_m: float
) -> Injuries | None:
    """Count the injuries of each place.

    Parameters
    ----------
    net
        The network.
    places
        The candidates on it.
    accidents
        Points with ``accident_type`` (STRADA code) and ``year``; ``injured`` (number) optional.
    kind
        Kind of control.
    within_m
        How far along the network an accident belongs to a place.

    Returns
    -------
    injuries
        None without any accident that concerns this kind.
    """
    if accidents is None or accidents.empty:
        return None
    known = weights(kind)
    chosen = accidents[accidents["accident_type"].map(known).fillna(0).gt(0)]
    if chosen.empty:
        return None
    years = float(accidents["year"].max() - accidents["year"].min() + 1)
    near = reach(net, locate(net, chosen.geometry), within_m)
    pairs = pd.DataFrame(
        {"accident": near.origin, "lixel": near.lixel, "distance_m": near.distance_m}
    ).merge(pd.DataFrame({"lixel": lixel_of(net, places), "place": range(len(places.edge))}))
    pairs = pairs.sort_values(["accident", "distance_m", "place"]).drop_duplicates("accident")
    number_of = chosen["accident_type"].map(known).to_numpy(float)
    if "injured" in chosen:
        number_of = number_of * chosen["injured"].fillna(1).to_numpy(float)
    counts = np.bincount(
        pairs["place"], weights=number_of[pairs["accident"]], minlength=len(places.edge)
    )
    return Injuries(counts=np.round(counts).astype(np.int64), years=years)
