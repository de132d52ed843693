"""Where do police controls matter most, and what was planned and done?

``rank`` chooses and explains places, ``draw_visits`` draws dates, ``explain`` says why a place is
or is not among them, ``records`` keeps plans and performed controls. All of it belongs to the
police store; nothing here is ever shown to the public.
"""

from __future__ import annotations

from gis.controls.asking import (
    ask,
    best_quarter,
    effect,
    open_police,
    ranked_sites,
    school_ways,
)
from gis.controls.draw import Visit, draw
from gis.controls.drawing import Wish, draw_visits, draws
from gis.controls.explain import explain, explain_place
from gis.controls.ranking import Ranking, Task, rank
from gis.controls.settings import SiteSettings, from_profile

__all__ = [
    "Ranking",
    "SiteSettings",
    "Task",
    "Visit",
    "Wish",
    "ask",
    "best_quarter",
    "draw",
    "draw_visits",
    "draws",
    "effect",
    "explain",
    "explain_place",
    "from_profile",
    "open_police",
    "rank",
    "ranked_sites",
    "school_ways",
]
