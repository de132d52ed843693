"""How much of the path network is inventoried, and how much of it is clear?

Both are shares of the length of segments with ``kind`` path that are not retired. Coverage says
that somebody has been there; clarity says that the answer stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

INVENTORIED: Final = ("inspected", "decided")
CLEAR_CONFIDENCE: Final = ("high", "medium")
QUESTION: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryFigures:
    """Shares in per cent (None: no paths), and the segments left out by reason code."""

    coverage: float | None = None
    clarity: float | None = None
    not_covered: Mapping[str, int] = field(default_factory=dict)
    not_clear: Mapping[str, int] = field(default_factory=dict)


def inventory_figures(segments: pd.DataFrame) -> InventoryFigures:
    """Measure coverage and clarity of an inventory.

    Parameters
    ----------
    segments
        Columns ``kind``, ``status``, ``path_class``, ``confidence``, ``severity`` (highest open
        finding, 0–3) and ``length_m``; no geometry needed. Null severity is 0.

    Returns
    -------
    figures
        Per cent with one decimal, cut and never rounded up, so that 100 means all of it.
    """
    paths = segments[segments["kind"].eq("path") & segments["status"].ne("retired")]
    total = float(paths["length_m"].sum())
    if total <= 0:
        return InventoryFigures()
    covered = paths["status"].isin(INVENTORIED)
    why = _not_clear(paths)
    clear = why.eq("")
    return InventoryFigures(
        coverage=_per_cent(paths["length_m"], covered, total),
        clarity=_per_cent(paths["length_m"], clear, total),
        not_covered=_numbers(paths.loc[~covered, "status"]),
        not_clear=_numbers(why[~clear]),
    )


def _not_clear(paths: pd.DataFrame) -> pd.Series:
    """Name the first reason why a path is not clear; empty text where it is."""
    unknown = paths["path_class"].isna() | paths["path_class"].eq("okand")
    presumed = ~paths["confidence"].isin(CLEAR_CONFIDENCE)
    doubted = paths["severity"].fillna(0).ge(QUESTION)
    words = np.select(
        [unknown, doubted, presumed], ["class_unknown", "open_finding", "confidence_low"], ""
    )
    return paths["path_class"].astype("object").mask(paths["kind"].notna(), words)


def _per_cent(length: pd.Series, chosen: pd.Series, total: float) -> float:
    """Return the share of length in per cent, cut to one decimal."""
    share = 100.0 * float(length[chosen].sum()) / total
    return float(np.floor(share * 10 + 1e-9) / 10)


def _numbers(codes: pd.Series) -> dict[str, int]:
    """Count codes, most frequent first."""
    return {str(code): int(n) for code, n in codes.value_counts().items()}
