"""What do segments become that people cut, move and join, one operation after the other?

The rows that sources gave are taken and every operation that stands is done anew, in the order in
which people said them (cuts that follow each other in any order); so the same operations give the
same rows, whether they are done at once or in the next update. What cannot be done any more is
not done, and told.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.network.lineage import SAME_M
from gis.network.splits import REACH_M, Cut, cut

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    Shapes = np.ndarray[Any, Any]

MEETS_M: Final = 1.0
"""An end this close to the end of another segment is the same node."""
ALIKE: Final = ("kind", "side", "side_tag")
"""What two segments must agree in to be joined."""
LISTS: Final = ("sources", "source_ids")
NODES: Final = ("from_node", "to_node")
MEASURES: Final = ("m_from", "m_to")
STALE: Final = "stale"
CLASHING: Final = "clashing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The line that somebody drew for a segment, and the one it had before, if it had one."""

    op_id: str
    segment_id: str
    line: shapely.LineString
    before: shapely.LineString | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A segment that goes on in another, which ends to be one."""

    op_id: str
    segment_id: str
    other_id: str
    at: datetime


Edit: TypeAlias = "Cut | Move | Joint"


class Asked(NamedTuple):
    """An operation that is not done: because its ground changed, or because two people differ."""

    what: Literal["stale", "clashing"]
    edit: Edit


@dataclass(slots=True, kw_only=True)
class Replay:
    """Rows as they are after some operations, and what was not done of these."""

    rows: gpd.GeoDataFrame
    asked: list[Asked] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    unmade: list[Move] = field(default_factory=list)
    loose: set[tuple[str, str]] = field(default_factory=set)
    """Ends that were drawn away from their node: segment and column of the node."""

    def do(self, one: Edit) -> bool:
        """Do an operation; false where it cannot be done."""
        if isinstance(one, Cut):
            return self._cut(one)
        return self._move(one) if isinstance(one, Move) else self._join(one)

    def leave(self, one: Edit) -> None:
        """Remember an operation that is not done: others may have been said on its line."""
        if isinstance(one, Move):
            self.moves.append(one)
            self.unmade.append(one)

    def _cut(self, one: Cut) -> bool:
        """Cut where somebody said; one said on a line that is not drawn falls at its share."""
        made = cut(self.rows, [one])
        if len(made) == len(self.rows) and (point := self._carried(one)) is not None:
            made = cut(self.rows, [replace(one, point=point)])
        self.rows = made
        return True

    def _carried(self, one: Cut) -> shapely.Point | None:
        """Carry a cut from a line that is not drawn to the one that is."""
        for move in reversed(self.unmade):
            place = _place(self.rows, move.segment_id)
            if place is not None and move.line.distance(one.point) <= REACH_M:
                share = move.line.project(one.point, normalized=True)
                return _line(self.rows, place).interpolate(share, normalized=True)
        return None

    def _move(self, one: Move) -> bool:
        """Give a segment the line that was drawn, where it rests on the line that is there."""
        place = _place(self.rows, one.segment_id)
        standing = None if place is None else _line(self.rows, place)
        self.moves.append(one)
        rests = standing is not None and self._rests(one, standing)
        if place is None or standing is None or not rests:
            self.unmade.append(one)
            return False
        line = _along(one.line, standing)
        self._loosen(one, standing, line)
        self.rows = _with_line(self.rows, place, line)
        return True

    def _rests(self, one: Move, standing: shapely.LineString) -> bool:
        """Tell whether a line was drawn for the ground that is there, over any moves between."""
        if one.before is None:
            return False
        then, now = (ground(self.moves, one.segment_id, line) for line in (one.before, standing))
        return _same(then, now)

    def _loosen(self, one: Move, before: shapely.LineString, after: shapely.LineString) -> None:
        """Note the ends that were drawn away from their node, each with a node of its own."""
        for end, name in ((0, NODES[0]), (-1, NODES[1])):
            if shapely.get_point(before, end).distance(shapely.get_point(after, end)) > MEETS_M:
                self.loose.add((one.segment_id, name))
                self.rows = _with_node(self.rows, one, name)

    def _join(self, one: Joint) -> bool:
        """Put a segment at the end of another, where they meet."""
        first, second = (_place(self.rows, i) for i in (one.segment_id, one.other_id))
        if first is None or second is None:
            return False
        own, other = self.rows.iloc[[first]], self.rows.iloc[[second]]
        if unjoinable(own, other) is not None:
            return False
        rest = [at for at in range(len(self.rows)) if at not in (first, second)]
        self._pass_on(one)
        parts = [part for part in (self.rows.iloc[rest], _joined(own, other)) if len(part)]
        self.rows = _framed(pd.concat(parts, ignore_index=True), self.rows)
        return True

    def _pass_on(self, one: Joint) -> None:
        """Let loose ends of a segment that is joined be met again: its ends have changed."""
        theirs = {at for at in self.loose if at[0] in (one.segment_id, one.other_id)}
        if theirs:
            self.loose -= theirs
            self.loose |= {(one.segment_id, name) for name in NODES}


def replay(
    base: gpd.GeoDataFrame,
    edits: Sequence[Edit],
    *,
    standing: Collection[str],
    clashing: Collection[str] = (),
) -> Replay:
    """Do operations in their order on the rows that sources gave.

    Parameters
    ----------
    base
        Rows of a network that belong together.
    edits
        All that people ever said of them, in order.
    standing, clashing
        Operations to be done; and those that somebody else's stands against.

    Returns
    -------
    done
        Rows, with `asked` what was not done: stale moves and joins, and clashing ones unless
        somebody drew the segment anew since.
    """
    done = Replay(rows=base)
    for one in _in_order(edits):
        if one.op_id in clashing:
            done.asked.append(Asked(CLASHING, one))
        if one.op_id not in standing:
            done.leave(one)
        elif not done.do(one):
            done.asked.append(Asked(STALE, one))
        else:
            done.asked = [asked for asked in done.asked if not _settles(one, asked.edit)]
    return done


def _in_order(edits: Sequence[Edit]) -> list[Edit]:
    """Let cuts that follow each other come in an order that does not tell who was first."""
    runs = groupby(edits, key=lambda one: isinstance(one, Cut))
    ordered = [sorted(run, key=attrgetter("op_id")) if cuts else [*run] for cuts, run in runs]
    return [*chain.from_iterable(ordered)]


def ground(moves: Sequence[Move], segment_id: str, line: shapely.LineString) -> shapely.LineString:
    """Follow a line back to the one that a segment had before people moved it."""
    for move in reversed(moves):
        if move.segment_id == segment_id and move.before is not None and _same(move.line, line):
            line = move.before
    return line


def unjoinable(own: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> str | None:
    """Say why two segments cannot be joined; None where they can.

    Parameters
    ----------
    own, other
        One row each.

    Returns
    -------
    key
        ``join_side`` where they are different kinds of things, ``join_apart`` where they do not
        meet end to end.
    """
    alike = all(
        str(own[name].iloc[0]) == str(other[name].iloc[0]) for name in ALIKE if name in own.columns
    )
    if not alike:
        return "join_side"
    gap, _, _ = _nearest_ends(_line(own), _line(other))
    return "join_apart" if gap > MEETS_M else None


def meet(
    rows: gpd.GeoDataFrame, loose: Collection[tuple[str, str]], others: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Give ends that were drawn elsewhere the node that is there, if one is.

    Parameters
    ----------
    rows
        Segments, some of which have loose ends.
    loose
        Segment and column of the node of each.
    others
        The network around them; those with loose ends are passed over.
    """
    ends = [(at, name) for one, name in sorted(loose) if (at := _place(rows, one)) is not None]
    if not ends:
        return rows
    lines = rows.geometry.to_numpy()
    points = [shapely.get_point(lines[at], 0 if name == NODES[0] else -1) for at, name in ends]
    known = others[~others["segment_id"].isin([one for one, _ in loose])]
    found = nodes_at(known, np.array(points, dtype=object))
    own = [int(rows[name].iloc[at]) for at, name in ends]
    made = rows.copy()
    for number, (at, name) in enumerate(ends):
        node = found[number]
        made.loc[made.index[at], name] = _shared(number, points, own) if node is None else node
    return made


