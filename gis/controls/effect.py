"""How many were injured near control sites before the first control and after it?

The year of the first control is left out. The town outside the sites tells how much changed
anyway. Places are chosen where many were injured, so fewer afterwards is to be expected of chance
alone (regression to the mean): the answer is a ratio with its span, never a claim of effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from gis.controls.injuries import weights
from gis.controls.network import Net, lixel_of, locate, reach
from gis.words import LANGUAGES, say

if TYPE_CHECKING:
    import geopandas as gpd

ROUNDS: Final = 4_000
SPAN: Final = (0.05, 0.95)
LITTLE: Final = 0.5  # what a Gamma needs to hold nothing (Jeffreys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Injuries and the years (site-years at sites) over which they were counted."""

    injuries: float
    years: float

    def shared(self, number: int) -> Count:
        """Return the mean of as many equal counts."""
        return Count(injuries=self.injuries / number, years=self.years / number)


def before_after(
    net: Net,
    controls: gpd.GeoDataFrame,
    accidents: gpd.GeoDataFrame | None,
    kind: str,
    *,
    within_m: float,
    seed: int = 0,
) -> dict[str, Any]:
    """Compare the years before and after the first control of each site.

    Parameters
    ----------
    net
        The network.
    controls
        Performed controls: points with ``segment_id``, ``kind`` and ``started_at``.
    accidents
        Points with ``accident_type`` and ``year``; ``injured`` optional.
    kind
        Kind of control.
    within_m
        How far along the network an accident belongs to a site.
    seed
        Of the draws behind the span.

    Returns
    -------
    answer
        ``sites``, ``before`` and ``after`` at the sites and in the town outside them, ``ratio``
        (after to before, relative to the town) with ``low`` and ``high``, and words; the ratio is
        None where there are no years on one of the sides.
    """
    first = controls[controls["kind"].eq(kind)].sort_values("started_at")
    first = first.drop_duplicates("segment_id").reset_index(drop=True)
    known = weights(kind)
    told = None if accidents is None else accidents[accidents["accident_type"].isin(list(known))]
    if first.empty or told is None or told.empty:
        return _answer(len(first), None, None)
    counted = pd.DataFrame({"year": told["year"].astype(int), "n": _injured(told)}).reset_index(
        drop=True
    )
    year = pd.to_datetime(first["started_at"], utc=True).dt.year
    near = _near(net, first, told, within_m)
    # Each site has its own years before and after, so the town is counted once a site and shared.
    far = _far(near, len(counted), len(first))
    town = tuple(one.shared(len(first)) for one in _sides(counted, year, far))
    counts = {True: _sides(counted, year, near), False: (town[0], town[1])}
    return _answer(len(first), counts, np.random.default_rng(seed))


def _injured(accidents: gpd.GeoDataFrame) -> pd.Series:
    """Return how many were injured in each accident; one where it is not told."""
    if "injured" not in accidents:
        return pd.Series(1.0, index=accidents.index)
    return accidents["injured"].fillna(1).astype(float)


def _near(
    net: Net, sites: gpd.GeoDataFrame, accidents: gpd.GeoDataFrame, within_m: float
) -> pd.DataFrame:
    """Pair sites with the accidents within reach of them."""
    found = reach(net, locate(net, sites.geometry), within_m)
    at = pd.DataFrame(
        {"lixel": lixel_of(net, locate(net, accidents.geometry)), "accident": range(len(accidents))}
    )
    pairs = pd.DataFrame({"site": found.origin, "lixel": found.lixel}).merge(at, on="lixel")
    return pairs[["site", "accident"]].drop_duplicates()


def _far(near: pd.DataFrame, accidents: int, sites: int) -> pd.DataFrame:
    """Pair every site with all accidents that are near no site."""
    others = sorted(set(range(accidents)) - set(near["accident"]))
    grid = pd.MultiIndex.from_product([range(sites), others], names=["site", "accident"])
    return grid.to_frame(index=False)


def _sides(counted: pd.DataFrame, year: pd.Series, pairs: pd.DataFrame) -> tuple[Count, Count]:
    """Count before and after the year of each site's first control."""
    told = pairs.merge(counted, left_on="accident", right_index=True)
    turn = year.reindex(told["site"]).to_numpy()
    span = range(int(counted["year"].min()), int(counted["year"].max()) + 1)
    before = sum(one < first for first in year for one in span)
    after = sum(one > first for first in year for one in span)
    return (
        Count(injuries=float(told.loc[told["year"] < turn, "n"].sum()), years=float(before)),
        Count(injuries=float(told.loc[told["year"] > turn, "n"].sum()), years=float(after)),
    )


def _answer(
    sites: int,
    counts: dict[bool, tuple[Count, Count]] | None,
    random: np.random.Generator | None,
) -> dict[str, Any]:
    """Lay the comparison out."""
    words = {f"text_{lang}": say("controls", "effect.chance", lang) for lang in LANGUAGES}
    empty = {"sites": sites, "before": None, "after": None, "town": None}
    nothing = {"ratio": None, "low": None, "high": None}
    if counts is None or random is None:
        return empty | nothing | words
    here, town = counts[True], counts[False]
    told = {
        "sites": sites,
        **{
            name: {"injuries": one.injuries, "site_years": one.years}
            for name, one in zip(("before", "after"), here, strict=True)
        },
        "town": {"before": town[0].injuries, "after": town[1].injuries},
    }
    if not all(one.years for one in here):
        return told | nothing | words
    drawn = _rates(here[1], random) / _rates(here[0], random)
    drawn /= _rates(town[1], random) / _rates(town[0], random)
    low, middle, high = np.quantile(drawn, (SPAN[0], 0.5, SPAN[1]))
    span = {"ratio": round(float(middle), 2), "low": round(float(low), 2)}
    return told | span | {"high": round(float(high), 2)} | words


def _rates(count: Count, random: np.random.Generator) -> np.ndarray:
    """Draw rates a year that fit a count."""
    return random.gamma(count.injuries + LITTLE, 1 / count.years, ROUNDS)
