"""How does the network come to show what people did to its lines: at once, and in each update?

Both do the same operations on what the sources said, so both give the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import geopandas as gpd
import orjson
import pandas as pd
import shapely

from gis import crs, layers
from gis.marks.delivered import delivered, keep_delivered, read_back
from gis.marks.drawn import rows as drawn_rows
from gis.marks.drawn import with_drawn
from gis.marks.edits import Family
from gis.marks.surviving import successors
from gis.network.redrawn import Joint, Move, meet, replay
from gis.network.splits import Cut, join
from gis.store.base import Lineage

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gis.marks.edits import Edits
    from gis.network.redrawn import Asked, Replay
    from gis.store import Store

ASKED: Final = "line_asked"
"""Column of the network: what people said of a line that is not shown, as JSON; null mostly."""
DIGITS: Final = 7


class Settled(NamedTuple):
    """Which segments changed, and the rows whose line is another since."""

    segment_ids: list[str]
    before: gpd.GeoDataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrawn:
    """A network as people made it, and the ids of what sources gave that they changed."""

    segments: gpd.GeoDataFrame
    delivered: list[str]


def settle_edits(store: Store, segment_ids: Sequence[str], edits: Edits) -> Settled:
    """Bring the stored network in line with what people did to some segments.

    Parameters
    ----------
    store
        The public store, updated at least once.
    segment_ids
        Segments that a person just changed.
    edits
        From `read_edits`.

    Returns
    -------
    settled
        The same segments and all that came, went or stayed of them.
    """
    drawn = {one.segment_id for one in edits.drawn}
    families = {one: edits.families.get(one) for one in segment_ids}
    named = {
        family.ids: family
        for one, told in families.items()
        if (family := told or (Family(ids=(one,), edits=()) if one in drawn else None)) is not None
    }
    settled = [_settle(store, family, edits) for _, family in sorted(named.items())]
    ids = {*segment_ids, *(name for one in settled for name in one.segment_ids)}
    before = [one.before for one in settled if len(one.before)]
    none = store.layer("network", limit=0)
    return Settled(sorted(ids), pd.concat(before, ignore_index=True) if before else none)


def _settle(store: Store, family: Family, edits: Edits) -> Settled:
    """Do the operations of one family in the store."""
    before = store.layer("network", ids=list(family.ids))
    base = _base(store, before, family, edits)
    done = replay(base, family.edits, standing=edits.standing, clashing=edits.clashing)
    after = _told(done)
    if done.loose:
        around = _near(store, after.geometry.to_numpy().tolist())
        others = around[~around["segment_id"].isin(family.ids)]
        after = meet(after, done.loose, pd.concat([others, after]) if len(others) else after)
    gone = sorted(set(before["segment_id"]) - set(after["segment_id"]))
    came = sorted(set(after["segment_id"]) - set(before["segment_id"]))
    wanted = any(one.op_id in edits.standing | edits.clashing for one in family.edits)
    keep_delivered(store, base if wanted else base.iloc[:0], [] if wanted else list(family.ids))
    _write(store, after, gone)
    if gone or came:
        store.keep_lineage(_lineage(family, after, gone, came, store.deliveries()[-1].delivery_id))
    return Settled(list(after["segment_id"]), _changed(before, after))


def _base(store: Store, before: gpd.GeoDataFrame, family: Family, edits: Edits) -> gpd.GeoDataFrame:
    """Return what a family is made of: what sources and drawings gave."""
    kept = delivered(store, family.ids)
    like = before if len(before) else store.layer("network", limit=1)
    held = like.iloc[:0] if kept is None else read_back(kept, like)
    known = set(held["segment_id"])
    if kept is None or held.empty:
        rest = _whole(before, edits)
    else:
        rest = before[~before["segment_id"].isin(known | edits.parts())]
    theirs = [one for one in edits.drawn if one.segment_id in family.ids]
    standing = [one for one in theirs if one.op_id in edits.standing]
    undone = {one.segment_id for one in theirs} - {one.segment_id for one in standing}
    rows = pd.concat([part for part in (held, rest) if len(part)] or [held], ignore_index=True)
    rows = rows[~rows["segment_id"].isin(undone)].reset_index(drop=True)
    fresh = [one for one in standing if one.segment_id not in set(rows["segment_id"])]
    if not fresh:
        return rows
    lines = [one.line for one in fresh]
    made = drawn_rows(_near(store, lines), fresh)
    return pd.concat([part for part in (rows, made) if len(part)], ignore_index=True)


def _whole(before: gpd.GeoDataFrame, edits: Edits) -> gpd.GeoDataFrame:
    """Put parts together again, in a store that does not keep what they were made of."""
    roots = sorted(set(before["segment_id"]) - edits.parts())
    whole = join(before, roots[0]) if len(roots) == 1 and len(before) > 1 else None
    return before if whole is None else whole


def _told(done: Replay) -> gpd.GeoDataFrame:
    """Write into rows what is asked about their lines."""
    if ASKED not in done.rows.columns or done.rows.empty:
        return done.rows
    ids = done.rows["segment_id"].tolist()
    longest = ids[int(shapely.length(done.rows.geometry.to_numpy()).argmax())]
    said: dict[str, list[dict[str, Any]]] = {}
    for one in done.asked:
        home = one.edit.segment_id if one.edit.segment_id in ids else longest
        said.setdefault(home, []).append(_words(one, epsg_of(done.rows)))
    texts = [orjson.dumps(said[one]).decode() if one in said else None for one in ids]
    return done.rows.assign(**{ASKED: pd.Series(texts, index=done.rows.index, dtype="str")})


def _words(asked: Asked, epsg: int) -> dict[str, Any]:
    """Say which operation is asked about, the line that was drawn and the one it was drawn for."""
    lines = (asked.edit.before, asked.edit.line) if isinstance(asked.edit, Move) else (None, None)
    return {
        "what": asked.what,
        "record": asked.edit.op_id,
        "on": asked.edit.at.date().isoformat(),
        "before": degrees(lines[0], epsg),
        "drawn": degrees(lines[1], epsg),
    }


def epsg_of(rows: gpd.GeoDataFrame) -> int:
    """Return the code of the CRS of some rows."""
    code = None if rows.crs is None else rows.crs.to_epsg()
    return int(code or crs.WGS84)


def degrees(line: shapely.LineString | None, epsg: int) -> list[list[float]] | None:
    """Write a line of the working CRS as [lon, lat]."""
    if line is None:
        return None
    east, north = shapely.get_coordinates(line).T
    lon, lat = crs.project(east, north, source=epsg, target=crs.WGS84)
    return [
        [round(x, DIGITS), round(y, DIGITS)]
        for x, y in zip(lon.tolist(), lat.tolist(), strict=True)
    ]


def _changed(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows whose line is another now."""
    now = dict(zip(after["segment_id"], after.geometry, strict=True))
    pairs = zip(before["segment_id"], before.geometry, strict=True)
    return before[[now.get(name) != line for name, line in pairs]]


