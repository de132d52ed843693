"""How is an answer of the Overpass API (JSON) read?

Taken: ``out body`` with nodes, ``out geom`` (positions on ways and relation members), ``out meta``.
Without node ids, ids are made from the positions, so that ways that meet still share a node.
"""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any, Final

from gis.errors import SourceError
from gis.sources.osm_listed import Head, Listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gis.sources.osm_fast import Listing

Element = dict[str, Any]
SCALE: Final = 10_000_000
SHIFT: Final = 31


def list_objects(path: Path, form: str) -> Listing:
    """List all objects of an Overpass answer.

    Parameters
    ----------
    path
        The file.
    form
        ``json`` or ``json.gz``.

    Returns
    -------
    listing
        As from the fast reader, unfiltered.

    Raises
    ------
    SourceError
        If it is no JSON, no Overpass answer, or says itself that it is incomplete.
    """
    answer = _load(path, packed=form == "json.gz")
    elements = answer.get("elements") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(elements, list):
        msg = f"{path.name}: no list 'elements', so it is no Overpass answer; use [out:json]"
        raise SourceError(msg)
    if "error" in str(answer.get("remark", "")):
        msg = f"{path.name}: the server broke off ({answer['remark']}); ask for a smaller area"
        raise SourceError(msg)
    listed = Listed()
    for number, element in enumerate(elements, start=1):
        try:
            _add(listed, element)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            msg = f"{path.name}: element {number} lacks or misstates {error}"
            raise SourceError(msg) from error
    _add_member_ways(listed, elements)
    return listed.listing()


def node_number(lon: float, lat: float) -> int:
    """Make a node id from a position: negative, the same for the same place.

    Examples
    --------
    >>> node_number(24.9, 60.1) == node_number(24.9, 60.1) != node_number(24.9, 60.1000001)
    True
    """
    x, y = round((lon + 180) * SCALE), round((lat + 90) * SCALE)
    return -((x << SHIFT) | y) - 1


def _load(path: Path, *, packed: bool) -> object:
    try:
        raw = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
        answer: object = json.loads(raw)
    except (ValueError, RecursionError, OSError, EOFError, zlib.error) as error:
        msg = f"{path.name}: the file is truncated or damaged ({error}); download it again"
        raise SourceError(msg) from error
    return answer


def _add(listed: Listed, element: Element) -> None:
    """Add one element of the answer."""
    head = Head(
        number=int(element["id"]) if element["type"] in ("node", "way", "relation") else 0,
        version=str(element.get("version", "")),
        edited_at=str(element.get("timestamp", "")),
        tags={str(key): str(value) for key, value in element.get("tags", {}).items()},
    )
    if element["type"] == "node":
        listed.add_node(head, element.get("lon"), element.get("lat"))
    elif element["type"] == "way":
        listed.add_way(head, _refs(listed, element))
    elif element["type"] == "relation":
        members = element.get("members", [])
        listed.add_relation(head, [int(one["ref"]) for one in members if one["type"] == "way"])


def _refs(listed: Listed, way: Mapping[str, Any]) -> Sequence[int]:
    """Return the node ids of a way, and keep the positions that stand on it."""
    spots = way.get("geometry", [])
    refs = [int(ref) for ref in way.get("nodes", [])] or [
        node_number(spot["lon"], spot["lat"]) if spot else 0 for spot in spots
    ]
    for ref, spot in zip(refs, spots, strict=False):
        if spot:
            listed.add_place(ref, spot["lon"], spot["lat"])
    return refs


def _add_member_ways(listed: Listed, elements: Sequence[Element]) -> None:
    """Add the ways that stand only inside a relation, untagged."""
    seen = {element["id"] for element in elements if element["type"] == "way"}
    for relation in elements:
        for member in relation.get("members", ()):
            if member["type"] == "way" and member.get("geometry") and member["ref"] not in seen:
                seen.add(member["ref"])
                listed.add_way(Head(number=int(member["ref"])), _refs(listed, member))