def _shared(number: int, points: Sequence[shapely.Point], own: Sequence[int]) -> int:
    """Return the node of all loose ends that were drawn to one place."""
    near = shapely.distance(np.array(points, dtype=object), points[number]) <= MEETS_M
    return max(node for node, meets in zip(own, near, strict=True) if meets)


def nodes_at(segments: gpd.GeoDataFrame, points: Shapes) -> list[int | None]:
    """Return the node of the segment that ends at each point; None where none does."""
    if segments.empty:
        return [None] * len(points)
    known = segments.geometry.to_numpy()
    ends = np.concatenate([shapely.get_point(known, 0), shapely.get_point(known, -1)])
    nodes = np.concatenate([segments[name] for name in NODES])
    tree = shapely.STRtree(ends)
    found = dict(tree.query_nearest(points, max_distance=MEETS_M, all_matches=False).T.tolist())
    return [int(nodes[found[row]]) if row in found else None for row in range(len(points))]


def _settles(one: Edit, other: Edit) -> bool:
    """Tell whether a line that is drawn later answers a line that was not taken."""
    return isinstance(one, Move) and isinstance(other, Move) and one.segment_id == other.segment_id


def _place(rows: gpd.GeoDataFrame, segment_id: str) -> int | None:
    """Return the place of a row; None where there is none."""
    places = np.flatnonzero(rows["segment_id"].eq(segment_id).to_numpy(dtype=bool))
    return int(places[0]) if len(places) else None


