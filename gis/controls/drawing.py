"""Which days and places were drawn, from which ranking and by which seed?

A draw is kept in the police store with all that repeats it: seed, hash of the ranking's input,
period and shares. Two officers who look at the same draw see the same visits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from gis import areas
from gis.controls import kept, records
from gis.controls.asking import SYSTEM, ask
from gis.controls.draw import draw
from gis.controls.settings import from_profile
from gis.errors import GisError
from gis.store.base import Entry

if TYPE_CHECKING:
    from datetime import date

    from gis.store import Store

DRAW: Final = "draw"
LONGEST: Final = 366
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be drawn.

    Parameters
    ----------
    kind
        ``cyclist``, ``driver`` or ``school``; schools are visited from Monday to Friday.
    first, last
        Local days of the period, both in it.
    visits
        How many; fewer come where days or places do not suffice.
    n
        How many places the ranking has.
    seed
        Repeats a draw; one that nobody can foresee is drawn when null.
    """

    kind: str
    first: date
    last: date
    visits: int
    n: int = 10
    seed: int | None = None


def draw_visits(
    public: Store, police: Store, wish: Wish, *, author: str = SYSTEM
) -> dict[str, Any]:
    """Draw visits from the ranking that stands and keep the draw.

    Raises
    ------
    GisError
        If the period ends before it begins or is longer than a year.
    """
    days = days_of(wish)
    settings = from_profile(areas.from_json(public.area_json()).settings)
    seed = records.new_seed() if wish.seed is None else wish.seed
    stood = kept.standing(police, wish.kind)
    ranked_by = seed if stood is None else int(stood["seed"])
    found = ask(public, police, kind=wish.kind, n=wish.n, seed=ranked_by, author=author)
    visits = draw(replace(found, seed=seed), days, visits=wish.visits, settings=settings)
    body = {
        "kind": wish.kind,
        "first": wish.first.isoformat(),
        "last": wish.last.isoformat(),
        "n": wish.n,
        "asked": wish.visits,
        "seed": seed,
        "input_hash": found.input_hash,
        "exploration_share": settings.exploration_share,
        "drawn_at": datetime.now(UTC).isoformat(),
        "visits": [
            {"day": one.day.isoformat(), "segment_id": one.segment_id, "explored": one.explored}
            for one in visits
        ],
    }
    draw_id = uuid4().hex
    police.append([Entry(entity=DRAW, entity_id=draw_id, body=body, author=author)])
    return {"id": draw_id, **body}


def draws(police: Store, kind: str) -> list[dict[str, Any]]:
    """Read the draws of a kind, newest first."""
    found = [
        {"id": one.entity_id, **one.body}
        for one in police.state(DRAW).values()
        if one.body["kind"] == kind
    ]
    return sorted(found, key=lambda one: (one["drawn_at"], one["id"]), reverse=True)


def days_of(wish: Wish) -> list[date]:
    """List the days of a period on which a control of the kind is possible."""
    length = (wish.last - wish.first).days + 1
    if not 1 <= length <= LONGEST:
        msg = f"the last day must be the first or at most {LONGEST - 1} days after it."
        raise GisError(msg)
    every = [wish.first + timedelta(days=n) for n in range(length)]
    return [day for day in every if wish.kind != "school" or day.weekday() < SATURDAY]
