"""How much does a place matter, and why?

The prior is the product of the factors of all criteria that fit; each is 1 or more, so that no
reason can lower a score. Accidents move it by Empirical Bayes, earlier controls lower it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.controls import bayes
from gis.controls.criteria import Filter, criteria, fits

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from gis.controls.settings import SiteSettings

    Floats = npt.NDArray[np.float64]

FEW: Final = 5  # fewer injuries in all say nothing about the model


@dataclass(frozen=True, slots=True, kw_only=True)
class Injuries:
    """Weighted injuries of each place over some years."""

    counts: npt.NDArray[np.int64]
    years: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Expected injuries a year (or the bare index without accidents) and how sure that is.

    `shape` is the shape of the Gamma around each; `from_accidents` tells which of the two it is.
    """

    value: Floats
    shape: Floats
    from_accidents: bool


def factors(places: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return one column a criterion with its factor where it fits, 1 where not."""
    return pd.DataFrame(
        {
            rule.name: np.where(fits(places[rule.column], rule.test), rule.factor, 1.0)
            for rule in criteria(kind)
        },
        index=places.index,
    )


def expected(prior: Floats, injuries: Injuries | None, settings: SiteSettings) -> Expected:
    """Return what is expected at each place.

    Notes
    -----
    With accidents the model is μ = exp(β₀ + β₁·log prior) with β₁ ≥ 0: the layout keeps its
    direction whatever chance did, so that the score stays monotone in each reason.
    """
    if injuries is None or injuries.counts.sum() < FEW:
        shape = np.full(len(prior), settings.prior_shape)
        return Expected(value=prior, shape=shape, from_accidents=False)
    covariates = np.column_stack((np.ones(len(prior)), np.log(prior)))
    model = bayes.fit(injuries.counts, covariates, bounds=[(None, None), (0.0, None)])
    value = bayes.estimate(model, injuries.counts) / injuries.years
    return Expected(
        value=value,
        shape=np.asarray(model.shape + injuries.counts, dtype=float),
        from_accidents=True,
    )


def obstacles(segments: pd.DataFrame, rules: Sequence[Filter]) -> pd.Series:
    """Return the first reason why a segment is not for controls; empty where it is."""
    why = pd.Series("", index=segments.index, dtype=object)
    for rule in rules:
        fails = ~fits(segments[rule.column], rule.test) & why.eq("")
        why = why.mask(fails, rule.reason)
    return why
