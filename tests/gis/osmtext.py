"""How does a test write a small OSM file?

Nodes are ``{id: (lon, lat)}``; a node or way may carry tags. Nothing is checked: tests of bad input
write bad files with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Tags = dict[str, str]
LON, LAT = 15.58, 56.16
# One step is about 62 m east and 111 m north at Karlskrona.
STEP = 0.001


@dataclass
class Town:
    """Nodes, ways and relations of a made-up place."""

    nodes: dict[int, tuple[object, object]] = field(default_factory=dict)
    node_tags: dict[int, Tags] = field(default_factory=dict)
    ways: dict[int, tuple[Sequence[int], Tags]] = field(default_factory=dict)
    relations: dict[int, tuple[Sequence[tuple[str, int]], Tags]] = field(default_factory=dict)

    def node(self, number: int, x: float, y: float, **tags: str) -> Town:
        """Add a node `x` steps east and `y` steps north."""
        self.nodes[number] = (round(LON + x * STEP, 7), round(LAT + y * STEP, 7))
        self.node_tags[number] = spelled(tags)
        return self

    def way(self, number: int, refs: Sequence[int], tags: Mapping[str, str]) -> Town:
        """Add a way."""
        self.ways[number] = (refs, dict(tags))
        return self

    def relation(
        self, number: int, members: Sequence[tuple[str, int]], tags: Mapping[str, str]
    ) -> Town:
        """Add a relation of (type, id) members."""
        self.relations[number] = (members, dict(tags))
        return self

    def parts(self) -> list[str]:
        """Return the XML of each object."""
        nodes = [
            f'<node id="{number}" version="1" lon="{lon}" lat="{lat}">'
            f"{tagged(self.node_tags.get(number, {}))}</node>"
            for number, (lon, lat) in self.nodes.items()
        ]
        ways = [
            f'<way id="{number}" version="2" timestamp="2026-05-12T10:00:00Z">'
            + "".join(f'<nd ref="{ref}"/>' for ref in refs)
            + f"{tagged(tags)}</way>"
            for number, (refs, tags) in self.ways.items()
        ]
        relations = [
            f'<relation id="{number}" version="1">'
            + "".join(f'<member type="{kind}" ref="{ref}" role=""/>' for kind, ref in members)
            + f"{tagged(tags)}</relation>"
            for number, (members, tags) in self.relations.items()
        ]
        return nodes + ways + relations

    def xml(self) -> str:
        """Return the whole file."""
        return wrapped(self.parts())

    def save(self, folder: Path, name: str = "town.osm") -> Path:
        """Write the file."""
        path = folder / name
        path.write_text(self.xml(), encoding="utf-8")
        return path


def wrapped(parts: Sequence[str]) -> str:
    """Put objects into an OSM file in this order."""
    body = "\n".join(parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n{body}\n</osm>\n'


def tagged(tags: Mapping[str, str]) -> str:
    """Write tags."""
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


def spelled(tags: Mapping[str, str]) -> Tags:
    """Turn ``traffic_sign__forward`` into ``traffic_sign:forward``."""
    return {key.replace("__", ":"): value for key, value in tags.items()}


def line(*tags: tuple[str, str]) -> Town:
    """Return one way over three nodes, 1–2–3, eastward."""
    town = Town().node(1, 0, 0).node(2, 1, 0).node(3, 2, 0)
    return town.way(10, [1, 2, 3], dict(tags))
