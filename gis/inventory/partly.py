"""What of an inventory follows anew from an import that changed a part of its network?

The network is built as a whole and compared with the stored one, row by row. Where rows differ,
and as far as checks reach from there, classes, findings and status are derived anew, as a refresh
does; checks without a bounded reach are asked of the whole. All else stands as it is, so that the
result is that of a whole update. All layers are in the working CRS.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis import checks, layers, status
from gis.inventory import partitions, publish
from gis.inventory.around import WORKING
from gis.inventory.derive import Inventory, LocalFindings, classified, derive, layers_of
from gis.inventory.differing import Change, differing, same_kinds
from gis.inventory.orphans import ASKED as ORPHAN
from gis.inventory.said import with_classes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from gis.areas import Area
    from gis.inventory.derive import Seen
    from gis.network import Network
    from gis.store import Store

MOST: Final = 0.3
"""Of a larger share of the segments the whole is computed: it is written faster at once."""
_OUTWARDS: Final = np.array([-1.0, -1.0, 1.0, 1.0])
_PUBLIC: Final = {
    "streets": "network_streets",
    "crossings": "network_crossings",
    "signs": "network_signs",
    "places": "network_places",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What an update knows before it derives: the network, and what people said and asked of it.

    `shown` and `retired` are rows of the layer ``segments``: as last written, and what is gone.
    """

    built: Network
    seen: Seen
    area: Area
    shown: gpd.GeoDataFrame
    retired: gpd.GeoDataFrame
    orphans: gpd.GeoDataFrame
    delivered: gpd.GeoDataFrame
    observations: gpd.GeoDataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Partly:
    """What must be written, and of how many segments it was computed."""

    changes: dict[str, Change]
    recomputed: int


def partly(store: Store, now: Now, step: Callable[[str], None]) -> Partly | None:
    """Derive what differs from what a store holds; None where the whole is to be derived.

    Parameters
    ----------
    store
        The public store, its layers written by the same engine, tables and settings.
    now
        What stands now.
    step
        Told the name of each step as it begins.
    """
    changes = _network_changes(store, now)
    if changes is None:
        return None
    touched = _touched(store, now, changes)
    if touched.mean() > MOST:
        return None
    step("classify")
    far = _far(now, touched)
    stored = _stored(store, "check_id", [*partitions.FAR, ORPHAN])
    apart = differing(layers.conform(far, "findings"), _of(stored, partitions.FAR), "finding_id")
    ids = now.built.segments["segment_id"]
    moved = [*apart.rows["segment_id"], *_told_of(stored, apart.gone)]
    touched |= ids.isin(moved).to_numpy()
    found = _derived(now, touched, far)
    before = pd.concat(
        [stored, _stored(store, "segment_id", [*ids[touched], *changes["network"].gone])]
    ).drop_duplicates("finding_id")
    rest = far[~far["segment_id"].isin(found.segments["segment_id"])]
    every = pd.concat([found.findings, rest, now.orphans], ignore_index=True)
    asked = layers.conform(gpd.GeoDataFrame(every, crs=now.area.crs), "findings")
    living = publish.public_segments(found, now.seen, now.area)
    changes |= {
        "segments": _segments(now, living),
        "findings": differing(asked, gpd.GeoDataFrame(before, crs=now.area.crs), "finding_id"),
    }
    return Partly(changes=changes, recomputed=int(touched.sum()))


def _network_changes(store: Store, now: Now) -> dict[str, Change] | None:
    """Compare the working layers, and what stands beside them; None where a column is another."""
    beside = {"network_delivered": now.delivered, "observations": now.observations}
    made = publish.working(now.built)
    changes: dict[str, Change] = {}
    for name in (*made, *beside):
        new, old = made[name]() if name in made else beside[name], store.layer(name)
        if not same_kinds(new, old):
            return None
        changes[name] = differing(new, old, publish.KEYS[name])
    public = publish.public_network(now.built)
    for name, working in _PUBLIC.items():
        key, change = publish.KEYS[name], changes[working]
        rows = public[name]()
        wanted = rows[key].isin(change.rows[key])
        changes[name] = Change(rows[wanted], change.gone, change.ground[:0])
    return changes


def _touched(store: Store, now: Now, changes: dict[str, Change]) -> NDArray[np.bool_]:
    """Tell of which segments anything may follow anew."""
    segments = now.built.segments
    ground = np.concatenate([changes[name].ground for name in WORKING])
    near = segments.sindex.query(ground, predicate="dwithin", distance=partitions.REACH_M)[1]
    touched = np.zeros(len(segments), dtype=bool)
    touched[near] = True
    ids = segments["segment_id"]
    seen = changes["observations"]
    before = store.layer("observations", ids=[*seen.gone, *seen.rows["observation_id"]])
    people = [*before["segment_id"], *seen.rows["segment_id"], *_answered(store, now.seen)]
    touched |= ids.isin([*people, *changes["network"].rows["segment_id"]]).to_numpy()
    touched |= _otherwise_decided(now).to_numpy()
    return touched


