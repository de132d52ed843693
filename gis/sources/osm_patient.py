"""How is an OSM file read that libosmium cannot hold?

Slower, one object at a time in Python, for what editors and tests produce: negative ids, texts of
any length, coordinates that are none. XML entities are refused: no OSM file declares any.
"""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

import osmium

from gis.errors import SourceError
from gis.sources.osm_fast import WAY
from gis.sources.osm_listed import Head, Listed

if TYPE_CHECKING:
    from pathlib import Path

    from gis.sources.osm_fast import Listing

OBJECTS: Final = ("node", "way", "relation")


class _Scribe:
    """Take down the elements of an OSM XML file as they come."""

    def __init__(self) -> None:
        self.listed = Listed()
        self._at: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._refs: list[int] = []
        self._members: list[int] = []

    def start(self, name: str, at: dict[str, str]) -> None:
        """Take down the start of an element."""
        if name in OBJECTS:
            self._at, self._tags, self._refs, self._members = at, {}, [], []
        elif name == "tag":
            self._tags[at["k"]] = at["v"]
        elif name == "nd":
            self._refs.append(int(at["ref"]))
        elif name == "member" and at["type"] == "way":
            self._members.append(int(at["ref"]))

    def end(self, name: str) -> None:
        """Close an element."""
        if name not in OBJECTS or self._at.get("action") == "delete":
            return
        at = self._at
        head = Head(
            number=int(at["id"]),
            version=at.get("version", ""),
            edited_at=at.get("timestamp", ""),
            tags=self._tags,
        )
        if name == "node":
            self.listed.add_node(head, at.get("lon"), at.get("lat"))
        elif name == "way":
            self.listed.add_way(head, self._refs)
        else:
            self.listed.add_relation(head, self._members)


def list_objects(path: Path, form: str) -> Listing:
    """List all objects of a file.

    Parameters
    ----------
    path
        The file.
    form
        ``osm``, ``osm.gz`` or ``pbf``.

    Returns
    -------
    listing
        As from the fast reader, unfiltered.

    Raises
    ------
    SourceError
        If the file is truncated, damaged, or says something that is no OSM object.
    """
    try:
        return _from_pbf(path) if form == "pbf" else _from_xml(path, packed=form == "osm.gz")
    except (expat.ExpatError, OSError, EOFError, zlib.error, RuntimeError) as error:
        msg = f"{path.name}: the file is truncated or damaged ({error}); download it again"
        raise SourceError(msg) from error
    except (KeyError, ValueError, IndexError) as error:
        msg = f"{path.name}: an object lacks or misstates {error}; every object has a whole number"
        raise SourceError(msg) from error


def _from_xml(path: Path, *, packed: bool) -> Listing:
    scribe = _Scribe()
    parser = expat.ParserCreate()
    parser.StartElementHandler = scribe.start
    parser.EndElementHandler = scribe.end
    parser.EntityDeclHandler = _refuse_entity
    with gzip.open(path) if packed else path.open("rb") as stream:
        parser.ParseFile(stream)
    return scribe.listed.listing()


def _refuse_entity(name: str, *_: object) -> None:
    msg = f"the XML entity {name!r}, which no OSM file declares"
    raise ValueError(msg)


def _from_pbf(path: Path) -> Listing:
    listed = Listed()
    # A loop over objects, because libosmium joins no positions to negative ids.
    for item in osmium.FileProcessor(osmium.io.File(str(path), "pbf")):
        if not isinstance(item, osmium.osm.Node | osmium.osm.Way | osmium.osm.Relation):
            continue
        stamp = item.timestamp.strftime("%Y-%m-%dT%H:%M:%SZ") if item.timestamp else ""
        head = Head(
            number=item.id,
            version=str(item.version),
            edited_at=stamp,
            tags={tag.k: tag.v for tag in item.tags},
        )
        if isinstance(item, osmium.osm.Node):
            spot = item.location
            listed.add_node(head, str(spot.lon_without_check()), str(spot.lat_without_check()))
        elif isinstance(item, osmium.osm.Way):
            listed.add_way(head, [node.ref for node in item.nodes])
        else:
            listed.add_relation(head, [one.ref for one in item.members if one.type == WAY])
    return listed.listing()
