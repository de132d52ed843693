"""Which segment of the last import is this one?

Ids, and everything that people hung on them, stay with the ground they stood for: first the same
id on the same ground, then the same source and side with the largest overlap, then, for ways that
got another number at the source, the ground alone. Pure and deterministic; no id is given twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.network.ids import mint

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from pandas.api.extensions import ExtensionArray

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

# All figures are proposed by this project, near those of the matching literature.
# The same ground: survey and editing noise.
SAME_M: Final = 0.5
# Side by side within half the width of a path and its noise.
CLOSE_M: Final = 3.0
# A way moved at its source by less is the same; the buffer of BikeDNA's matching.
MOVED_M: Final = 15.0
# The share of a line that must run along the other; also how far a line may move, by its length.
PART: Final = 0.5
# Rank of a pair that is related and no more.
RELATED: Final = 3
UNRELATED: Final = -1
NOBODY: Final = -1
KEYS: Final = ("segment_id", "source_id", "side", "side_tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """New segments with their lasting ids, and how new and old ones belong together.

    ``lineage`` has ``segment_id`` (null when retired), ``previous_id`` (null when new) and
    ``relation``: kept, moved (the ground changed), split (a part of an older one), merged (an
    older one went into it), retired, new. Every new and every old id stands there at least once.
    """

    segments: gpd.GeoDataFrame
    lineage: pd.DataFrame


def keep_ids(new: gpd.GeoDataFrame, old: gpd.GeoDataFrame) -> Kept:
    """Give new segments the ids of the old ones they continue.

    Parameters
    ----------
    new
        Segments with freshly minted ids, in the working CRS.
    old
        Segments of the last import in the same CRS; may be empty.

    Returns
    -------
    kept
        `new` with ids kept, rows in the same order, and the lineage.
    """
    new_keys, old_keys = _keys(new), _keys(old)
    same = _unchanged(new_keys, old_keys)
    pairs = _related(new_keys, old_keys, same)
    chosen = pd.concat([same, _choose(pairs, new_keys, old_keys)], ignore_index=True)
    ids = _ids(new_keys, old_keys, chosen)
    lineage = _lineage(ids, old_keys["segment_id"], chosen, pairs)
    return Kept(segments=new.assign(segment_id=ids.array), lineage=lineage)


def _keys(segments: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what segments are compared by."""
    frame = pd.DataFrame({key: segments[key].fillna("").to_numpy() for key in KEYS}, dtype="str")
    return frame.assign(geometry=segments.geometry.to_numpy())


def _apart(new: pd.DataFrame, old: pd.DataFrame, pairs: pd.DataFrame) -> Floats:
    """Return the Hausdorff distance of each pair, metres."""
    one = new["geometry"].to_numpy()[pairs["new"]]
    distance: Floats = shapely.hausdorff_distance(one, old["geometry"].to_numpy()[pairs["old"]])
    return distance


