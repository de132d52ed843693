"""A draw is kept with all that repeats it, in the police store alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from gis.controls import Wish, draw_visits, draws
from gis.controls.drawing import DRAW, LONGEST, days_of
from gis.errors import GisError

if TYPE_CHECKING:
    from gis.store import Store

FIRST = date(2026, 12, 1)
LAST = date(2026, 12, 31)


def test_the_seed_repeats_a_draw_and_stands_with_its_input(stores: tuple[Store, Store]) -> None:
    public, police = stores
    head = public.head()
    wish = Wish(kind="driver", first=FIRST, last=LAST, visits=6, n=3)
    first = draw_visits(public, police, wish)
    again = Wish(kind="driver", first=FIRST, last=LAST, visits=6, n=3, seed=first["seed"])
    assert draw_visits(public, police, again)["visits"] == first["visits"]
    other = draw_visits(public, police, wish)
    assert (other["visits"], other["seed"]) != (first["visits"], first["seed"])
    assert first["input_hash"] == next(iter(police.revisions("ranking"))).body["input_hash"]
    assert first["exploration_share"] == 0.15
    assert len(list(police.revisions(DRAW))) == 3
    assert public.head() == head


def test_draws_are_listed_newest_first_by_kind(stores: tuple[Store, Store]) -> None:
    for kind in ("driver", "driver", "school"):
        draw_visits(*stores, Wish(kind=kind, first=FIRST, last=LAST, visits=2))
    listed = draws(stores[1], "driver")
    assert [one["kind"] for one in listed] == ["driver", "driver"]
    assert listed[0]["drawn_at"] > listed[1]["drawn_at"]


def test_every_visit_lies_in_the_period_and_schools_rest_at_weekends(
    stores: tuple[Store, Store],
) -> None:
    wish = Wish(kind="school", first=FIRST, last=LAST, visits=10)
    days = [date.fromisoformat(one["day"]) for one in draw_visits(*stores, wish)["visits"]]
    assert days
    assert all(FIRST <= day <= LAST and day.weekday() < 5 for day in days)


@pytest.mark.parametrize(
    ("last", "days"),
    [
        pytest.param(FIRST, 1, id="one day"),
        pytest.param(date(2027, 12, 1), LONGEST, id="a year"),
        pytest.param(date(2027, 12, 2), None, id="longer"),
        pytest.param(date(2026, 11, 30), None, id="backwards"),
    ],
)
def test_a_period_is_a_year_at_most(last: date, days: int | None) -> None:
    wish = Wish(kind="driver", first=FIRST, last=last, visits=1)
    if days is not None:
        assert len(days_of(wish)) == days
        return
    with pytest.raises(GisError, match="last day"):
        days_of(wish)
