"""Where does a line run beside a segment, and how far from it?

Segments are sampled at even distances; each sample looks for edges of lines that run its way.
Coordinates are metres in the working CRS. Everything is done on whole columns.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from gis.sources.linear import distances

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]
    Shapes = NDArray[np.object_]

# One sample for so many metres of a segment, at least three and at most forty.
STEP_M: Final = 12.0
FEWEST: Final = 3
MOST: Final = 40
TINY_M: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """The straight edges of lines: ends, direction, line, distance along it of the first end.

    `opens` and `closes` mark the first and the last edge of each line.
    """

    start: Floats
    step: Floats
    length: Floats
    line: Ints
    along: Floats
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Points on segments: place, direction (unit), segment, metres that one stands for."""

    xy: Floats
    way: Floats
    segment: Ints
    along: Floats
    stands_for: Floats


def edges_of(lines: Shapes) -> Edges:
    """Break lines into edges; edges without length are left out."""
    xy, of = shapely.get_coordinates(lines, return_index=True)
    along = distances(xy, of)
    inner = np.flatnonzero(of[1:] == of[:-1])
    step = xy[inner + 1] - xy[inner]
    length = np.hypot(step[:, 0], step[:, 1])
    kept = length > TINY_M
    line = of[inner][kept]
    opens = np.ones(len(line), dtype=bool)
    opens[1:] = line[1:] != line[:-1]
    return Edges(
        start=xy[inner][kept],
        step=step[kept],
        length=length[kept],
        line=line,
        along=along[inner][kept],
        opens=opens,
        closes=np.append(opens[1:], values=True),
    )


def samples_of(lines: Shapes) -> Samples:
    """Put samples on segments, in the middle of equal parts."""
    edges = edges_of(lines)
    length = np.asarray(shapely.length(lines), dtype=np.float64)
    number = np.clip(np.ceil(length / STEP_M), FEWEST, MOST).astype(np.intp)
    number[~(length > 0)] = 0
    segment = np.repeat(np.arange(len(lines)), number)
    first = np.repeat(np.cumsum(number) - number, number)
    part = length / np.maximum(number, 1)
    along = (np.arange(len(segment)) - first + 0.5) * part[segment]
    # Edges of all lines stand behind one another, so one search finds the edge of every sample.
    gap = np.concatenate(([0.0], np.cumsum(length + 1.0)))
    edge = np.searchsorted(gap[edges.line] + edges.along, gap[segment] + along, side="right") - 1
    way = edges.step[edge] / edges.length[edge, None]
    ahead = along - edges.along[edge]
    return Samples(
        xy=edges.start[edge] + way * ahead[:, None],
        way=way,
        segment=segment,
        along=along,
        stands_for=part[segment],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The nearest edge of every line that runs a sample's way.

    One place a sample and line, ordered by segment, line and sample: numbers of `sample`,
    `segment` and `line`; ``offset_m`` (left of the segment above 0), ``distance_m``, ``cos`` of
    the angle (below 0 where drawn the other way), ``at_m`` along the line (below 0 or above its
    length where the sample lies past its end).
    """

    sample: Ints
    segment: Ints
    line: Ints
    offset_m: Floats
    distance_m: Floats
    cos: Floats
    at_m: Floats

    @property
    def first(self) -> Ints:
        """Where each couple of segment and line begins."""
        new = np.ones(len(self.segment), dtype=bool)
        new[1:] = np.diff(self.segment) != 0
        new[1:] |= np.diff(self.line) != 0
        return np.flatnonzero(new)

    def take(self, rows: Ints, at_m: Floats) -> Near:
        """Return some of the places, in their order, with other places along the line."""
        kept = {part.name: getattr(self, part.name)[rows] for part in fields(self)}
        return Near(**{**kept, "at_m": at_m[rows]})


def beside(samples: Samples, edges: Edges, *, within_m: float, angle_deg: float) -> Near:
    """Find for each sample the nearest edge of every line that runs its way.

    Parameters
    ----------
    samples, edges
        Of segments and of lines.
    within_m
        How far a line may lie.
    angle_deg
        How much its direction may differ; which way it was drawn does not count.
    """
    sample, edge = _close(samples, edges, within_m)
    way = edges.step / edges.length[:, None]
    here, there = samples.way[sample], way[edge]
    cos = here[:, 0] * there[:, 0] + here[:, 1] * there[:, 1]
    along = np.flatnonzero(np.abs(cos) >= np.cos(np.radians(angle_deg)))
    sample, edge, cos = sample[along], edge[along], cos[along]
    here, there = here[along], there[along]
    gone = samples.xy[sample] - edges.start[edge]
    raw = gone[:, 0] * there[:, 0] + gone[:, 1] * there[:, 1]
    ahead = np.clip(raw, 0, edges.length[edge])
    to_line = there * ahead[:, None] - gone
    past = ((raw < 0) & edges.opens[edge]) | ((raw > ahead) & edges.closes[edge])
    at = edges.along[edge] + np.where(past, raw, ahead)
    distance = np.hypot(to_line[:, 0], to_line[:, 1])
    offset = here[:, 0] * to_line[:, 1] - here[:, 1] * to_line[:, 0]
    near = np.flatnonzero(distance <= within_m)
    rows = near[
        _nearest(
            samples.segment[sample[near]], edges.line[edge[near]], sample[near], distance[near]
        )
    ]
    return Near(
        sample=sample[rows],
        segment=samples.segment[sample[rows]],
        line=edges.line[edge[rows]],
        offset_m=offset[rows],
        distance_m=distance[rows],
        cos=cos[rows],
        at_m=at[rows],
    )


def _close(samples: Samples, edges: Edges, within_m: float) -> tuple[Ints, Ints]:
    """Pair samples with edges whose boxes are near; ordered by sample."""
    ends = np.stack([edges.start, edges.start + edges.step], axis=1)
    tree = shapely.STRtree(np.asarray(shapely.linestrings(ends), dtype=object))
    west, south = samples.xy.T - within_m
    east, north = samples.xy.T + within_m
    found = tree.query(shapely.box(west, south, east, north))
    return found[0], found[1]


def _nearest(segment: Ints, line: Ints, sample: Ints, distance: Floats) -> Ints:
    """Order by segment, line and sample, and keep the nearest edge of each."""
    # Rows come ordered by sample and so by segment; a stable sort keeps that within a pair.
    key = segment.astype(np.int64) * (int(line.max(initial=0)) + 1) + line
    order = np.argsort(key, kind="stable")
    key, sample, distance = key[order], sample[order], distance[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (key[1:] != key[:-1]) | (sample[1:] != sample[:-1])
    start = np.flatnonzero(new)
    if not len(start):
        return order
    size = np.diff(np.append(start, len(order)))
    best = np.flatnonzero(distance == np.repeat(np.minimum.reduceat(distance, start), size))
    run = np.cumsum(new)[best]
    once = np.ones(len(best), dtype=bool)
    once[1:] = run[1:] != run[:-1]
    return order[best[once]]