def _near(store: Store, lines: Sequence[shapely.LineString]) -> gpd.GeoDataFrame:
    """Read the network that lines meet; one row of it where they meet none."""
    west, south, east, north = shapely.total_bounds(lines).tolist()
    near = store.layer("network", bbox=(west - 1, south - 1, east + 1, north + 1))
    return near if len(near) else store.layer("network", limit=1)


def _write(store: Store, after: gpd.GeoDataFrame, gone: list[str]) -> None:
    """Write what changed; segments that are gone stay as retired, without findings."""
    changed = {"network": after} if len(after) else {}
    retired = store.layer("segments", ids=gone)
    if gone and len(retired):
        now = pd.Timestamp(datetime.now(UTC)).floor("ms")
        told = retired.assign(status="retired", valid_to=now)
        changed["segments"] = layers.conform(told, "segments")
    findings = store.layer("findings", where={"segment_id": gone}) if gone else None
    asked = [] if findings is None else list(findings["finding_id"])
    store.update_layers(changed, removed={"network": gone, "findings": asked})


def _lineage(
    family: Family, after: gpd.GeoDataFrame, gone: list[str], came: list[str], delivery_id: str
) -> list[Lineage]:
    """Say what came of a segment and what went into another."""
    parents = {one.child_id: one.segment_id for one in family.edits if isinstance(one, Cut)}
    into = parents | {
        one.other_id: one.segment_id for one in family.edits if isinstance(one, Joint)
    }
    living = set(after["segment_id"])
    split = [
        Lineage(old_id=parents[one], new_id=one, relation="split", delivery_id=delivery_id)
        for one in came
        if one in parents
    ]
    return split + [
        Lineage(
            old_id=one,
            new_id=into[one] if into.get(one) in living else "",
            relation="merged" if into.get(one) in living else "dropped",
            delivery_id=delivery_id,
        )
        for one in gone
    ]


def apply_edits(segments: gpd.GeoDataFrame, edits: Edits) -> Redrawn:
    """Do what people did to lines on a network as sources gave it.

    Parameters
    ----------
    segments
        With their lasting ids, drawn paths among them.
    edits
        From `read_edits`.
    """
    told = segments.assign(**{ASKED: pd.Series(None, index=segments.index, dtype="str")})
    changed = edits.changing()
    ids = [name for family in changed for name in family.ids]
    theirs = told[told["segment_id"].isin(ids)]
    if theirs.empty:
        return Redrawn(segments=told, delivered=[])
    done = [
        replay(
            theirs[theirs["segment_id"].isin(family.ids)].reset_index(drop=True),
            family.edits,
            standing=edits.standing,
            clashing=edits.clashing,
        )
        for family in changed
    ]
    rest = told[~told["segment_id"].isin(ids)]
    parts = [rest, *map(_told, done)]
    made = pd.concat([part for part in parts if len(part)], ignore_index=True)
    made = gpd.GeoDataFrame(made, geometry="geometry", crs=segments.crs)
    loose = {end for one in done for end in one.loose}
    return Redrawn(segments=_met(made, loose), delivered=theirs["segment_id"].tolist())


def _met(segments: gpd.GeoDataFrame, loose: Collection[tuple[str, str]]) -> gpd.GeoDataFrame:
    """Give ends that were drawn elsewhere the node that is there, in a whole network."""
    if not loose:
        return segments
    own = segments["segment_id"].isin([name for name, _ in loose])
    met = meet(segments[own], loose, segments)
    nodes = ["from_node", "to_node"]
    made = segments.copy()
    made.loc[own, nodes] = met[nodes]
    return made


def with_lineage(edits: Edits, store: Store) -> Edits:
    """Take in what sources made of segments since edits were read."""
    return replace(edits, after=successors(store.lineage())) if edits.told else edits


def with_paths(segments: gpd.GeoDataFrame, edits: Edits) -> gpd.GeoDataFrame:
    """Add the drawn paths that stand to a network that is newly built."""
    return with_drawn(segments, edits.paths())
