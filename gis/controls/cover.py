"""Which few sites cover the most of what matters?

Maximal covering: choose at most N sites so that the weight of the demand within reach of one of
them is largest. Demand with the same covering sites is merged first, which changes nothing. Lazy
greedy (at least 1 − 1/e of the best), 1-swap and a Lagrangian bound come first; up to about
`EXACT_SITES` sites HiGHS then searches the exact answer among the sites the bound has left.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import highspy
import numpy as np
from scipy.sparse import csr_array

from gis.errors import GisError

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.intp]
    Floats = npt.NDArray[np.float64]

EXACT_SITES: Final = 1_000
EXACT_PAIRS: Final = 20_000  # left after the bound; more took half a minute when tried
EXACT_NODES: Final = 300  # nodes, not seconds: the answer must not depend on the machine
SOLVER: Final[dict[str, object]] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_max_nodes": EXACT_NODES,
    "mip_rel_gap": 1e-6,
}
HALF: Final = 0.5
BOUND_ROUNDS: Final = (250, 1_500)
ROUNDS_TIMES_PAIRS: Final = 100_000_000
STARTS: Final = 3
PATIENCE: Final = 10
MEMORY: Final = 0.9
PROGRESS: Final = 1e-5
LEAST_STEP: Final = 1e-3
PROVEN_GAP: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What covers what: `cover` is sites × demand with ones, `weight` one number a demand."""

    cover: csr_array
    weight: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Chosen sites, the weight they cover, and what no choice can exceed."""

    sites: Ints
    value: float
    bound: float
    method: str

    @property
    def gap(self) -> float:
        """How far the value may be from the best, as a share of the bound."""
        return 0.0 if self.bound <= 0 else max(0.0, (self.bound - self.value) / self.bound)


def problem(site: Ints, demand: Ints, weight: Floats, *, sites: int) -> Problem:
    """Build a problem from pairs, merging demand that the same sites cover.

    Parameters
    ----------
    site, demand
        Numbers of the pairs within reach of each other; a pair given twice counts once.
    weight
        Weight of each demand, 0 or more.
    sites
        How many sites there are.
    """
    ones = np.ones(len(site), dtype=np.int8)
    by_demand = csr_array((ones, (demand, site)), shape=(len(weight), sites))
    by_demand.sum_duplicates()
    group = _groups(by_demand)
    merged = np.bincount(group[group >= 0], weights=weight[group >= 0]).astype(np.float64)
    first = np.unique(group, return_index=True)[1][int((group < 0).any()) :]
    chosen = by_demand[first]
    chosen.data = np.ones(chosen.nnz)
    return Problem(cover=chosen.T.tocsr(), weight=merged)


def _groups(by_demand: csr_array) -> Ints:
    """Give each distinct set of covering sites a number; −1 where no site reaches."""
    by_demand.sort_indices()
    known: dict[bytes, int] = {b"": -1}
    ends, indices = by_demand.indptr, by_demand.indices
    # A Python loop over demand: sets of different size are compared exactly, not by a hash sum.
    return np.array(
        [
            known.setdefault(indices[begin:end].tobytes(), len(known) - 1)
            for begin, end in pairwise(ends)
        ],
        dtype=np.intp,
    )


def choose(given: Problem, n: int, *, forced: Ints | None = None) -> Choice:
    """Choose at most `n` sites.

    Parameters
    ----------
    given
        The problem.
    n
        How many sites at most.
    forced
        Sites that must be among them; at most `n`.

    Returns
    -------
    choice
        Sites in order of number; ties go to the site with the lower number.
    """
    fixed = np.unique(forced) if forced is not None else np.zeros(0, dtype=np.intp)
    sites = given.cover.shape[0]
    if n >= sites:
        everything = np.arange(sites)
        value = covered(given, everything)
        return Choice(sites=everything, value=value, bound=value, method="all")
    if sites <= EXACT_SITES:
        return _exact(given, n, fixed)
    return approximate(given, n, fixed)


def covered(given: Problem, sites: Ints) -> float:
    """Return the weight that some sites cover together."""
    return float(given.weight[_times(given, sites) > 0].sum())


def _times(given: Problem, sites: Ints) -> Floats:
    """Return how many of the sites cover each demand."""
    if not len(sites):
        return np.zeros(len(given.weight))
    reached = np.concatenate([_reached(given, int(site)) for site in sites])
    return np.bincount(reached, minlength=len(given.weight)).astype(float)


def approximate(given: Problem, n: int, fixed: Ints) -> Choice:
    """Choose by lazy greedy and 1-swap, and bound the best by Lagrangian relaxation."""
    return _approximate(given, n, fixed)[0]


def _approximate(given: Problem, n: int, fixed: Ints) -> tuple[Choice, Floats]:
    """Choose, and give the prices behind the bound, too."""
    sites = _swap(given, _greedy(given, n, fixed), fixed)
    value = covered(given, sites)
    bound, starts, price = _bound(given, n, fixed, value)
    for start in starts:
        other = _swap(given, start, fixed)
        if covered(given, other) > value:
            sites, value = other, covered(given, other)
    choice = Choice(sites=np.sort(sites), value=value, bound=max(bound, value), method="greedy")
    return choice, price


def _greedy(given: Problem, n: int, fixed: Ints) -> Ints:
    """Take the site with the largest gain again and again; gains are updated when looked at."""
    left = np.where(_times(given, fixed) > 0, 0.0, given.weight)
    gains = np.asarray(given.cover @ left)
    gains[fixed] = 0
    heap = [(-gain, site) for site, gain in enumerate(gains)]
    heapq.heapify(heap)
    chosen = list(fixed)
    while heap and len(chosen) < n:
        promised, site = heapq.heappop(heap)
        if site in chosen:
            continue
        reached = _reached(given, site)
        gain = float(left[reached].sum())
        if heap and -gain > heap[0][0] and gain < -promised:
            heapq.heappush(heap, (-gain, site))
            continue
        chosen.append(site)
        left[reached] = 0
    return np.array(chosen, dtype=np.intp)


def _reached(given: Problem, site: int) -> Ints:
    """Return the demand that one site covers."""
    ends = given.cover.indptr
    return np.asarray(given.cover.indices[ends[site] : ends[site + 1]])


def _swap(given: Problem, sites: Ints, fixed: Ints) -> Ints:
    """Exchange one site for a better one until no exchange helps."""
    chosen = sites.copy()
    times = _times(given, chosen)
    improved = True
    while improved:
        improved = False
        for place, site in enumerate(chosen):
            if site in fixed:
                continue
            reached = _reached(given, site)
            times[reached] -= 1
            gains = np.asarray(given.cover @ np.where(times > 0, 0.0, given.weight))
            best = int(gains.argmax())
            if gains[best] > gains[site] * (1 + 1e-12) + 1e-12:
                chosen[place], improved = best, True
            times[_reached(given, int(chosen[place]))] += 1
    return chosen


def _bound(given: Problem, n: int, fixed: Ints, value: float) -> tuple[float, list[Ints], Floats]:
    """Lower the Lagrangian bound by averaged subgradient steps; give the best sites met.

    L(λ) = Σ of the N largest Σ λ over a site's cover + Σ max(w − λ, 0), 0 ≤ λ ≤ w. Any λ gives a
    true bound, so that the steps may be as rough as they like. The sites that reach it are good
    starts for swaps.
    """
    weight, price = given.weight, given.weight.copy()
    best_price, lowest, step, waited = price, np.inf, 1.0, 0
    met: dict[bytes, tuple[float, Ints]] = {}
    direction = np.zeros(len(weight))
    for _ in range(int(np.clip(ROUNDS_TIMES_PAIRS // given.cover.nnz, *BOUND_ROUNDS))):
        bound, top = relaxed(given, price, n, fixed)
        waited += 1
        if bound < lowest * (1 - PROGRESS):
            lowest, best_price, waited = bound, price, 0
        elif waited >= PATIENCE:
            step, price, waited = step / 2, best_price, 0
            direction[:] = 0
        reached = _times(given, top)
        got = float(weight[reached > 0].sum())
        met[np.sort(top).tobytes()] = (got, top)
        value = max(value, got)
        direction = MEMORY * direction + (1 - MEMORY) * _slope(reached, price, weight)
        square = float(direction @ direction)
        if square == 0 or lowest - value <= PROVEN_GAP * lowest or step < LEAST_STEP:
            break
        price = np.clip(price - step * (bound - value) / square * direction, 0, weight)
    best = sorted(met.values(), key=lambda one: -one[0])[:STARTS]
    return lowest, [top for _, top in best], best_price


def relaxed(given: Problem, price: Floats, n: int, fixed: Ints) -> tuple[float, Ints]:
    """Return the bound that a price gives, and the sites that reach it."""
    worth = np.asarray(given.cover @ price)
    order = worth.copy()
    order[fixed] = np.inf
    top = np.argpartition(-order, n - 1)[:n]
    return float(worth[top].sum() + np.maximum(given.weight - price, 0).sum()), top


def _slope(reached: Floats, price: Floats, weight: Floats) -> Floats:
    """Return the subgradient; a step out of the box changes nothing and has no length."""
    slope = reached - (weight > price)
    slope[(price <= 0) & (slope > 0)] = 0
    slope[(price >= weight) & (slope < 0)] = 0
    return np.asarray(slope)


def _exact(given: Problem, n: int, fixed: Ints) -> Choice:
    """Solve the covering problem with HiGHS; `bound` is the solver's own proof."""
    sites, demands = given.cover.shape
    warm, price = _approximate(given, n, fixed)
    out = _hopeless(given, n, price, warm)
    left = given.cover.nnz - int(np.diff(given.cover.indptr)[out].sum())
    if warm.gap <= PROVEN_GAP or left > EXACT_PAIRS:
        return warm
    make: Any = highspy.Highs
    solver = make()
    for option, value in SOLVER.items():
        solver.setOptionValue(option, value)
    solver.passModel(_model(given, n, fixed, out))
    solver.setSolution(_start(given, warm.sites))
    solver.run()
    found = np.array(solver.getSolution().col_value)
    if len(found) != sites + demands:
        msg = "the covering problem could not be solved; ask for fewer places."
        raise GisError(msg)
    chosen = np.flatnonzero(found[:sites] > HALF)
    value = covered(given, chosen)
    if value < warm.value:
        chosen, value = warm.sites, warm.value
    bound = min(warm.bound, max(float(solver.getInfo().mip_dual_bound), value))
    choice = Choice(sites=chosen, value=value, bound=bound, method="exact")
    return choice if choice.gap <= PROVEN_GAP * 10 else replace(choice, method="bounded")