def _unchanged(new: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """Pair segments with the same id on the same ground: ``new``, ``old`` (rows), ``apart``."""
    left = pd.DataFrame({"segment_id": new["segment_id"], "new": np.arange(len(new))})
    right = pd.DataFrame({"segment_id": old["segment_id"], "old": np.arange(len(old))})
    pairs = left.merge(right, on="segment_id")[["new", "old"]]
    pairs["apart"] = _apart(new, old, pairs)
    return pairs[pairs["apart"] <= SAME_M].reset_index(drop=True)


def _related(new: pd.DataFrame, old: pd.DataFrame, same: pd.DataFrame) -> pd.DataFrame:
    """Pair the other segments that share ground, with what they share.

    Gives ``new``, ``old``, ``shared`` (metres side by side), ``apart``, ``inside`` (most of the
    new one lies on the old), ``into`` (most of the old one is shared), ``rank`` (0 the same source
    side by side, 1 the same ground under another source id, 2 the same source moved, 3 related,
    but too little for the id).
    """
    pairs = _near(new, old, same)
    one, two = new["geometry"].to_numpy()[pairs["new"]], old["geometry"].to_numpy()[pairs["old"]]
    strip = shapely.buffer(two, CLOSE_M, cap_style="flat")
    pairs["shared"] = shapely.length(shapely.intersection(one, strip))
    pairs["apart"] = _apart(new, old, pairs)
    pairs["inside"] = pairs["shared"] >= PART * shapely.length(one)
    pairs["into"] = pairs["shared"] >= PART * shapely.length(two)
    lengths = np.sort(np.column_stack((shapely.length(one), shapely.length(two))), axis=1)
    shorter, longer = lengths[:, 0], lengths[:, 1]
    along = (pairs["shared"] >= PART * shorter).to_numpy()
    own = _equal(new, old, pairs, "source_id")
    near_m = np.clip(PART * shorter, CLOSE_M, MOVED_M)
    ground = (pairs["shared"] >= PART * longer) & (pairs["apart"] <= PART * longer)
    moved = own & _equal(new, old, pairs, "side") & (pairs["apart"] <= near_m)
    pairs["rank"] = np.select(
        [own & along, along & ground, moved, along], [0, 1, 2, 3], default=UNRELATED
    )
    return pairs[pairs["rank"] > UNRELATED].reset_index(drop=True)


def _near(new: pd.DataFrame, old: pd.DataFrame, same: pd.DataFrame) -> pd.DataFrame:
    """Pair what is left and lies close enough, sides with sides of the same tag only."""
    rest_new = np.setdiff1d(np.arange(len(new)), same["new"])
    rest_old = np.setdiff1d(np.arange(len(old)), same["old"])
    tree = shapely.STRtree(old["geometry"].to_numpy()[rest_old])
    shapes = new["geometry"].to_numpy()[rest_new]
    found = tree.query(shapes, predicate="dwithin", distance=MOVED_M)
    pairs = pd.DataFrame({"new": rest_new[found[0]], "old": rest_old[found[1]]})
    one, two = new["geometry"].to_numpy()[pairs["new"]], old["geometry"].to_numpy()[pairs["old"]]
    close = shapely.dwithin(one, two, CLOSE_M) | _equal(new, old, pairs, "source_id")
    return pairs[close & _equal(new, old, pairs, "side_tag")].reset_index(drop=True)


def _equal(new: pd.DataFrame, old: pd.DataFrame, pairs: pd.DataFrame, key: str) -> Flags:
    """Tell which pairs agree in a column."""
    one, two = new[key].to_numpy(dtype=object), old[key].to_numpy(dtype=object)
    return np.asarray(one[pairs["new"]] == two[pairs["old"]], dtype=bool)


def _choose(pairs: pd.DataFrame, new: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """Choose who goes on as whom: best rank first, then most shared ground, one to one."""
    ids = [new["segment_id"].to_numpy(dtype=object), old["segment_id"].to_numpy(dtype=object)]
    able = pairs[pairs["rank"] < RELATED]
    names = able.assign(
        metres=-able["shared"].round(3), to=ids[0][able["new"]], of=ids[1][able["old"]]
    )
    best = names.sort_values(["rank", "metres", "to", "of"])
    new_taken, old_taken, rows = set(), set(), []
    # A loop over candidates: each choice depends on the ones before.
    for row, one, two in zip(best.index, best["new"].tolist(), best["old"].tolist(), strict=True):
        if one not in new_taken and two not in old_taken:
            new_taken.add(one)
            old_taken.add(two)
            rows.append(row)
    return pairs.loc[rows, ["new", "old", "apart"]]


def _ids(new: pd.DataFrame, old: pd.DataFrame, chosen: pd.DataFrame) -> pd.Series[str]:
    """Return the lasting id of each new segment; a fresh id that is taken is minted again."""
    ids = new["segment_id"].to_numpy(dtype=object).copy()
    given = old["segment_id"].to_numpy(dtype=object)
    ids[chosen["new"]] = given[chosen["old"]]
    used = set(given.tolist())
    fresh = np.setdiff1d(np.arange(len(new)), chosen["new"])
    # A loop over the few fresh segments whose id once was another's.
    for row in fresh[np.isin(ids[fresh], given)].tolist():
        ids[row] = _free(str(ids[row]), used | set(ids.tolist()))
    return pd.Series(ids, dtype="str")


def _free(taken: str, used: set[str]) -> str:
    """Mint an id from a taken one that nobody has."""
    number = 1
    while (free := mint("s", taken, str(number))) in used:
        number += 1
    return free


def _lineage(
    ids: pd.Series[str], old_ids: pd.Series[str], chosen: pd.DataFrame, pairs: pd.DataFrame
) -> pd.DataFrame:
    """Say of every new and every old segment what became of it."""
    going_on = chosen.assign(relation=np.where(chosen["apart"] <= CLOSE_M, "kept", "moved"))
    others = pairs.merge(chosen[["new", "old"]], how="left", indicator=True)
    others = others[others["_merge"].eq("left_only")]
    split = others[~others["new"].isin(chosen["new"]) & others["inside"]].assign(relation="split")
    goes_on = others["new"].isin(chosen["new"]) & others["into"]
    merged = others[~others["old"].isin(chosen["old"]) & goes_on].assign(relation="merged")
    going_on.loc[going_on["old"].isin(split["old"]), "relation"] = "split"
    going_on.loc[going_on["new"].isin(merged["new"]), "relation"] = "merged"
    linked = pd.concat([going_on, split, merged])[["new", "old", "relation"]]
    lone_new = np.setdiff1d(np.arange(len(ids)), linked["new"])
    lone_old = np.setdiff1d(np.arange(len(old_ids)), linked["old"])
    rows = pd.concat(
        [
            linked,
            pd.DataFrame({"new": lone_new, "old": NOBODY, "relation": "new"}),
            pd.DataFrame({"new": NOBODY, "old": lone_old, "relation": "retired"}),
        ]
    )
    frame = pd.DataFrame(
        {
            "segment_id": _named(ids, rows["new"]),
            "previous_id": _named(old_ids, rows["old"]),
            "relation": rows["relation"].astype("str").array,
        }
    )
    return frame.sort_values(["previous_id", "segment_id"], ignore_index=True)


def _named(ids: pd.Series[str], rows: pd.Series[int]) -> ExtensionArray:
    """Return the ids at these rows, null for nobody."""
    return ids.array.take(rows.to_numpy(dtype=np.int64), allow_fill=True)
