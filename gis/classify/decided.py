"""What did planners settle, and does it still rest on what the sources say?

A decision is stale when tags or signs have another digest than it was taken on, or when a matched
source says something else than it did then. Older decisions kept the digest alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from gis.sources.basis import changes, in_words, statements
from gis.sources.packing import packed
from gis.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

COLUMNS: Final = (
    "decided_class",
    "decided_on",
    "decided_reason",
    "decided_stale",
    "changes_sv",
    "changes_en",
)
_FLAGS: Final = ("decided_reason", "decided_stale")


def decided_facts(segments: gpd.GeoDataFrame, decisions: pd.DataFrame | None) -> pd.DataFrame:
    """Lay out what was decided of each segment.

    Parameters
    ----------
    segments
        Of the network, with tags, signs, what matched sources say and ``basis_hash``.
    decisions
        ``segment_id``, ``path_class`` and, where known, ``decided_at``, ``reason``,
        ``basis_hash`` and ``said``; the last row of a segment holds.

    Returns
    -------
    facts
        One row a segment, its index: ``decided_class``, ``decided_on`` (day), ``decided_reason``
        (true where the planner said why), ``decided_stale``, ``changes_sv`` and ``changes_en``
        (in words, null where nothing changed or where it was not kept what was said then).
    """
    size = len(segments)
    told = {
        name: np.zeros(size, dtype=bool) if name in _FLAGS else np.full(size, None, dtype=object)
        for name in COLUMNS
    }
    if decisions is not None and len(decisions):
        _fill(told, segments, decisions.drop_duplicates("segment_id", keep="last"))
    return pd.DataFrame(told, index=segments.index)


def _fill(told: dict[str, Any], segments: gpd.GeoDataFrame, decisions: pd.DataFrame) -> None:
    """Write what was decided into columns, at the rows of its segments."""
    taken = decisions.set_index("segment_id")
    rows = np.flatnonzero(segments["segment_id"].isin(taken.index).to_numpy(dtype=bool))
    theirs = taken.reindex(segments["segment_id"].iloc[rows])
    some = segments.iloc[rows]
    told["decided_class"][rows] = theirs["path_class"].to_numpy(dtype=object)
    if "decided_at" in theirs.columns:
        days = pd.to_datetime(theirs["decided_at"], utc=True).dt.strftime("%Y-%m-%d")
        told["decided_on"][rows] = days.to_numpy(dtype=object)
    if "reason" in theirs.columns:
        told["decided_reason"][rows] = theirs["reason"].notna().to_numpy(dtype=bool)
    if "basis_hash" in theirs.columns and "basis_hash" in some.columns:
        then, now = theirs["basis_hash"].to_numpy(object), some["basis_hash"].to_numpy(object)
        told["decided_stale"][rows] = pd.notna(then) & pd.notna(now) & (then != now)
    if "said" in theirs.columns:
        _compare(told, rows, theirs["said"].tolist(), some)


def _compare(
    told: dict[str, Any], rows: np.ndarray[Any, Any], then: list[Any], segments: gpd.GeoDataFrame
) -> None:
    """Write what has changed since decisions were taken; a loop over decisions."""
    kept = [isinstance(one, dict) for one in then]
    now = statements(packed(segments))
    for row, before, after in zip(rows[kept], _true(then, kept), _true(now, kept), strict=True):
        found = changes(before, after)
        told["decided_stale"][row] = bool(found)
        for lang in LANGUAGES:
            told[f"changes_{lang}"][row] = in_words(found, lang) or None


def _true(values: list[Any], kept: list[bool]) -> list[Mapping[str, str]]:
    """Return the values that are kept."""
    return [value for value, keep in zip(values, kept, strict=True) if keep]
