"""Dates and places are drawn, repeatably, and never too close together."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from gis.controls import Ranking, SiteSettings, Task, draw, rank

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

DAYS = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
PLAIN = SiteSettings(draws=100)


@pytest.fixture(scope="module")
def ranking(town: Callable[..., dict[str, gpd.GeoDataFrame]]) -> Ranking:
    layers = town()
    return rank(layers, Task(kind="driver", seed=5, n=6, settings=PLAIN))


def test_the_seed_repeats_the_draw(ranking: Ranking) -> None:
    first = draw(ranking, DAYS, visits=20, settings=PLAIN)
    assert first == draw(ranking, DAYS, visits=20, settings=PLAIN)
    assert first != draw(replace(ranking, seed=6), DAYS, visits=20, settings=PLAIN)


def test_every_chosen_place_is_visited_once_before_any_twice(ranking: Ranking) -> None:
    without = replace(PLAIN, exploration_share=0.0)
    visits = draw(ranking, DAYS, visits=6, settings=without)
    assert {one.segment_id for one in visits} == {one["segment_id"] for one in ranking.sites}


def test_no_place_is_visited_within_the_revisit_interval(ranking: Ranking) -> None:
    visits = draw(ranking, DAYS, visits=60, settings=PLAIN)
    last: dict[str, date] = {}
    for visit in visits:
        if visit.segment_id in last:
            assert (visit.day - last[visit.segment_id]).days >= PLAIN.revisit_days
        last[visit.segment_id] = visit.day
    assert [one.day for one in visits] == sorted(one.day for one in visits)


def test_the_explored_share_is_about_what_is_set(ranking: Ranking) -> None:
    explored = Counter(
        visit.explored
        for seed in range(100)
        for visit in draw(replace(ranking, seed=seed), DAYS, visits=20, settings=PLAIN)
    )
    assert explored[True] / explored.total() == pytest.approx(0.15, abs=0.03)


def test_nothing_is_drawn_from_nothing(ranking: Ranking) -> None:
    assert draw(ranking, [], visits=5, settings=PLAIN) == []
    assert draw(replace(ranking, sites=[]), DAYS, visits=5, settings=PLAIN) == []
