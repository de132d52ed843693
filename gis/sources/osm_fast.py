"""How is an OSM file listed at the speed of libosmium?

libosmium reads, joins positions to ways and filters; only wanted objects come to Python. Nodes,
ways and relations are read one after another, so the order of the file does not matter (Overpass
puts nodes last on demand). Left to the patient reader: negative ids, texts over 1024 bytes,
numbers that are no coordinates. libosmium's own writers are not used: they end the process where
a position or a text is bad.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import osmium
from osmium import filter as only

from gis.errors import SourceError
from gis.sources.osm_objects import UNKNOWN, Collector, Objects
from gis.sources.tables import ROUTES, role_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from osmium._osmium import HandlerLike

    Entity = TypeVar("Entity", osmium.osm.Node, osmium.osm.Way, osmium.osm.Relation)

WAY: Final = "w"
BITS: Final = {
    osmium.osm.Node: osmium.osm.NODE,
    osmium.osm.Way: osmium.osm.WAY,
    osmium.osm.Relation: osmium.osm.RELATION,
}


class NeedsPatienceError(Exception):
    """libosmium cannot hold what this file says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The objects of a file; `members` are the ways that multipolygons are made of."""

    nodes: Objects
    ways: Objects
    relations: Objects
    members: Objects


def list_objects(path: Path, form: str) -> Listing:
    """List the objects of a file that may play a role.

    Parameters
    ----------
    path
        The file.
    form
        ``pbf``, ``osm`` or ``osm.gz``.

    Returns
    -------
    listing
        Nodes, ways, relations, and the ways that multipolygons consist of.

    Raises
    ------
    SourceError
        If the file is truncated or damaged.
    NeedsPatienceError
        If libosmium cannot hold what the file says.
    """
    try:
        return _list(osmium.io.File(str(path), form))
    except (ValueError, osmium.InvalidLocationError) as error:
        raise NeedsPatienceError(str(error)) from error
    except RuntimeError as error:
        msg = f"{path.name}: the file is truncated or damaged ({error}); download it again"
        raise SourceError(msg) from error


def _list(file: osmium.io.File) -> Listing:
    places = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    places.ignore_errors()
    kinds = only.TagFilter(("type", "multipolygon"), *(("route", route) for route in ROUTES))
    relations, parts = _relations(file, kinds)
    nodes = _nodes(file, places, only.KeyFilter(*role_keys("node")))
    ways = _ways(file, places, only.KeyFilter(*role_keys("way", "area")))
    members = _ways(file, _Only(parts), places)
    return Listing(nodes=nodes, ways=ways, relations=relations, members=members)


class _Only:
    """Let ways through by id. ``osmium.filter.IdFilter`` takes gigabytes where ids are sparse."""

    def __init__(self, ids: set[int]) -> None:
        self._ids = ids

    def way(self, way: osmium.osm.Way) -> bool:
        """Return true for a way to leave out."""
        return way.id not in self._ids


def _each(file: osmium.io.File, kind: type[Entity], *handlers: HandlerLike) -> Iterator[Entity]:
    """Give the objects of one type that pass all handlers; refuse negative ids."""
    with osmium.io.Reader(file, BITS[kind]) as reader:
        for item in osmium.OsmFileIterator(reader, *handlers):
            if isinstance(item, kind) and not item.deleted:
                if item.id < 0:
                    raise NeedsPatienceError(str(item.id))
                yield item


def edit_time(item: osmium.osm.Way) -> datetime | None:
    """Return when an object was edited; null where the file does not say (the epoch)."""
    stamp: datetime = item.timestamp
    return stamp if stamp.timestamp() > 0 else None


def _nodes(file: osmium.io.File, *handlers: HandlerLike) -> Objects:
    listed = Collector()
    for node in _each(file, osmium.osm.Node, *handlers):
        place = node.location
        listed.add((node.id, node.version), node.tags, (node.id, place.x, place.y))
    return listed.objects()


def _ways(file: osmium.io.File, *handlers: HandlerLike) -> Objects:
    listed = Collector()
    for way in _each(file, osmium.osm.Way, *handlers):
        refs: list[int] = []
        for node in way.nodes:
            place = node.location
            refs += (node.ref, place.x, place.y)
        listed.add((way.id, way.version), way.tags, refs, edit_time(way))
    found = listed.objects()
    if (found.refs < 0).any():
        msg = "negative node id"
        raise NeedsPatienceError(msg)
    return found


def _relations(file: osmium.io.File, *handlers: HandlerLike) -> tuple[Objects, set[int]]:
    """Return relations, and the ids of the ways that multipolygons are made of."""
    listed, parts = Collector(), set()
    for relation in _each(file, osmium.osm.Relation, *handlers):
        ways = [member.ref for member in relation.members if member.type == WAY]
        refs = [number for way in ways for number in (way, UNKNOWN, UNKNOWN)]
        listed.add((relation.id, relation.version), relation.tags, refs)
        if relation.tags.get("type") == "multipolygon":
            parts.update(ways)
    return listed.objects(), parts
