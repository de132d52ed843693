"""How many injuries are expected at a site, when few have happened anywhere?

Empirical Bayes after Hauer: a negative binomial model says what is usual for such a site, and the
site's own count moves it as far as its weight allows. Counts are for the whole period given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

LOG_SHAPE: Final = (-4.0, 6.0)  # beyond these the model is useless or plain Poisson
ROUNDS: Final = 500
WIDEST: Final = 30.0  # exp(30) is far outside any count; keeps the search finite


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A fitted model: `beta` of the covariates, `shape` a, and μ of each site."""

    beta: Floats
    shape: float
    expected: Floats


def fit(
    counts: npt.NDArray[np.int64],
    covariates: Floats,
    *,
    bounds: Sequence[tuple[float | None, float | None]] | None = None,
) -> Model:
    """Fit the negative binomial by maximum likelihood.

    Parameters
    ----------
    counts
        ``n`` counts.
    covariates
        ``n`` × ``k``, the first column usually ones.
    bounds
        Limits of each coefficient; none by default.
    """
    limits = [*(bounds or [(None, None)] * covariates.shape[1]), LOG_SHAPE]
    start = np.zeros(covariates.shape[1] + 1)
    start[0] = np.log(max(counts.mean(), 1e-6))
    low = np.array([-np.inf if pair[0] is None else pair[0] for pair in limits])
    high = np.array([np.inf if pair[1] is None else pair[1] for pair in limits])
    found = minimize(
        loss,
        np.clip(start, low, high),
        args=(counts.astype(float), covariates),
        jac=True,
        method="L-BFGS-B",
        bounds=limits,
        options={"maxiter": ROUNDS},
    )
    beta, shape = found.x[:-1], float(np.exp(found.x[-1]))
    return Model(beta=beta, shape=shape, expected=_mean(covariates, beta))


def _mean(covariates: Floats, beta: Floats) -> Floats:
    """Return exp(x·β) within what a float can hold."""
    return np.exp(np.clip(covariates @ beta, -WIDEST, WIDEST))


def loss(parameters: Floats, counts: Floats, covariates: Floats) -> tuple[float, Floats]:
    """Return the negative log-likelihood (without its constant) and its gradient."""
    a = np.exp(parameters[-1])
    mu = _mean(covariates, parameters[:-1])
    both = a + mu
    log_likelihood = (
        gammaln(counts + a)
        - gammaln(a)
        + a * (np.log(a) - np.log(both))
        + counts * (np.log(mu) - np.log(both))
    ).sum()
    by_beta = covariates.T @ (a * (counts - mu) / both)
    by_shape = (
        digamma(counts + a) - digamma(a) + np.log(a) + 1 - np.log(both) - (a + counts) / both
    ).sum() * a
    return -float(log_likelihood), -np.append(by_beta, by_shape)


def estimate(model: Model, counts: npt.NDArray[np.int64]) -> Floats:
    """Return the expected count of each site, (a + y)/(a + μ)·μ."""
    return (model.shape + counts) / (model.shape + model.expected) * model.expected


def draws(shape: Floats, mean: Floats, *, rounds: int, seed: int) -> npt.NDArray[np.float32]:
    """Draw from the posterior Gamma of each site, ``rounds`` × ``n``.

    Parameters
    ----------
    shape
        ``a + y`` of each site, above 0.
    mean
        Expected count of each site.
    """
    random = np.random.default_rng(seed)
    unit = random.standard_gamma(shape.astype(np.float32), (rounds, len(shape)), dtype=np.float32)
    return unit * (mean / shape).astype(np.float32)


def rank_interval(
    drawn: npt.NDArray[np.float32], *, share: float = 0.9
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return between which ranks each site lies in a share of the draws; 1 is the highest."""
    order = np.argsort(-drawn, axis=1)
    ranks = np.empty(order.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, np.arange(1, order.shape[1] + 1, dtype=np.int32)[None], 1)
    tail = (1 - share) / 2
    low, high = np.quantile(ranks, [tail, 1 - tail], axis=0, method="nearest")
    return low.astype(np.int64), high.astype(np.int64)
