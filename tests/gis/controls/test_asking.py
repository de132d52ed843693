"""From two stores to a ranking that is kept in one of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gis.controls import ask, best_quarter
from gis.controls.asking import end_of_day

if TYPE_CHECKING:
    from gis.store import Store


def test_a_ranking_is_kept_with_its_seed_in_the_police_store_alone(
    stores: tuple[Store, Store],
) -> None:
    public, police = stores
    head = public.head()
    drawn = ask(public, police, kind="driver", n=3)
    again = ask(public, police, kind="driver", n=3, seed=drawn.seed)
    assert again.to_dict() == drawn.to_dict()
    kept = police.revisions("ranking")
    drawn_with = [(one.body["seed"], one.body["input_hash"]) for one in kept]
    assert drawn_with == [(drawn.seed, drawn.input_hash)]
    assert public.head() == head
    assert police.kind == "police"


def test_a_ranking_is_kept_anew_only_when_seed_or_input_changed(
    stores: tuple[Store, Store],
) -> None:
    for seed, n in ((1, 3), (1, 3), (2, 3), (2, 4), (2, 4)):
        ask(*stores, kind="driver", n=n, seed=seed)
    assert len(list(stores[1].revisions("ranking"))) == 3


def test_the_best_quarter_is_that_of_the_ranking_that_stands(
    stores: tuple[Store, Store],
) -> None:
    public, police = stores
    best = best_quarter(public, police, "driver", "o1")
    assert best is not None
    drawn = ask(public, police, kind="driver", n=3)
    clear = drawn.places[drawn.places["obstacle"].eq("")]
    scores = clear.groupby("segment_id")["score"].max()
    limit = clear["score"].quantile(0.75)
    assert set(best) == set(scores.index[scores.ge(limit)])
    assert 0 < len(best) < len(scores)


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_controls_fade_by_the_day(hour: int) -> None:
    noon = datetime(2026, 5, 4, hour, 30, tzinfo=UTC)
    assert timedelta() < datetime(2026, 5, 5, tzinfo=UTC) - end_of_day(noon) < timedelta(seconds=1)
