"""When and in what order are the places visited?

Drawn with probability proportional to score, so that nobody can foresee it; a share of the draws
is among all eligible places, so that the ranking does not only confirm itself. Each chosen place
is visited at least once where the dates suffice, none twice within the revisit interval. The seed
repeats the draw and is as secret as the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gis.controls.ranking import Ranking
    from gis.controls.settings import SiteSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One drawn visit; `explored` tells that it was drawn among all eligible places."""

    day: date
    segment_id: str
    explored: bool


def draw(
    ranking: Ranking, days: Sequence[date], *, visits: int, settings: SiteSettings
) -> list[Visit]:
    """Draw visits.

    Parameters
    ----------
    ranking
        The ranking; its seed is used.
    days
        Days on which a control is possible.
    visits
        How many; fewer come where days or places do not suffice.
    settings
        Exploration share and revisit interval.

    Returns
    -------
    visits
        In order of day.
    """
    chosen = {site["segment_id"]: float(site["score"]) for site in ranking.sites}
    if not chosen or not days:
        return []
    clear = ranking.places[ranking.places["obstacle"].eq("")]
    eligible = sorted(set(clear["segment_id"]))
    random = np.random.default_rng([ranking.seed, len(days), visits])
    dates = sorted(random.choice(len(days), size=min(visits, len(days)), replace=False))
    last: dict[str, date] = {}
    found = []
    for day in (sorted(days)[place] for place in dates):
        explored = bool(random.random() < settings.exploration_share)
        pool = eligible if explored else list(chosen)
        free = [one for one in pool if _rested(last.get(one), day, settings.revisit_days)]
        first = [one for one in free if one not in last] if not explored else []
        names = first or free
        if not names:
            continue
        weight = np.ones(len(names)) if explored else np.array([chosen[one] for one in names])
        name = names[int(random.choice(len(names), p=weight / weight.sum()))]
        last[name] = day
        found.append(Visit(day=day, segment_id=name, explored=explored))
    return found


def _rested(last: date | None, day: date, revisit_days: int) -> bool:
    """Tell whether a place may be visited again."""
    return last is None or (day - last).days >= revisit_days
