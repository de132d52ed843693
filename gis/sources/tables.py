"""Which tags are kept, and which role does a tagged object play?

Both are tables in ``data/geo/rules``: ``osm_tags.csv`` and ``osm_roles.csv``; the tags of a
street's side are made from the former. Nothing here reads a delivery.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Final

from gis import csvfile
from gis.settings import data_dir

# Route relations that concern people on foot and on bicycles.
ROUTES: Final = ("bicycle", "foot", "hiking", "mtb", "walking")
SIDE_TAGS: Final = ("cycleway", "sidewalk")
# Attributes that a street states for one side of it, as in cycleway:right:width.
SIDE_ATTRIBUTES: Final = (
    "bicycle",
    "buffer",
    "foot",
    "lane",
    "moped",
    "oneway",
    "segregated",
    "separation",
    "separation:left",
    "separation:right",
    "smoothness",
    "surface",
    "traffic_sign",
    "width",
    "est_width",
)
# Attributes whose column of the side has another name than the attribute.
SIDE_COLUMNS: Final = {"lane": "cycleway:lane"}
NODE_KEYS: Final = (
    "traffic_sign",
    "crossing",
    "barrier",
    "direction",
    "bicycle",
    "foot",
    "access",
    "crossing:markings",
    "crossing:island",
    "crossing:signals",
    "traffic_sign:forward",
    "traffic_sign:backward",
    "traffic_sign:direction",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagTable:
    """Which keys become columns, and whose they are at a street's side."""

    segment_keys: tuple[str, ...]
    way_keys: tuple[str, ...]
    own_at_side: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What an object with one tag is; `kind` is the tag's value unless the table says another."""

    name: str
    kind: str
    park: bool


def side_keys() -> tuple[str, ...]:
    """Return the keys by which a street describes one of its sides.

    Examples
    --------
    >>> "cycleway:right:width" in side_keys(), "sidewalk:both:surface" in side_keys()
    (True, True)
    """
    places = (":left", ":right", ":both", "")
    keys = (f"{tag}{at}:{what}" for tag, at, what in product(SIDE_TAGS, places, SIDE_ATTRIBUTES))
    kept = set(tag_table().segment_keys)
    return tuple(key for key in keys if key not in kept)


@cache
def tag_table() -> TagTable:
    """Read which keys are kept."""
    rows = [row.cells for row in csvfile.read(data_dir() / "rules" / "osm_tags.csv").rows]
    return TagTable(
        segment_keys=tuple(row["key"] for row in rows if row["kept"] == "segment"),
        way_keys=tuple(row["key"] for row in rows if row["kept"] == "way"),
        own_at_side=frozenset(row["key"] for row in rows if row["on_side"] == "own"),
    )


@cache
def tag_keys() -> tuple[str, ...]:
    """Return every key that is a column of ``Reading.ways``."""
    table = tag_table()
    return (*table.segment_keys, *table.way_keys, *side_keys())


@cache
def _roles(kind: str) -> dict[tuple[str, str], Role]:
    rows = [row.cells for row in csvfile.read(data_dir() / "rules" / "osm_roles.csv").rows]
    return {
        (row["key"], row["value"]): Role(
            name=row["role"], kind=row["kind"], park=row["park"] == "yes"
        )
        for row in rows
        if row["object"] == kind
    }


def role_keys(*kinds: str) -> tuple[str, ...]:
    """Return the keys that can give objects of these kinds (way, node, area) a role."""
    return tuple(sorted({key for kind in kinds for key, _ in _roles(kind)}))


def role_of(kind: str, key: str, value: str) -> Role | None:
    """Return the role that one tag gives to an object of a kind; None for none.

    Examples
    --------
    >>> role_of("way", "highway", "footway")
    Role(name='path', kind='footway', park=False)
    >>> role_of("area", "building", "no") is None
    True
    """
    if value == "no":
        return None
    roles = _roles(kind)
    role = roles.get((key, value)) or roles.get((key, "*"))
    return role if role is None or role.kind else replace(role, kind=value)