def _line(rows: gpd.GeoDataFrame, place: int = 0) -> shapely.LineString:
    """Return the line of a row."""
    line: shapely.LineString = rows.geometry.to_numpy()[place]
    return line


def _same(one: shapely.LineString, two: shapely.LineString) -> bool:
    """Tell whether two lines are the same ground."""
    return bool(shapely.hausdorff_distance(one, two) <= SAME_M)


def _along(line: shapely.LineString, other: shapely.LineString) -> shapely.LineString:
    """Turn a line so that it runs as another does."""
    ends = [shapely.get_point(one, end) for one in (line, other) for end in (0, -1)]
    forth = ends[0].distance(ends[2]) + ends[1].distance(ends[3])
    back = ends[0].distance(ends[3]) + ends[1].distance(ends[2])
    turned: shapely.LineString = shapely.reverse(line) if back < forth else line
    return turned


def _with_line(rows: gpd.GeoDataFrame, place: int, line: shapely.LineString) -> gpd.GeoDataFrame:
    """Give one row another line."""
    lines = rows.geometry.to_numpy().copy()
    lines[place] = line
    lengths = rows["length_m"].to_numpy(dtype=np.float64).copy()
    lengths[place] = line.length
    return rows.assign(length_m=lengths).set_geometry(gpd.GeoSeries(lines, rows.index, rows.crs))


def _with_node(rows: gpd.GeoDataFrame, one: Move, name: str) -> gpd.GeoDataFrame:
    """Give one end a node of its own; nodes of sources are positive."""
    own = -int(sha256(f"{one.op_id}|{name}".encode()).hexdigest()[:12], 16)
    return rows.assign(**{name: rows[name].mask(rows["segment_id"].eq(one.segment_id), own)})


def _nearest_ends(one: shapely.LineString, two: shapely.LineString) -> tuple[float, int, int]:
    """Return how close two lines come end to end, and at which ends (0 or -1)."""
    return min(
        (shapely.get_point(one, a).distance(shapely.get_point(two, b)), a, b)
        for a in (-1, 0)
        for b in (0, -1)
    )


def _joined(own: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make one row of two that meet: all that is said is what is said of the first."""
    line, more = _line(own), _line(other)
    _, here, there = _nearest_ends(line, more)
    far = 0 if there == -1 else -1
    away = list(more.coords if there == 0 else reversed(more.coords))
    coords = [*line.coords, *away] if here == -1 else [*reversed(away), *line.coords]
    merged = shapely.remove_repeated_points(shapely.LineString(coords))
    told: dict[str, Any] = {"length_m": merged.length}
    told[NODES[here]] = other[NODES[far]].to_numpy()
    if _runs_on(own, other):
        told[MEASURES[here]] = other[MEASURES[far]].to_numpy()
    for name in LISTS:
        if name in own.columns:
            both = [*own[name].iloc[0], *other[name].iloc[0]]
            told[name] = pd.Series([list(dict.fromkeys(both))], index=own.index, dtype=object)
    return own.assign(**told).set_geometry(gpd.GeoSeries([merged], own.index, own.crs))


def _runs_on(own: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    """Tell whether both are stretches of one element, so that its measures run on."""
    if not {"element_id", *MEASURES} <= set(own.columns):
        return False
    names = own["element_id"].iloc[0], other["element_id"].iloc[0]
    return bool(pd.notna(names[0])) and names[0] == names[1]


def _framed(rows: pd.DataFrame, like: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make a frame of segments again, with the columns' kinds of another."""
    kinds = {name: kind for name, kind in like.dtypes.items() if name != like.geometry.name}
    return gpd.GeoDataFrame(rows.astype(kinds), geometry=like.geometry.name, crs=like.crs)
