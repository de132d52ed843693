"""What does a check get, and what does it give back?

A check is a module named ``<id>_<slug>.py`` with ``CHECK_ID``, ``QUESTION``, ``SOURCE``,
``REACH_M`` (how far it looks around a segment, in metres; infinite where only the whole net
tells), ``ROW_LOCAL`` (true when one row of facts and its class suffice, so that ``gcvag decide``
asks it too) and ``flag(layers) -> hits``. It reads no file, imports no other check and changes
nothing.

Hits are a frame with ``row`` (position in ``layers.segments``), ``segment_id`` and the
placeholders of the message; optional are ``subject`` (tells two findings at one segment apart),
``place`` (geometry of the finding) and ``other`` (true where the table's other grade and message
apply).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

PATH_HIGHWAYS: Final = (
    "cycleway",
    "footway",
    "path",
    "pedestrian",
    "steps",
    "track",
    "bridleway",
)
COMBINED: Final = ("gc_gemensam", "gc_atskild")
CYCLE_PATHS: Final = ("cykelbana", *COMBINED)
# Classes on which TF 3:6 or a plate lets a cyclist ride.
CYCLING: Final = (
    *CYCLE_PATHS,
    "gangbana_cykling_tillaten",
    "cykelfalt",
    "cykelgata",
    "gagata",
    "gangfartsomrade",
    "cykelpassage",
    "cykeloverfart",
)
FOOT_ONLY: Final = ("gangbana", "overgangsstalle", "trappa")
# Loose surfaces: a way that has one is a trail, and no sign is expected on it.
TRAIL_SURFACES: Final = (
    "ground",
    "dirt",
    "earth",
    "grass",
    "mud",
    "sand",
    "rock",
    "woodchips",
    "unpaved",
)
TRAIL_TAGS: Final = ("mtb:scale", "sac_scale", "trail_visibility", "informal")


def _nothing() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"geometry": gpd.GeoSeries([])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Everything a check may look at, in the working CRS; any layer may be empty.

    ``segments`` are the network's, joined with facts and classification; ``signs`` are placed.
    ``bbox`` is the area's box (west, south, east, north) in WGS84; None asks nothing about it.
    """

    segments: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame = field(default_factory=_nothing)
    crossings: gpd.GeoDataFrame = field(default_factory=_nothing)
    signs: gpd.GeoDataFrame = field(default_factory=_nothing)
    barriers: gpd.GeoDataFrame = field(default_factory=_nothing)
    areas: gpd.GeoDataFrame = field(default_factory=_nothing)
    places: gpd.GeoDataFrame = field(default_factory=_nothing)
    routes: pd.DataFrame = field(default_factory=pd.DataFrame)
    homeless: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Marks and decisions whose segment is gone: ``segment_id``, ``record_id``, ``place``."""
    bbox: tuple[float, float, float, float] | None = None
    lengths_before: Mapping[str, float] | None = None
    """Metres of each class before the delivery that is brought in; None asks nothing of them."""
    made: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What several checks need of these layers, computed once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question: where it comes from, how far it looks, and the function that asks it."""

    check_id: str
    question: str
    source: str
    reach_m: float
    row_local: bool
    flag: Callable[[Layers], pd.DataFrame]


def col(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column, or nulls where the layer lacks it."""
    if name in frame.columns:
        return frame[name]
    return pd.Series(None, index=frame.index, dtype=object)


def has(frame: pd.DataFrame, *names: str) -> pd.Series:
    """Tell which rows have a value in any of the columns."""
    found = pd.Series(data=False, index=frame.index)
    for name in names:
        found |= col(frame, name).notna()
    return found


def among(frame: pd.DataFrame, name: str, values: Sequence[str]) -> pd.Series:
    """Tell which rows hold one of the values; null is none of them."""
    return col(frame, name).isin(values)


def truth(frame: pd.DataFrame, name: str) -> pd.Series:
    """Read a yes-or-no column; null is no."""
    return col(frame, name).eq(other=True)


def listed(frame: pd.DataFrame, name: str, values: Sequence[str]) -> pd.Series:
    """Tell which rows' lists hold one of the values."""
    lists = col(frame, name)
    inside = lists.explode().isin(values)
    return inside.groupby(level=0).any().reindex(frame.index, fill_value=False)


def filled(frame: pd.DataFrame, name: str) -> pd.Series:
    """Tell which rows' lists hold anything."""
    return col(frame, name).str.len().gt(0)


def own_line(frame: pd.DataFrame) -> pd.Series:
    """Tell which segments are mapped as lines of their own, not as a side of a street."""
    return ~among(frame, "side", ("left", "right")) & among(frame, "highway", PATH_HIGHWAYS)


def path_way(frame: pd.DataFrame) -> pd.Series:
    """Tell which segments are path ways of their own: no crossing, no edge of an area."""
    other = among(frame, "kind", ("crossing", "street", "lane")) | among(frame, "area", ("yes",))
    return own_line(frame) & ~other


def signed(frame: pd.DataFrame) -> pd.Series:
    """Tell for which rows a sign's class is known at either end, or known to be absent."""
    named = has(frame, "sign_class", "sign_class_end", "observed_class", "decided_class")
    return named | among(frame, "traffic_sign", ("none", "no"))


def trail(frame: pd.DataFrame) -> pd.Series:
    """Tell which rows are trails by surface or by a tag that only trails carry."""
    return among(frame, "surface", TRAIL_SURFACES) | has(frame, *TRAIL_TAGS)


def tags(frame: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """Write the rows' tags as people write them: ``highway=footway, bicycle=yes``."""
    parts = [
        (key + "=" + col(frame, key).astype("str")).where(col(frame, key).notna(), "")
        for key in keys
    ]
    text = pd.Series("", index=frame.index, dtype="str")
    for part in parts:
        text = text + np.where(text.ne("") & part.ne(""), ", ", "") + part
    return text


def hits(frame: pd.DataFrame, mask: pd.Series, keys: Sequence[str] = ()) -> pd.DataFrame:
    """Turn a mask over segments into hits, with their tags written out.

    Parameters
    ----------
    frame
        Segments, joined with facts and class.
    mask
        Which of them to flag; null is no.
    keys
        Tags that the message shows as ``{tags}``.

    Returns
    -------
    hits
        ``row``, ``segment_id`` and, where keys are given, ``tags``.
    """
    rows = np.flatnonzero(mask.fillna(value=False).to_numpy(dtype=bool))
    out = hits_at(frame, rows)
    if keys and len(rows) == 0:
        out["tags"] = pd.Series([], dtype="str")
    elif keys:
        named = [key for key in keys if key in frame.columns]
        out["tags"] = tags(pd.DataFrame(frame)[named].iloc[rows], keys).to_numpy()
    return out


def hits_at(frame: pd.DataFrame, rows: NDArray[np.intp], **columns: object) -> pd.DataFrame:
    """Turn positions in the segments into hits, with their placeholders beside them."""
    found = {"row": rows, "segment_id": frame["segment_id"].to_numpy()[rows], **columns}
    return pd.DataFrame(found)
