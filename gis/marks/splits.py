"""Which segments did people draw and cut, and where does each mark belong since?

A drawn path and a cut are operations like any other: they stand until they are taken back. The
network honours them at once around the segment and anew in every update; marks move to the part
that their position lies on, and back when the parts are joined again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis import crs, layers
from gis.marks.drawn import drawn_by, with_drawn
from gis.marks.drawn import rows as drawn_rows
from gis.marks.places import places
from gis.marks.receive import undone_by
from gis.marks.shape import is_place
from gis.network.splits import Cut, cut, join
from gis.store.base import Lineage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd

    from gis.marks.drawn import Drawn
    from gis.store import Revision, Store

STANDING: Final = ("applied", "conflict")
KEY: Final = ("source_id", "side", "side_tag")


@dataclass(frozen=True, kw_only=True)
class Splits:
    """Every cut and every path ever said, in order; `standing` are those not taken back."""

    cuts: tuple[Cut, ...]
    standing: frozenset[str]
    drawn: tuple[Drawn, ...] = ()

    @cached_property
    def roots(self) -> dict[str, str]:
        """The segment that each part was once cut from."""
        parents = {one.child_id: one.segment_id for one in self.cuts}

        def whole(one: str) -> str:
            while one in parents:
                one = parents[one]
            return one

        return {part: whole(part) for part in parents}

    @cached_property
    def by_root(self) -> dict[str, list[Cut]]:
        """The cuts of each segment and of all parts ever cut from it, in order."""
        held: dict[str, list[Cut]] = {}
        for one in self.cuts:
            held.setdefault(self.root(one.segment_id), []).append(one)
        return held

    def root(self, segment_id: str) -> str:
        """Return the segment that a part was once cut from."""
        return self.roots.get(segment_id, segment_id)

    def family(self, root: str) -> list[str]:
        """Return a segment's id and those of all parts ever cut from it."""
        return [root, *(one.child_id for one in self.by_root.get(root, ()))]

    def touch(self, segment_ids: Iterable[str]) -> bool:
        """Tell whether any of the segments was ever drawn or cut, or is a part of one that was."""
        roots = self.by_root.keys() | {one.segment_id for one in self.drawn}
        return not roots.isdisjoint(map(self.root, segment_ids))

    def of(self, root: str) -> list[Cut]:
        """Return the cuts of a segment that stand, as cuts of the whole."""
        return [one for one in self.by_root.get(root, ()) if one.op_id in self.standing]

    def paths(self) -> list[Drawn]:
        """Return the drawn paths that stand."""
        return [one for one in self.drawn if one.op_id in self.standing]


def read_splits(store: Store, epsg: int) -> Splits:
    """Read the cuts and the drawn paths out of the history.

    Parameters
    ----------
    store
        The public store.
    epsg
        Its working CRS.
    """
    revisions = [r for r in store.revisions("observation") if r.body["result"] in STANDING]
    undone = {undone_by(r.body) for r in revisions if r.body["kind"] == "undo"}
    said = [(r, point) for r in revisions if r.body["kind"] == "split" and (point := _point(r))]
    east, north = crs.project(
        [p[0] for _, p in said], [p[1] for _, p in said], source=crs.WGS84, target=epsg
    )
    cuts = tuple(
        Cut(op_id=str(r.op_id), segment_id=r.entity_id, point=shapely.Point(x, y), at=r.at)
        for (r, _), x, y in zip(said, east, north, strict=True)
    )
    drawn = tuple(drawn_by(revisions, epsg))
    said_ids = frozenset([*(one.op_id for one in cuts), *(one.op_id for one in drawn)])
    return Splits(cuts=cuts, standing=said_ids - undone, drawn=drawn)


def settle_splits(store: Store, segment_ids: Sequence[str], splits: Splits) -> list[str]:
    """Bring the stored network in line with the drawn paths and the cuts of changed segments.

    Parameters
    ----------
    store
        The public store, updated at least once.
    segment_ids
        Segments that a person just changed.
    splits
        From `read_splits`.

    Returns
    -------
    segment_ids
        The same, and the parts that came or stayed.
    """
    touched = {splits.root(one) for one in segment_ids}
    _settle_drawn(store, touched, splits)
    roots = sorted(touched & splits.by_root.keys())
    more = [name for root in roots for name in _settle_one(store, root, splits)]
    return sorted({*segment_ids, *more})


def _settle_drawn(store: Store, touched: set[str], splits: Splits) -> None:
    """Put paths that were just drawn into the stored network; take out what was taken back."""
    told = [one for one in splits.drawn if one.segment_id in touched]
    if not told:
        return
    ids = [name for one in told for name in splits.family(one.segment_id)]
    held = set(store.layer("network", ids=ids)["segment_id"])
    standing = [one for one in told if one.op_id in splits.standing]
    fresh = [one for one in standing if held.isdisjoint(splits.family(one.segment_id))]
    if fresh:
        store.update_layers({"network": drawn_rows(_around(store, fresh), fresh)})
    kept = {name for one in standing for name in splits.family(one.segment_id)}
    _retire(store, {}, sorted(held - kept))


