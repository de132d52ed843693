"""The choice against all choices, and its proof."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from gis.controls.cover import Problem, approximate, choose, covered, problem, relaxed

if TYPE_CHECKING:
    import numpy.typing as npt

NONE = np.zeros(0, dtype=np.intp)


@st.composite
def problems(draw: st.DrawFn) -> tuple[Problem, npt.NDArray[np.float64], set[tuple[int, int]], int]:
    sites, demand = draw(st.integers(2, 7)), draw(st.integers(1, 12))
    pairs = draw(
        st.sets(st.tuples(st.integers(0, sites - 1), st.integers(0, demand - 1)), min_size=1)
    )
    weight = np.array(draw(st.lists(st.integers(0, 9), min_size=demand, max_size=demand)), float)
    rows = np.array(sorted(pairs))
    return problem(rows[:, 0], rows[:, 1], weight, sites=sites), weight, pairs, sites


def plain(weight: npt.NDArray[np.float64], pairs: set[tuple[int, int]], chosen: set[int]) -> float:
    return float(sum(weight[i] for i in {i for j, i in pairs if j in chosen}))


@given(made=problems(), n=st.integers(1, 4))
def test_the_choice_is_the_best_of_all_choices(
    made: tuple[Problem, npt.NDArray[np.float64], set[tuple[int, int]], int], n: int
) -> None:
    given_problem, weight, pairs, sites = made
    found = choose(given_problem, n)
    best = max(plain(weight, pairs, set(one)) for one in combinations(range(sites), min(n, sites)))
    assert len(found.sites) <= max(n, 1)
    assert found.value == pytest.approx(best)
    assert found.value == pytest.approx(plain(weight, pairs, set(found.sites.tolist())))
    assert found.gap <= 1e-6


@given(made=problems(), n=st.integers(1, 4))
def test_greedy_never_claims_more_than_the_best_nor_bounds_below_it(
    made: tuple[Problem, npt.NDArray[np.float64], set[tuple[int, int]], int], n: int
) -> None:
    given_problem, weight, pairs, sites = made
    n = min(n, sites)
    found = approximate(given_problem, n, NONE)
    best = max(plain(weight, pairs, set(one)) for one in combinations(range(sites), n))
    assert found.value <= best + 1e-9 <= found.bound + 1e-6
    assert found.value >= (1 - 1 / np.e) * best - 1e-9


@given(made=problems(), n=st.integers(1, 4), data=st.data())
def test_any_price_bounds_the_best(
    made: tuple[Problem, npt.NDArray[np.float64], set[tuple[int, int]], int],
    n: int,
    data: st.DataObject,
) -> None:
    given_problem, weight, pairs, sites = made
    n = min(n, sites)
    size = len(given_problem.weight)
    share = np.array(data.draw(st.lists(st.floats(0, 1), min_size=size, max_size=size)))
    bound, top = relaxed(given_problem, share * given_problem.weight, n, NONE)
    best = max(plain(weight, pairs, set(one)) for one in combinations(range(sites), n))
    assert bound >= best - 1e-9
    assert len(top) == n


@given(made=problems())
def test_merging_demand_changes_no_value(
    made: tuple[Problem, npt.NDArray[np.float64], set[tuple[int, int]], int],
) -> None:
    given_problem, weight, pairs, sites = made
    for chosen in combinations(range(sites), 2):
        merged = covered(given_problem, np.array(chosen))
        assert merged == pytest.approx(plain(weight, pairs, set(chosen)))


@given(made=problems(), data=st.data())
@settings(max_examples=50)
def test_forced_sites_are_among_the_chosen(
    made: tuple[Problem, npt.NDArray[np.float64], set[tuple[int, int]], int], data: st.DataObject
) -> None:
    given_problem, weight, pairs, sites = made
    forced = data.draw(st.integers(0, sites - 1))
    n = min(2, sites)
    found = choose(given_problem, n, forced=np.array([forced]))
    assert forced in found.sites
    best = max(plain(weight, pairs, {forced, *one}) for one in combinations(range(sites), n - 1))
    assert found.value == pytest.approx(best)


def test_a_large_choice_has_a_small_proven_gap() -> None:
    random = np.random.default_rng(1)
    there, here = random.uniform(0, 8000, (5000, 2)), random.uniform(0, 8000, (1200, 2))
    near = np.linalg.norm(here[:, None] - there[None], axis=2) <= 500
    site, demand = np.nonzero(near)
    found = choose(problem(site, demand, random.gamma(0.5, 1, 5000), sites=1200), 20)
    assert found.method == "greedy"
    assert len(found.sites) == 20
    assert found.value <= found.bound
    assert found.gap < 0.06


@pytest.mark.parametrize("seed", range(4))
def test_where_greedy_leaves_a_gap_the_solver_finds_the_best(seed: int) -> None:
    random = np.random.default_rng(seed)
    sites, demand, n = 60, 300, 8
    cover = random.random((sites, demand)) < 0.08
    weight = random.gamma(0.5, 1, demand)
    site, number = np.nonzero(cover)
    made = problem(site, number, weight, sites=sites)
    # The same model written plainly and solved by another door to a solver.
    limits = np.zeros((demand + 1, sites + demand))
    limits[:demand, :sites], limits[:demand, sites:] = -cover.T.astype(float), np.eye(demand)
    limits[demand, :sites] = 1
    best = milp(
        -np.concatenate((np.zeros(sites), weight)),
        constraints=LinearConstraint(limits, -np.inf, np.append(np.zeros(demand), n)),
        bounds=Bounds(0, 1),
        integrality=np.append(np.ones(sites), np.zeros(demand)),
    )
    assert approximate(made, n, NONE).gap > 1e-6
    found = choose(made, n)
    assert found.method == "exact"
    assert found.value == pytest.approx(-best.fun, rel=1e-6)