def _hopeless(given: Problem, n: int, price: Floats, warm: Choice) -> Ints:
    """Find the sites that are in no better choice: with one of them the bound falls too low."""
    worth = np.asarray(given.cover @ price)
    top = np.sort(worth)[::-1]
    bound = float(top[:n].sum() + np.maximum(given.weight - price, 0).sum())
    with_it = bound + np.minimum(worth - top[n - 1], 0)
    out = with_it < warm.value * (1 - 1e-9)
    out[warm.sites] = False
    return np.flatnonzero(out)


def _model(given: Problem, n: int, fixed: Ints, out: Ints) -> highspy.HighsLp:
    """Write the covering problem: x sites (0 or 1), z demand (0 to 1), z ≤ Σ x."""
    sites, demands = given.cover.shape
    by_demand = given.cover.T.tocsr()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = sites + demands, demands + 1
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.concatenate((np.zeros(sites), given.weight))
    lower = np.zeros(sites + demands)
    lower[fixed] = 1
    upper = np.ones(sites + demands)
    upper[out] = 0
    model.col_lower_, model.col_upper_ = lower, upper
    model.integrality_ = [highspy.HighsVarType.kInteger] * sites + [
        highspy.HighsVarType.kContinuous
    ] * demands
    rows = csr_array(
        (
            np.concatenate((np.ones(demands), -by_demand.data, np.ones(sites))),
            (
                np.concatenate(
                    (
                        np.arange(demands),
                        np.repeat(np.arange(demands), np.diff(by_demand.indptr)),
                        np.full(sites, demands),
                    )
                ),
                np.concatenate((sites + np.arange(demands), by_demand.indices, np.arange(sites))),
            ),
        ),
        shape=(demands + 1, sites + demands),
    )
    model.row_lower_ = np.full(demands + 1, -highspy.kHighsInf)
    model.row_upper_ = np.append(np.zeros(demands), n)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = rows.indptr
    model.a_matrix_.index_ = rows.indices
    model.a_matrix_.value_ = rows.data
    return model


def _start(given: Problem, sites: Ints) -> highspy.HighsSolution:
    """Give the solver a good choice to begin with."""
    chosen = np.zeros(given.cover.shape[0])
    chosen[sites] = 1
    solution = highspy.HighsSolution()
    solution.col_value = [*chosen, *(_times(given, sites) > 0).astype(float)]
    return solution
