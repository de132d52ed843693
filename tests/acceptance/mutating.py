"""How does an extract look after mappers have been at work for some months?

Ways move, are split, merged, renumbered, retagged and dropped, by dice; the result is synthetic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import osmium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.acceptance.record_world import Dice

MOVED_SHARE: Final = 0.10
MOVED_DEG: Final = 2e-5
"""About two metres."""
SPLIT_SHARE: Final = 0.10
MERGED_SHARE: Final = 0.10
RENUMBERED_SHARE: Final = 0.10
RETAGGED_SHARE: Final = 0.05
DROPPED_SHARE: Final = 0.02
FRESH_ID: Final = 20_000_000_000


@dataclass(slots=True)
class Way:
    """A way on its way to being written."""

    way_id: int
    nodes: list[int]
    tags: dict[str, str]
    fixed: bool = False


@dataclass(slots=True)
class Extract:
    """Ways and where their nodes lie; all else is copied."""

    ways: list[Way] = field(default_factory=list)
    places: dict[int, tuple[float, float]] = field(default_factory=dict)


def mutate(source: Path, target: Path, rng: Dice) -> None:
    """Write a mutated copy of an extract.

    Parameters
    ----------
    source, target
        Files that osmium reads and writes.
    rng
        Decides which way meets which fate.
    """
    extract = _read(source)
    fresh = iter(range(FRESH_ID + int(rng.integers(10**9)), 2**62))
    ways = _merged(extract.ways, rng)
    ways = [way for way in ways if way.fixed or rng.random() >= DROPPED_SHARE]
    ways = [part for way in ways for part in _split(way, rng, fresh)]
    for way in ways:
        if rng.random() < RENUMBERED_SHARE:
            way.way_id = next(fresh)
        if rng.random() < RETAGGED_SHARE and "highway" in way.tags:
            way.tags["surface"] = "gravel"
        if rng.random() < MOVED_SHARE:
            _move(way, extract, rng)
    _write(source, target, extract, ways)


def _read(source: Path) -> Extract:
    extract = Extract()
    for thing in osmium.FileProcessor(source, osmium.osm.NODE | osmium.osm.WAY):
        if isinstance(thing, osmium.osm.Node):
            extract.places[thing.id] = (thing.lon, thing.lat)
        elif isinstance(thing, osmium.osm.Way):
            nodes = [node.ref for node in thing.nodes]
            way = Way(way_id=thing.id, nodes=nodes, tags=dict(thing.tags))
            way.fixed = "highway" not in way.tags
            extract.ways.append(way)
    return extract


def _merged(ways: list[Way], rng: Dice) -> list[Way]:
    """Join some ways to one that begins where they end and has the same tags."""
    starts = {(way.nodes[0], tuple(sorted(way.tags.items()))): way for way in ways if way.nodes}
    gone: set[int] = set()
    for way in ways:
        after = starts.get(
            (way.nodes[-1], tuple(sorted(way.tags.items()))) if way.nodes else (0, ())
        )
        free = after is not None and after is not way and not way.fixed
        if after is None or not free or {way.way_id, after.way_id} & gone:
            continue
        if rng.random() < MERGED_SHARE:
            way.nodes += after.nodes[1:]
            gone.add(after.way_id)
    return [way for way in ways if way.way_id not in gone]


def _split(way: Way, rng: Dice, fresh: Iterator[int]) -> list[Way]:
    """Cut some ways at a node in between; the second half gets a number of its own."""
    if way.fixed or len(way.nodes) < 3 or rng.random() >= SPLIT_SHARE:
        return [way]
    cut = int(rng.integers(1, len(way.nodes) - 1))
    rest = Way(way_id=next(fresh), nodes=way.nodes[cut:], tags=dict(way.tags))
    way.nodes = way.nodes[: cut + 1]
    return [way, rest]


def _move(way: Way, extract: Extract, rng: Dice) -> None:
    """Move the nodes of a way, together with whatever else hangs on them."""
    east, north = rng.uniform(-MOVED_DEG, MOVED_DEG, 2)
    for node in way.nodes:
        if node in extract.places:
            lon, lat = extract.places[node]
            extract.places[node] = (lon + east, lat + north)


def _write(source: Path, target: Path, extract: Extract, ways: list[Way]) -> None:
    writer = osmium.SimpleWriter(target)
    for thing in osmium.FileProcessor(source, osmium.osm.NODE):
        if isinstance(thing, osmium.osm.Node):
            writer.add_node(thing.replace(location=extract.places[thing.id]))
    for way in sorted(ways, key=lambda one: one.way_id):
        writer.add_way(osmium.osm.mutable.Way(id=way.way_id, nodes=way.nodes, tags=way.tags))
    for thing in osmium.FileProcessor(source, osmium.osm.RELATION):
        writer.add_relation(thing)
    writer.close()
