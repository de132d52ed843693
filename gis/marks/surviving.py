"""Where does each mark and decision stand after the source was delivered again?

Ways are split, merged, renumbered and dropped at their source. A mark goes to the living successor
of its segment that its position lies on; a decision holds for every part its segment was split
into. What has no living successor is homeless: it keeps its segment's id and a planner is asked.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.marks.places import places

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from gis.marks.edits import Edits
    from gis.marks.places import Place
    from gis.store.base import Lineage

NEAR_M: Final = 20.0
"""How far from its position a mark may be given a new segment: a way moves by up to 15 m at its
source, and a position lies some metres beside the way; further off a planner is asked."""
_ON: Final = ("split", "merged", "moved")


def survive(
    observations: pd.DataFrame,
    lineage: Iterable[Lineage],
    segments: gpd.GeoDataFrame,
    epsg: int,
) -> pd.DataFrame:
    """Give each mark the living segment that it stands at now.

    Parameters
    ----------
    observations
        Frame of ``gis.marks``.
    lineage
        What became of segments, of all deliveries.
    segments
        The living network.
    epsg
        Its working CRS.

    Returns
    -------
    observations
        With `segment_id` where it stands now; `sent_segment_id` stays. A mark with no living
        successor near its position keeps the id of the segment that is gone.
    """
    after = successors(lineage)
    told = observations["segment_id"].isin(after) & observations["kind"].ne("split")
    if not told.any():
        return observations
    lines = dict(zip(segments["segment_id"], segments.geometry, strict=True))
    homes = observations["segment_id"].to_numpy(dtype=object).copy()
    rows = told.to_numpy().nonzero()[0].tolist()
    # A loop over the marks whose segment did not simply go on.
    for row, place in zip(rows, places(observations[told], epsg), strict=True):
        able = {one: lines[one] for one in _heirs(homes[row], after) if one in lines}
        homes[row] = _home(homes[row], able, place)
    return observations.assign(segment_id=pd.Series(homes, observations.index, dtype="str"))


def heirs(segment_ids: Iterable[str], lineage: Iterable[Lineage]) -> set[str]:
    """Collect all that came of those segments that did not simply go on, themselves included."""
    after = successors(lineage)
    return {heir for one in set(segment_ids) & set(after) for heir in _heirs(one, after)}


def inherit(
    decisions: pd.DataFrame, lineage: Iterable[Lineage], living: Collection[str]
) -> pd.DataFrame:
    """Let a decision hold for every part that its segment was split into.

    Parameters
    ----------
    decisions
        Frame of ``gis.marks``.
    lineage
        What became of segments, of all deliveries.
    living
        Ids of the network.

    Returns
    -------
    decisions
        With a row more for each living part that has no decision of its own.
    """
    after = successors(one for one in lineage if one.relation == "split")
    decided = set(decisions["segment_id"])
    known = set(living)
    parts = [
        (row, part)
        for row, segment_id in decisions["segment_id"].items()
        for part in sorted(_heirs(segment_id, after) & known - decided)
    ]
    if not parts:
        return decisions
    more = decisions.loc[[row for row, _ in parts]].assign(segment_id=[part for _, part in parts])
    more = more.drop_duplicates("segment_id", keep="last")
    return pd.concat([decisions, more], ignore_index=True)


def successors(lineage: Iterable[Lineage]) -> dict[str, list[str]]:
    """List the segments that each segment went on as, itself left out."""
    after = defaultdict(list)
    for one in lineage:
        if one.relation in _ON and one.new_id and one.new_id != one.old_id:
            after[one.old_id].append(one.new_id)
    return after


def kin(segment_ids: Iterable[str], lineage: Iterable[Lineage], edits: Edits) -> set[str]:
    """Collect all segments that hang together with some: what is said of one may stand at another.

    Parameters
    ----------
    segment_ids
        Any; themselves among the answer.
    lineage
        What became of segments at their sources, of all deliveries.
    edits
        What people did to lines.
    """
    beside: dict[str, set[str]] = defaultdict(set)
    for old, went_on_as in successors(lineage).items():
        for new in went_on_as:
            beside[old].add(new)
            beside[new].add(old)
    for family in edits.families.values():
        for one in family.ids:
            beside[one].update(family.ids)
    found, asked = set(segment_ids), sorted(segment_ids)
    while asked:
        more = beside.get(asked.pop(), set()) - found
        found |= more
        asked += sorted(more)
    return found


def _heirs(segment_id: str, after: Mapping[str, Collection[str]]) -> set[str]:
    """Collect a segment and all that came of it, over any number of deliveries."""
    found, asked = {segment_id}, [segment_id]
    while asked:
        new = set(after.get(asked.pop(), ())) - found
        found |= new
        asked += sorted(new)
    return found


def _home(segment_id: str, able: Mapping[str, BaseGeometry], place: Place) -> str:
    """Return the living successor that a position lies on, else the segment itself."""
    if not able or (place is None and segment_id in able):
        return segment_id
    if place is None:
        return max(able, key=lambda one: (able[one].length, one))
    nearest = min(able, key=lambda one: (able[one].distance(place), one != segment_id, one))
    return nearest if able[nearest].distance(place) <= NEAR_M else segment_id
