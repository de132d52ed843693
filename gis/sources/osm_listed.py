"""How do objects that come one by one get their positions?"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from gis.sources.osm_fast import Listing
from gis.sources.osm_objects import NOWHERE, SCALE, UNKNOWN, Collector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Spot = tuple[int, int]

# Numbers larger than this are no degrees at all.
LARGEST: Final = 999.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What every object has: id, version and edit time as text, tags."""

    number: int
    version: str = ""
    edited_at: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


class Listed:
    """Objects in the order they come; ``listing`` joins them when all are there."""

    def __init__(self) -> None:
        self._places: dict[int, Spot] = {}
        self._nodes: list[Head] = []
        self._ways: list[tuple[Head, Sequence[int]]] = []
        self._relations: list[tuple[Head, Sequence[int]]] = []

    def add_node(self, head: Head, lon: object, lat: object) -> None:
        """Add a node with its position, as numbers or text."""
        self._places[head.number] = place(lon, lat)
        if head.tags:
            self._nodes.append(head)

    def add_place(self, number: int, lon: object, lat: object) -> None:
        """Add a position that stands on a way and on no node of the file."""
        self._places.setdefault(number, place(lon, lat))

    def add_way(self, head: Head, refs: Sequence[int]) -> None:
        """Add a way with the ids of its nodes."""
        self._ways.append((head, refs))

    def add_relation(self, head: Head, ways: Sequence[int]) -> None:
        """Add a relation with its member ways."""
        self._relations.append((head, ways))

    def listing(self) -> Listing:
        """Join nodes, ways and relations."""
        nodes, ways, relations = Collector(), Collector(), Collector()
        for head in self._nodes:
            _add(nodes, head, [head.number, *self._places[head.number]])
        for head, refs in self._ways:
            spots = ((ref, *self._places.get(ref, (UNKNOWN, UNKNOWN))) for ref in refs)
            _add(ways, head, [number for spot in spots for number in spot])
        for head, members in self._relations:
            _add(relations, head, [number for one in members for number in (one, UNKNOWN, UNKNOWN)])
        found = ways.objects()
        return Listing(
            nodes=nodes.objects(), ways=found, relations=relations.objects(), members=found
        )


def _add(listed: Collector, head: Head, refs: Sequence[int]) -> None:
    version = int(head.version) if head.version.isdecimal() else 0
    listed.add((head.number, version), head.tags.items(), refs, edit_time(head.edited_at))


def edit_time(text: str) -> datetime | None:
    """Read an edit time; null when the text is none.

    Examples
    --------
    >>> edit_time("2026-05-12T10:00:00Z")
    datetime.datetime(2026, 5, 12, 10, 0, tzinfo=datetime.timezone.utc)
    >>> edit_time("yesterday") is None
    True
    """
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)


def place(lon: object, lat: object) -> Spot:
    """Return a position in 1e-7 degree; ``NOWHERE`` when it is no number, unknown without one.

    Examples
    --------
    >>> place("24.9", 60.1), place("24.9", "north")[0] == NOWHERE, place(None, 1)[0] == UNKNOWN
    ((249000000, 601000000), True, True)
    """
    if lon is None or lat is None:
        return UNKNOWN, UNKNOWN
    try:
        x, y = float(str(lon)), float(str(lat))
    except ValueError:
        return NOWHERE, NOWHERE
    good = math.isfinite(x) and math.isfinite(y) and max(abs(x), abs(y)) < LARGEST
    return (round(x * SCALE), round(y * SCALE)) if good else (NOWHERE, NOWHERE)
