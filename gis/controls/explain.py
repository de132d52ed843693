"""Why is a place among the chosen, or why is it not?"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gis.errors import NotFoundError
from gis.words import LANGUAGES, say

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from gis.controls.ranking import Ranking

REACH_M: Final = 50.0


def explain(
    ranking: Ranking, segment_id: str, *, line: BaseGeometry | None = None
) -> dict[str, Any]:
    """Explain one segment in a ranking.

    Parameters
    ----------
    ranking
        The ranking.
    segment_id
        The segment asked about.
    line
        Where it lies, in the CRS of the ranking; then a segment without a candidate is explained
        too.

    Returns
    -------
    answer
        ``chosen`` (the site, None when it is not among them), ``candidates`` on the segment with
        their score, ``place`` of ``places`` among all segments that may be chosen (None for
        others), ``why_not_sv`` and ``why_not_en`` (None for chosen ones), and the
        ``alternative``: the nearest other site with the loss of score as a share (None where
        there is no candidate).

    Raises
    ------
    NotFoundError
        If no candidate lies on the segment and no `line` is given.
    """
    here = ranking.places[ranking.places["segment_id"].eq(segment_id)]
    where = line if here.empty else here.geometry.iloc[0]
    if where is None:
        msg = f"segment {segment_id}: no candidate place lies on it; see the list of places."
        raise NotFoundError(msg)
    chosen = next((one for one in ranking.sites if one["segment_id"] == segment_id), None)
    score = float(here["score"].max()) if len(here) else 0.0
    key = _why_not(ranking, here)
    why = {f"why_not_{lang}": None if chosen else say("controls", key, lang) for lang in LANGUAGES}
    return {
        "segment_id": segment_id,
        "chosen": chosen,
        **why,
        **_standing(ranking, segment_id),
        "candidates": [
            {"origin": str(origin), "score": round(float(score), 4)}
            for origin, score in zip(here["origin"], here["score"], strict=True)
        ],
        "alternative": _alternative(ranking, segment_id, where, score),
    }


def explain_place(
    ranking: Ranking, segments: gpd.GeoDataFrame, here: BaseGeometry
) -> dict[str, Any]:
    """Explain any point of the map, by the segment nearest to it.

    Parameters
    ----------
    ranking
        The ranking.
    segments
        From `live_segments`.
    here
        The point, in the CRS of the segments; one that the CRS cannot hold is far from all.

    Returns
    -------
    answer
        As of `explain`, with ``distance_m`` to the segment. Where none lies within 50 m,
        ``segment_id`` and ``distance_m`` are None and ``why_not_sv`` and ``why_not_en`` say so.
    """
    known = isfinite(here.bounds[0])
    away = segments.distance(here).to_numpy() if known else np.full(len(segments), np.inf)
    if away.min(initial=np.inf) > REACH_M:
        return _no_path(ranking, _alternative(ranking, "", here, 0.0) if known else None)
    nearest = int(away.argmin())
    line, segment_id = segments.geometry.iloc[nearest], str(segments["segment_id"].iloc[nearest])
    told = explain(ranking, segment_id, line=line)
    return {**told, "distance_m": round(float(away[nearest]))}


def _no_path(ranking: Ranking, alternative: dict[str, Any] | None) -> dict[str, Any]:
    """Answer for a point that no segment is near."""
    why = {
        f"why_not_{lang}": say("controls", "why.no_path", lang, metres=round(REACH_M))
        for lang in LANGUAGES
    }
    return {
        "segment_id": None,
        "distance_m": None,
        "chosen": None,
        **why,
        **_standing(ranking, ""),
        "candidates": [],
        "alternative": alternative,
    }


def _why_not(ranking: Ranking, here: pd.DataFrame) -> str:
    """Return the key of what speaks against a segment that is not chosen."""
    if here.empty:
        return "why.no_school" if ranking.kind == "school" else "why.no_candidate"
    best = here.sort_values("score", ascending=False).iloc[0]
    return f"why.{best['obstacle'] or 'outscored'}"


def _standing(ranking: Ranking, segment_id: str) -> dict[str, int | None]:
    """Say where a segment stands among all that may be chosen, by the best place of each."""
    clear = ranking.places[ranking.places["obstacle"].eq("")]
    best = clear.groupby("segment_id")["score"].max()
    if segment_id not in best.index:
        return {"place": None, "places": len(best)}
    return {"place": int(best.gt(best[segment_id]).sum()) + 1, "places": len(best)}


def _alternative(
    ranking: Ranking, segment_id: str, here: BaseGeometry, score: float
) -> dict[str, Any] | None:
    """Find the nearest other site and what is lost by going there."""
    others = ranking.places[
        ranking.places["obstacle"].eq("") & ranking.places["segment_id"].ne(segment_id)
    ]
    listed = {site["segment_id"]: site for site in ranking.sites}
    others = others[others["segment_id"].isin(list(listed))]
    if others.empty:
        return None
    nearest = others.iloc[int(others.distance(here).to_numpy().argmin())]
    site = listed[nearest["segment_id"]]
    loss = round(max(0.0, 1 - site["score"] / score), 3) if score > 0 else None
    return {
        "segment_id": site["segment_id"],
        "distance_m": round(float(nearest.geometry.distance(here))),
        "loss_share": loss,
    }