def _otherwise_decided(now: Now) -> pd.Series[bool]:
    """Tell of which segments people changed something since they were last written."""
    ids = now.built.segments["segment_id"]
    shown = now.shown.set_index("segment_id")
    decided = now.seen.decisions.groupby("segment_id")["decided_at"].max()
    times = pd.to_datetime(decided, utc=True).dt.floor(publish.TICK).reindex(ids)
    known = shown["decided_at"].reindex(ids)
    same = times.eq(known) | (times.isna() & known.isna())
    version = ids.map(now.seen.versions).fillna(1).to_numpy(dtype=np.int64)
    shown_version = shown["version"].reindex(ids).fillna(0).to_numpy(dtype=np.int64)
    return pd.Series(~same.to_numpy(dtype=bool) | (version != shown_version), index=ids.index)


def _answered(store: Store, seen: Seen) -> Iterable[str]:
    """Name the segments of findings that people answered otherwise than is written."""
    last = seen.answers.drop_duplicates("finding_id", keep="last").set_index("finding_id")
    found = store.layer("findings", ids=[*last.index])
    state = found["finding_id"].map(last["state"])
    return found["segment_id"][state.ne(found["state"])]


def _far(now: Now, touched: NDArray[np.bool_]) -> gpd.GeoDataFrame:
    """Ask the whole what only it can tell: classes that cannot have changed are those written."""
    segments = now.built.segments
    part = _window(now.built, touched)
    seen = now.seen.observations
    told = classified(
        part, with_classes(seen[seen["segment_id"].isin(part.segments["segment_id"])],
                           now.area.country),
        now.seen.decisions, now.area,
    )  # fmt: skip
    fresh = told.set_index("segment_id")["path_class"]
    ids = segments["segment_id"]
    shown = now.shown.set_index("segment_id")["path_class"].reindex(ids).to_numpy()
    classes = pd.Series(shown, index=segments.index).mask(touched, ids.map(fresh))
    whole = layers_of(now.built, segments.assign(path_class=classes.astype("str")), now.area)
    found = checks.run(whole, partitions.FAR)
    return status.carry_answers(status.settle_findings(found, now.seen.decisions), now.seen.answers)


def _derived(now: Now, touched: NDArray[np.bool_], far: gpd.GeoDataFrame) -> Inventory:
    """Derive the touched segments amid all that their checks may look at."""
    part = _window(now.built, touched)
    there = part.segments["segment_id"]
    said, decided = now.seen.observations, now.seen.decisions
    seen = replace(
        now.seen,
        observations=said[said["segment_id"].isin(there)],
        decisions=decided[decided["segment_id"].isin(there)],
    )
    asked = (*partitions.NEAR, *checks.load_cases().index)
    known = far[far["segment_id"].isin(there)].assign(state="open")
    local = LocalFindings(asked=asked, found=known)
    found = derive(part, seen, now.area, local=local)
    ids = set(now.built.segments["segment_id"][touched])
    return replace(
        found,
        segments=found.segments[found.segments["segment_id"].isin(ids)],
        findings=found.findings[found.findings["segment_id"].isin(ids)],
    )


def _window(built: Network, touched: NDArray[np.bool_]) -> Network:
    """Take out of a network what the checks of some segments may look at."""
    sides = built.segments.geometry.bounds.to_numpy()[touched]
    boxes = np.asarray(shapely.box(*(sides + partitions.REACH_M * _OUTWARDS).T), dtype=object)
    parts = {
        name: partitions.within(getattr(built, name), boxes)
        for name in ("segments", "streets", "crossings", "signs", "barriers", "places", "areas")
    }
    return replace(built, **parts, routes=built.routes.iloc[:0])


def _segments(now: Now, living: gpd.GeoDataFrame) -> Change:
    """Compare segments that were derived, and those that are gone, with what is written."""
    rows = pd.concat([living, now.retired], ignore_index=True) if len(now.retired) else living
    wanted = layers.conform(gpd.GeoDataFrame(rows, crs=now.area.crs), "segments")
    before = now.shown[now.shown["segment_id"].isin(wanted["segment_id"])]
    return differing(wanted, before, "segment_id")


def _stored(store: Store, column: str, values: list[str]) -> gpd.GeoDataFrame:
    return store.layer("findings", where={column: sorted(set(values))})


def _of(findings: gpd.GeoDataFrame, checks_: Iterable[str]) -> gpd.GeoDataFrame:
    return findings[findings["check_id"].isin(list(checks_))]


def _told_of(findings: gpd.GeoDataFrame, ids: list[str]) -> pd.Series[str]:
    return findings["segment_id"][findings["finding_id"].isin(ids)]