def _around(store: Store, drawn: Sequence[Drawn]) -> gpd.GeoDataFrame:
    """Read the network that drawn paths meet; one row of it where they meet none."""
    west, south, east, north = shapely.total_bounds([one.line for one in drawn]).tolist()
    near = store.layer("network", bbox=(west - 1, south - 1, east + 1, north + 1))
    return near if len(near) else store.layer("network", limit=1)


def _settle_one(store: Store, root: str, splits: Splits) -> list[str]:
    """Cut or join one segment in the store; return the ids of its parts."""
    before = store.layer("network", ids=splits.family(root))
    whole = None if before.empty else join(before, root)
    if whole is None:
        return []
    after = cut(whole, splits.of(root), splits.family(root))
    gone = sorted(set(before["segment_id"]) - set(after["segment_id"]))
    came = sorted(set(after["segment_id"]) - set(before["segment_id"]))
    if gone or came:
        _retire(store, {"network": after}, gone)
        store.keep_lineage(_lineage(root, came, gone, store.deliveries()[-1].delivery_id))
    return list(after["segment_id"])


def _retire(store: Store, changed: dict[str, gpd.GeoDataFrame], gone: list[str]) -> None:
    """Write what changed; segments that are gone stay as retired, without findings."""
    retired = store.layer("segments", ids=gone)
    if gone and len(retired):
        now = pd.Timestamp(datetime.now(UTC)).floor("ms")
        told = retired.assign(status="retired", valid_to=now)
        changed["segments"] = layers.conform(told, "segments")
    findings = store.layer("findings", where={"segment_id": gone}) if gone else None
    asked = [] if findings is None else list(findings["finding_id"])
    store.update_layers(changed, removed={"network": gone, "findings": asked})


def _lineage(root: str, came: list[str], gone: list[str], delivery_id: str) -> list[Lineage]:
    """Say what came of a segment and what went back into it."""
    return [
        Lineage(old_id=root, new_id=one, relation="split", delivery_id=delivery_id) for one in came
    ] + [
        Lineage(old_id=one, new_id=root, relation="merged", delivery_id=delivery_id) for one in gone
    ]


def apply_splits(store: Store, segments: gpd.GeoDataFrame, splits: Splits) -> gpd.GeoDataFrame:
    """Add to a newly built network what people drew, and cut it as they said.

    Parameters
    ----------
    store
        With the network of the last update, if there was one: a segment may have got another id
        at its source since.
    segments
        Newly built, before they get their lasting ids.
    splits
        From `read_splits`.
    """
    made = with_drawn(segments, splits.paths())
    for root in sorted(splits.by_root):
        cuts = splits.of(root)
        if cuts:
            names = {root, *_same_source(store, made, splits.family(root))}
            made = cut(made, cuts, names | {one.child_id for one in cuts})
    return made


def _same_source(store: Store, built: gpd.GeoDataFrame, family: list[str]) -> list[str]:
    """Return the new ids of what has the source and side that a family had."""
    if "network" not in store.layer_names():
        return []
    old = store.layer("network", ids=family)
    if old.empty:
        return []
    keys = list(KEY)
    same = built[keys].fillna("").eq(old[keys].fillna("").iloc[0]).all(axis=1)
    return list(built.loc[same, "segment_id"])


def homed(
    observations: pd.DataFrame, segments: gpd.GeoDataFrame, splits: Splits, epsg: int
) -> pd.DataFrame:
    """Give each mark the part of its segment that its position lies on.

    Parameters
    ----------
    observations
        Frame of ``gis.marks``.
    segments
        Of the network as it is now, or the part of it that is looked at.
    splits
        From `read_splits`.
    epsg
        The CRS of the segments.

    Returns
    -------
    observations
        With `segment_id` where it stands now; `sent_segment_id` stays.
    """
    if not splits.cuts:
        return observations
    parts = {root: splits.family(root) for root in splits.by_root}
    roots = observations["segment_id"].map(splits.root)
    theirs = roots.isin(parts) & observations["kind"].ne("split")
    living = segments[segments["segment_id"].isin([n for names in parts.values() for n in names])]
    points = places(observations[theirs], epsg)
    homes = observations["segment_id"].copy()
    told = zip(points, roots[theirs], homes[theirs], strict=True)
    # A loop over the few marks of segments that were cut.
    homes[theirs] = [_home(living, parts[root], point, sent) for point, root, sent in told]
    return observations.assign(segment_id=homes)


def _home(
    living: gpd.GeoDataFrame, names: list[str], point: shapely.Point | None, sent: str
) -> str:
    """Return the nearest living part; without a position the one it was sent for, or the whole."""
    able = living[living["segment_id"].isin(names)]
    if able.empty or (point is None and sent in set(able["segment_id"])):
        return sent
    if point is None:
        return names[0]
    nearest = int(np.argmin(able.distance(point).to_numpy()))
    return str(able["segment_id"].iloc[nearest])


def _point(revision: Revision) -> tuple[float, float] | None:
    """Return where a cut was said to be: the point that was shown, else the position."""
    told = (revision.body.get("fields") or {}).get("point") or revision.body.get("fix") or {}
    return (float(told["lon"]), float(told["lat"])) if is_place(told) else None
