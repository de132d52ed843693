"""Why is a place among the chosen, or why is it not?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis.errors import NotFoundError
from gis.words import LANGUAGES, say

if TYPE_CHECKING:
    from gis.controls.ranking import Ranking


def explain(ranking: Ranking, segment_id: str) -> dict[str, Any]:
    """Explain one segment in a ranking.

    Returns
    -------
    answer
        ``chosen`` (the site, None when it is not among them), ``candidates`` on the segment with
        their score, ``why_not_sv`` and ``why_not_en`` (None for chosen ones), and the
        ``alternative``: the nearest other site with the loss of score as a share.

    Raises
    ------
    NotFoundError
        If no candidate lies on the segment.
    """
    here = ranking.places[ranking.places["segment_id"].eq(segment_id)]
    if here.empty:
        msg = f"segment {segment_id}: no candidate place lies on it; see the list of places."
        raise NotFoundError(msg)
    chosen = next((one for one in ranking.sites if one["segment_id"] == segment_id), None)
    best = here.sort_values("score", ascending=False).iloc[0]
    obstacle = str(best["obstacle"])
    key = f"why.{obstacle}" if obstacle else "why.outscored"
    why = {f"why_not_{lang}": None if chosen else say("controls", key, lang) for lang in LANGUAGES}
    return {
        "segment_id": segment_id,
        "chosen": chosen,
        **why,
        "candidates": [
            {"origin": str(origin), "score": round(float(score), 4)}
            for origin, score in zip(here["origin"], here["score"], strict=True)
        ],
        "alternative": _alternative(ranking, segment_id, float(best["score"])),
    }


def _alternative(ranking: Ranking, segment_id: str, score: float) -> dict[str, Any] | None:
    """Find the nearest other site and what is lost by going there."""
    here = ranking.places[ranking.places["segment_id"].eq(segment_id)].geometry.iloc[0]
    others = ranking.places[
        ranking.places["obstacle"].eq("") & ranking.places["segment_id"].ne(segment_id)
    ]
    listed = {site["segment_id"]: site for site in ranking.sites}
    others = others[others["segment_id"].isin(list(listed))]
    if others.empty:
        return None
    nearest = others.iloc[int(others.distance(here).to_numpy().argmin())]
    site = listed[nearest["segment_id"]]
    loss = max(0.0, 1 - site["score"] / score) if score > 0 else 0.0
    return {
        "segment_id": site["segment_id"],
        "distance_m": round(float(nearest.geometry.distance(here))),
        "loss_share": round(loss, 3),
    }
