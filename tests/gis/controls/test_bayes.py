"""Empirical Bayes against known truth, and against choosing by counts or by nearness."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import check_grad

from gis.controls import bayes

SITES, TOP, YEARS = 2_000, 26, 5


def a_world(seed: int) -> tuple[np.ndarray, ...]:
    """Draw a town whose truth is known: layout explains a part, the rest is hidden."""
    random = np.random.default_rng(seed)
    layout = np.column_stack([np.ones(SITES), random.normal(0, 1, SITES)])
    usual = np.exp(layout @ np.array([-1.6, 0.6]))
    truth = usual * random.gamma(1.2, 1 / 1.2, SITES)
    counts = random.poisson(truth)
    station_m = random.uniform(0, 20_000, SITES)
    return layout, truth, counts, station_m


def caught(truth: np.ndarray, score: np.ndarray) -> float:
    """Return the share of the best possible expected injuries that the top sites hold."""
    chosen = np.argsort(-score, kind="stable")[:TOP]
    return float(truth[chosen].sum() / np.sort(truth)[-TOP:].sum())


def test_in_a_simulation_bayes_beats_counts_the_model_and_the_nearest_to_the_station() -> None:
    shares = []
    for seed in range(20):
        layout, truth, counts, station_m = a_world(seed)
        model = bayes.fit(counts, layout)
        shares.append(
            [
                caught(truth, bayes.estimate(model, counts)),
                caught(truth, counts.astype(float)),
                caught(truth, model.expected),
                caught(truth, -station_m),
            ]
        )
    by_bayes, by_counts, by_model, by_nearness = np.mean(shares, axis=0)
    assert by_bayes > by_counts + 0.02
    assert by_bayes > by_model + 0.1
    assert by_bayes > 5 * by_nearness


def test_the_fit_finds_the_truth() -> None:
    random = np.random.default_rng(0)
    layout = np.column_stack([np.ones(20_000), random.normal(0, 1, 20_000)])
    usual = np.exp(layout @ np.array([0.5, 0.8]))
    counts = random.poisson(usual * random.gamma(2.0, 1 / 2.0, 20_000))
    model = bayes.fit(counts, layout)
    assert model.beta == pytest.approx([0.5, 0.8], abs=0.05)
    assert model.shape == pytest.approx(2.0, abs=0.15)


def test_the_gradient_is_that_of_the_likelihood() -> None:
    layout, _, counts, _ = a_world(3)
    at = np.array([-1.0, 0.3, 0.4])
    error = check_grad(
        lambda p: bayes.loss(p, counts.astype(float), layout)[0],
        lambda p: bayes.loss(p, counts.astype(float), layout)[1],
        at,
    )
    assert error < 1e-2


@given(
    shape=st.floats(0.05, 50),
    expected=st.lists(st.floats(0.01, 20), min_size=1, max_size=5),
    count=st.integers(0, 30),
)
def test_an_estimate_lies_between_the_usual_and_the_count_and_rises_with_both(
    shape: float, expected: list[float], count: int
) -> None:
    usual = np.array(sorted(expected))
    model = bayes.Model(beta=np.zeros(1), shape=shape, expected=usual)
    counts = np.full(len(usual), count)
    found = bayes.estimate(model, counts)
    assert (found >= np.minimum(usual, count) - 1e-9).all()
    assert (found <= np.maximum(usual, count) + 1e-9).all()
    assert (np.diff(found) >= -1e-9).all()
    assert (bayes.estimate(model, counts + 1) > found).all()


def test_draws_are_repeated_by_the_seed_and_have_the_mean_asked_for() -> None:
    shape, mean = np.array([2.0, 5.0]), np.array([1.0, 3.0])
    first = bayes.draws(shape, mean, rounds=20_000, seed=7)
    assert (first == bayes.draws(shape, mean, rounds=20_000, seed=7)).all()
    assert (first != bayes.draws(shape, mean, rounds=20_000, seed=8)).any()
    assert first.mean(axis=0) == pytest.approx(mean, rel=0.03)


def test_a_clear_winner_has_a_narrow_rank_and_equals_have_wide_ones() -> None:
    shape, mean = np.full(10, 50.0), np.array([100.0, *[1.0] * 9])
    low, high = bayes.rank_interval(bayes.draws(shape, mean, rounds=2_000, seed=0))
    assert (low[0], high[0]) == (1, 1)
    assert low[1:].max() <= 3
    assert high[1:].min() >= 9
