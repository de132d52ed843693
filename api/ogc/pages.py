"""Which features stand on this page of a collection?

Features come rendered from the store (CRS84) in the order of their key; only another coordinate
system makes it necessary to parse them. The work grows with the page, not with the collection.
"""

from __future__ import annotations

from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson

from api.errors import Problem
from api.kinds import Kind
from api.ogc import cursor, matching, wire
from api.ogc.links import FORMS, GEOJSON, JSON, address, link, twins
from gis.errors import LayerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.ogc.cql import Language
    from api.ogc.scene import Scene
    from api.ogc.wire import Wire
    from gis.store import Store

LIMIT: Final = 100
LIMIT_MAX: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client asks of a collection, as it stands in the address."""

    bbox: str | None = None
    bbox_crs: str | None = None
    crs: str | None = None
    limit: int = LIMIT
    cursor: str | None = None
    filter: str | None = None
    filter_lang: Language = "cql2-text"
    filter_crs: str | None = None
    datetime: str | None = None
    as_of: str | None = None
    properties: tuple[tuple[str, str], ...] = ()

    def query(self, cursor: str | None) -> dict[str, str | int | None]:
        """Write the parameters of another page of the same question."""
        return {
            "bbox": self.bbox,
            "bbox-crs": self.bbox_crs,
            "crs": self.crs,
            "limit": self.limit if self.limit != LIMIT else None,
            "filter": self.filter,
            "filter-lang": self.filter_lang if self.filter is not None else None,
            "filter-crs": self.filter_crs,
            "datetime": self.datetime,
            "as_of": self.as_of,
            **dict(self.properties),
            "cursor": cursor,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: rendered features, how many there are in all, its links and system."""

    features: list[bytes]
    matched: int
    links: list[dict[str, str]]
    system: Wire

    def body(self) -> bytes:
        """Write the page as a GeoJSON FeatureCollection."""
        head = {
            "type": "FeatureCollection",
            "numberMatched": self.matched,
            "numberReturned": len(self.features),
            "links": self.links,
        }
        return orjson.dumps(head)[:-1] + b',"features":[' + b",".join(self.features) + b"]}"


def page(scene: Scene, name: str, asked: Asked, secret: bytes) -> Page:
    """Read one page of a collection.

    Parameters
    ----------
    scene
        The store and its area, which names the working system.
    name
        The collection.
    asked
        What the client wants; `limit` is at least 1.
    secret
        Signs the cursor of the next page.

    Returns
    -------
    page
        At most ``limit`` features, in the system asked for.

    Raises
    ------
    Problem
        For a box, system or cursor that cannot be used, or a collection that is not there.
    """
    system = wire.wire(asked.crs, scene.area)
    after = cursor.read(secret, name, asked.cursor) if asked.cursor is not None else None
    if name not in scene.store.layer_names():
        raise Problem(Kind.NOT_FOUND)
    found, matched = _found(scene, name, asked, after)
    shown = found[: asked.limit]
    onward = None
    if len(found) > len(shown):
        onward = cursor.write(secret, name, orjson.loads(shown[-1])["id"])
    links = _links(scene, name, asked, onward)
    return Page(features=moved(shown, system), matched=matched, links=links, system=system)


def _view(scene: Scene, name: str, asked: Asked) -> wire.Box | Literal[False] | None:
    """Return the window asked for in the working system; null is everywhere, false nowhere."""
    if asked.bbox is None:
        return None
    boxed = wire.wire(asked.bbox_crs, scene.area)
    box = wire.read_bbox(asked.bbox, boxed)
    return wire.window(box, boxed, scene.store.extent(name), scene.area.crs) or False


def _found(scene: Scene, name: str, asked: Asked, after: str | None) -> tuple[list[bytes], int]:
    """Read one feature more than the page holds, and count all that match."""
    view = _view(scene, name, asked)
    if view is False:
        return [], 0
    keys = matching.keys(scene, name, asked, view)
    if keys is None:
        found = scene.store.features(name, bbox=view, limit=asked.limit + 1, after=after)
        if after is None and len(found) <= asked.limit:
            return found, len(found)
        return found, scene.store.count(name, bbox=view)
    wanted = keys[bisect_right(keys, after or "") :][: asked.limit + 1]
    read = [scene.store.feature(name, key) for key in wanted]
    return [feature for feature in read if feature is not None], len(keys)


def _links(scene: Scene, name: str, asked: Asked, onward: str | None) -> list[dict[str, str]]:
    """Link a page to itself, its other format, the next page and the collection."""
    above = address(scene.base, f"/ogc/collections/{name}")
    here = address(above, "/items", **asked.query(asked.cursor))
    made = twins(here, GEOJSON, html=scene.html)
    if onward is not None:
        there = address(above, "/items", **asked.query(onward), f=scene.form)
        made.append(link(there, "next", FORMS[scene.form]))
    return [*made, link(f"{above}?f=json", "collection", JSON)]


def moved(features: Sequence[bytes], system: Wire) -> list[bytes]:
    """Move rendered features to another system; CRS84 stays as it is."""
    if system == wire.LON_LAT:
        return list(features)
    parsed: list[dict[str, Any]] = [orjson.loads(feature) for feature in features]
    wire.move(parsed, system)
    return [orjson.dumps(feature) for feature in parsed]


def one(store: Store, name: str, key: str) -> bytes:
    """Read one rendered feature (CRS84); 404 when there is none."""
    with suppress(LayerError):
        feature = None if "\x00" in key else store.feature(name, key)
        if feature is not None:
            return feature
    raise Problem(Kind.NOT_FOUND)


def item(scene: Scene, name: str, feature: bytes, system: Wire) -> bytes:
    """Write one feature with its links, in the system asked for."""
    key = orjson.loads(feature)["id"]
    here = address(scene.base, f"/ogc/collections/{name}/items/{key}")
    links = [
        *twins(here, GEOJSON, html=scene.html),
        link(address(scene.base, f"/ogc/collections/{name}", f="json"), "collection", JSON),
    ]
    (shown,) = moved([feature], system)
    return shown[:-1] + b',"links":' + orjson.dumps(links) + b"}"


def link_header(links: Sequence[dict[str, str]]) -> str:
    """Write links as a header, for formats that have no place for them.

    Examples
    --------
    >>> link_header([{"href": "http://x", "rel": "next", "type": "text/csv"}])
    '<http://x>; rel="next"; type="text/csv"'
    """
    return ", ".join(f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"' for one in links)
