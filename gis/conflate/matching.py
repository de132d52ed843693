"""Which lines of a source are which segments?

By distance, direction and overlap along the line; by the order of parallel paths and the shift
that a source has around there. One line may be many segments and one segment many lines. All
lengths are metres in the working CRS; both layers must be in it. Nothing here knows what a class
is.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis import csvfile
from gis.conflate.rivals import rivals, settle
from gis.conflate.samples import STEP_M, beside, edges_of, samples_of
from gis.conflate.shift import shift_at
from gis.errors import LayerError
from gis.settings import data_dir

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from gis.conflate.samples import Near, Samples

    Floats = NDArray[np.float64]

# BikeDNA matches within 15 m and 30 degrees; NVDB's lines may be moved by 3–10 m.
WITHIN_M: Final = 15.0
ANGLE_DEG: Final = 30.0
# Half of a pair's worth is that it lies near, half that it is there at all: with a steeper fall the
# nearer of two parallel paths would swallow a line that is moved towards it.
FALL: Final = 0.5
# A pair that covers less than this of a long segment and of a long line is a crossing of ways.
LEAST_M: Final = 12.0
LEAST_SHARE: Final = 0.5
# How far a segment may run past the end of a line and still lie beside it.
PAST_M: Final = 2.0
COLUMNS: Final = (
    "segment_id",
    "source_id",
    "row",
    "share",
    "line_share",
    "distance_m",
    "angle_deg",
    "score",
    "second_segment_id",
    "second_score",
    "from_m",
    "to_m",
    "seg_from_m",
    "seg_to_m",
    "reversed",
)


def match(
    lines: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame,
    *,
    within_m: float = WITHIN_M,
    angle_deg: float = ANGLE_DEG,
) -> pd.DataFrame:
    """Match the lines of one source to segments.

    Parameters
    ----------
    lines
        LineStrings in the working CRS: ``source_id``, optionally ``kind``; a range index.
    segments
        LineStrings in the same CRS: ``segment_id``, optionally ``kind``.
    within_m
        How far a line may lie from its segment, above 0.
    angle_deg
        How much the directions may differ.

    Returns
    -------
    matches
        `COLUMNS`, ordered by segment and line, independent of the order of both layers: ``row``
        (of `lines`), ``share`` of the segment and ``line_share`` of the line that the pair covers,
        mean ``distance_m`` and ``angle_deg``, ``score`` in (0, 1], the best other segment for that
        stretch of the line with its score, where along the line (``from_m``, ``to_m``) and along
        the segment, and whether they are drawn in opposite directions.

    Raises
    ------
    LayerError
        If the two layers are not in one projected CRS.
    """
    if lines.crs != segments.crs or lines.crs is None or lines.crs.is_geographic:
        msg = "the lines and segments are not in one projected CRS; move both to the working CRS"
        raise LayerError(msg)
    one, two = _in_order(segments, "segment_id"), _in_order(lines, "source_id")
    if not len(one) or not len(two):
        return _finished(pd.DataFrame(), segments, lines)
    shapes = segments.geometry.to_numpy()[one], lines.geometry.to_numpy()[two]
    samples = samples_of(shapes[0])
    near = beside(samples, edges_of(shapes[1]), within_m=within_m, angle_deg=angle_deg)
    pairs = _pairs(near, samples, shapes) if len(near.sample) else pd.DataFrame()
    if pairs.empty:
        return _finished(pairs, segments, lines)
    fits = _fit(segments, lines, one[pairs["segment"]], two[pairs["line"]])
    pairs["score"] = _score(pairs, within_m) * fits
    pairs = pairs[pairs["score"].gt(0) & _long_enough(pairs)].reset_index(drop=True)
    chosen = _chosen(pairs)
    chosen["row"] = two[chosen["line"]]
    for name in ("segment", "second"):
        known = chosen[name].ge(0)
        chosen[name] = chosen[name].where(~known, one[chosen[name]])
    return _finished(chosen, segments, lines)


def _in_order(layer: gpd.GeoDataFrame, key: str) -> NDArray[np.intp]:
    """Order a layer by id and geometry, whatever the order of its rows."""
    ids = layer[key].to_numpy(dtype=object).astype("U")
    box = layer.geometry.bounds.to_numpy()
    return np.lexsort((*box.T[::-1], layer.geometry.length.to_numpy(), ids))


def _unshifted(near: Near, samples: Samples, on_line: Floats) -> tuple[Near, Floats, Floats]:
    """Take the source's shift off: what gap is left, and which samples lie past a line's end."""
    length = on_line[near.line]
    inside = (near.at_m >= 0) & (near.at_m <= length)
    shift = shift_at(near, samples, inside=inside)[near.sample]
    way = samples.way[near.sample]
    along = (way[:, 0] * shift[:, 0] + way[:, 1] * shift[:, 1]) * np.sign(near.cos)
    across = way[:, 0] * shift[:, 1] - way[:, 1] * shift[:, 0]
    at = near.at_m + along
    kept = np.flatnonzero((at >= -PAST_M) & (at <= length + PAST_M))
    gap = np.abs(near.offset_m - across)[kept]
    past = ((at < 0) | (at > length))[kept].astype(np.float64)
    return near.take(kept, np.clip(at, 0, length)), gap, past


def _pairs(
    near: Near, samples: Samples, shapes: tuple[NDArray[np.object_], NDArray[np.object_]]
) -> pd.DataFrame:
    """Sum samples up to pairs of a segment and a line."""
    near, gap, past = _unshifted(near, samples, np.asarray(shapely.length(shapes[1])))
    if not len(near.sample):
        return pd.DataFrame()
    first, size = near.first, np.diff(np.append(near.first, len(near.sample)))
    on = samples.along[near.sample]
    half = samples.stands_for[near.sample[first]] / 2
    mean = {
        "distance_m": near.distance_m,
        "gap_m": gap,
        "offset_m": near.offset_m,
        "acute": np.abs(near.cos),
        "cos": near.cos,
        "past": past,
    }
    pairs = pd.DataFrame(
        {
            "segment": near.segment[first],
            "line": near.line[first],
            "covered_m": size * 2 * half,
            "half_m": half,
            **{name: np.add.reduceat(values, first) / size for name, values in mean.items()},
            "from_m": np.minimum.reduceat(near.at_m, first),
            "to_m": np.maximum.reduceat(near.at_m, first),
            "seg_from_m": np.minimum.reduceat(on, first),
            "seg_to_m": np.maximum.reduceat(on, first),
        }
    )
    return _widened(pairs, shapes)


def _widened(
    pairs: pd.DataFrame, shapes: tuple[NDArray[np.object_], NDArray[np.object_]]
) -> pd.DataFrame:
    """Let stretches reach half a step beyond their outermost samples; measure shares."""
    on_segment = shapely.length(shapes[0])[pairs["segment"]]
    on_line = shapely.length(shapes[1])[pairs["line"]]
    half = pairs["half_m"]
    low, high = (pairs["from_m"] - half).clip(lower=0), np.minimum(pairs["to_m"] + half, on_line)
    return pairs.assign(
        from_m=low,
        to_m=high,
        seg_from_m=pairs["seg_from_m"] - half,
        seg_to_m=pairs["seg_to_m"] + half,
        share=(pairs["covered_m"] / on_segment).clip(upper=1),
        line_share=np.minimum((high - low) / on_line, 1),
        turned=pairs["cos"].lt(0),
        angle_deg=np.degrees(np.arccos(np.clip(pairs["acute"].to_numpy(), 0, 1))),
    )


def _score(pairs: pd.DataFrame, within_m: float) -> pd.Series[float]:
    """Say how well a pair fits, in (0, 1]: by the gap that the shift leaves, and by direction."""
    near: pd.Series[float] = 1 - FALL * (pairs["gap_m"] / within_m).clip(upper=1)
    return near * pairs["acute"] ** 2 * (1 - pairs["past"] / 2)


def _long_enough(pairs: pd.DataFrame) -> pd.Series[bool]:
    """Leave out pairs that touch only with their ends."""
    on_line: pd.Series[float] = pairs["to_m"] - pairs["from_m"] + STEP_M
    long: pd.Series[bool] = pairs["covered_m"].ge(LEAST_M) & on_line.ge(LEAST_M)
    return long | pairs["share"].ge(LEAST_SHARE) | pairs["line_share"].ge(LEAST_SHARE)


@cache
def _fits() -> dict[tuple[str, str], float]:
    """Read how well kinds of lines and segments go together."""
    table = csvfile.rows(data_dir() / "sources" / "match_kinds.csv")
    return {(r["line_kind"], r["segment_kind"]): csvfile.number(r["fit"]) for r in table}


def _fit(
    segments: gpd.GeoDataFrame,
    lines: gpd.GeoDataFrame,
    segment: NDArray[np.intp],
    line: NDArray[np.intp],
) -> Floats:
    """Return how well the kinds go together; 1 where a kind is not known."""
    if "kind" not in segments or "kind" not in lines:
        return np.ones(len(segment))
    table = pd.DataFrame(
        {"l": lines["kind"].to_numpy(object)[line], "s": segments["kind"].to_numpy(object)[segment]}
    )
    known = table.notna().all(axis=1)
    keys = pd.MultiIndex.from_frame(table)
    fits = pd.Series(_fits())
    found = fits.reindex(keys).fillna(0.0).to_numpy()
    return np.where(known, found, 1.0)


def _chosen(pairs: pd.DataFrame) -> pd.DataFrame:
    """Choose among rivals, and name for each pair that stands its best rival for the line."""
    weight = (pairs["covered_m"] * pairs["score"]).to_numpy()
    stands = settle(pairs, weight)
    one, two = rivals(pairs, same="line")
    score, segment = pairs["score"].to_numpy(), pairs["segment"].to_numpy()
    told = pd.DataFrame(
        {
            "pair": np.concatenate([one, two]),
            "second": segment[np.concatenate([two, one])],
            "second_score": score[np.concatenate([two, one])],
        }
    )
    order = ["pair", "second_score", "second"]
    best = told.sort_values(order, ascending=[True, False, True]).drop_duplicates("pair")
    best = best.set_index("pair").reindex(pairs.index)
    both = pairs.assign(
        second=best["second"].fillna(-1).astype(np.intp), second_score=best["second_score"]
    )
    return both[stands].reset_index(drop=True)


def _finished(
    chosen: pd.DataFrame, segments: gpd.GeoDataFrame, lines: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Name segments and lines, and lay the columns out."""
    if chosen.empty:
        empty = {name: "str" if name.endswith("_id") else "float64" for name in COLUMNS}
        frame = pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in empty.items()})
        return frame.astype({"row": "int64", "reversed": "bool"})
    ids = segments["segment_id"].to_numpy(dtype=object)
    second = pd.Series(ids[chosen["second"]]).where(chosen["second"].ge(0).to_numpy(), None)
    told = chosen.assign(
        segment_id=ids[chosen["segment"]],
        source_id=lines["source_id"].to_numpy(dtype=object)[chosen["row"]],
        second_segment_id=second.to_numpy(),
        reversed=chosen["turned"],
    )
    order = ["segment_id", "seg_from_m", "source_id", "from_m"]
    laid = told.sort_values(order, ignore_index=True)[list(COLUMNS)]
    texts = dict.fromkeys(("segment_id", "source_id", "second_segment_id"), "str")
    return laid.astype({**texts, "row": "int64"})
