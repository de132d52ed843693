"""Is what the client holds still what stands?

A strong tag of a feature reads ``"VERSION-STATE-VIEW"``: the segment's version, a digest of the
stored feature, and a digest of how it was shown (coordinate system, format). A write compares
the first two, so that a tag got in EPSG:3006 serves as well as one got in CRS84.
"""

from __future__ import annotations

import hashlib
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import orjson

from api.compress import untagged
from api.errors import Problem
from api.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.store import Revision, Store

DIGEST: Final = 16
ANY: Final = "*"
PROGRAM: Final = version("gcvag")
_TAG: Final = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*')


def short(*parts: bytes) -> str:
    """Digest bytes into a short word."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:DIGEST]


def state(feature: bytes) -> str:
    """Say which state of a feature this is: version and digest."""
    version = orjson.loads(feature)["properties"].get("version", 0)
    return f"{version}-{short(feature)}"


def tag(current: str, *view: str) -> str:
    """Write the strong tag of a state as it is shown."""
    return f'"{current}-{short(*(part.encode() for part in view))}"'


def of_body(body: bytes) -> str:
    """Write the strong tag of any other answer."""
    return f'"{short(body)}"'


def of_state(store: Store, *view: str) -> str:
    """Write the strong tag of whatever is read of a store in one way: known before it is read.

    It names the state of the layers, the end of the record (a store that was restored counts its
    states anew) and the program that renders.
    """
    head = f"{store.head()[1]} {store.layers_state()} {PROGRAM}"
    return f'"{short(head.encode(), *(part.encode() for part in view))}"'


def held(header: str, current: str) -> str | None:
    """Give the current tag as ``If-None-Match`` names it (weak comparison), or None.

    Examples
    --------
    >>> held('W/"a", "b"', '"b"'), held("*", '"b"'), held('"b+gzip"', '"b"'), held('"c"', '"b"')
    ('"b"', '"b"', '"b+gzip"', None)
    """
    if header.strip() == ANY:
        return current
    named = (opaque for _, opaque in _TAG.findall(header))
    return next((f'"{opaque}"' for opaque in named if f'"{untagged(opaque)}"' == current), None)


def demand_match(header: str | None, current: str, more: Mapping[str, Any]) -> None:
    """Refuse a write that was not made on what stands.

    Parameters
    ----------
    header
        ``If-Match`` as sent.
    current
        Version and digest of what stands, as in `state`.
    more
        What a refusal tells: the current version and the fields that differ.

    Raises
    ------
    Problem
        ``match_needed`` (428), ``bad_match`` (400) or ``stale`` (412).
    """
    if header is None:
        raise Problem(Kind.MATCH_NEEDED)
    if header.strip() == ANY:
        return
    if not all(_TAG.fullmatch(part) for part in header.split(",")):
        raise Problem(Kind.BAD_MATCH)
    strong = [opaque for weak, opaque in _TAG.findall(header) if not weak]
    if not any(opaque.rpartition("-")[0] == current for opaque in strong):
        raise Problem(Kind.STALE, **more)


def difference(store: Store, feature: bytes, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Say what stands now where the writer wants something else.

    Returns
    -------
    more
        ``version`` and ``differences``: for each field that differs its name, the value that
        stands (``current``) and the one before the last decision (``previous``, where the
        history knows it). What the writer sent is not repeated.
    """
    parsed = orjson.loads(feature)
    properties = parsed["properties"]
    before = _before(store.revisions("decision", parsed["id"]))
    fields = [name for name in wanted if name in properties and properties[name] != wanted[name]]
    return {
        "version": properties.get("version", 0),
        "differences": [
            {"field": name, "current": properties[name]}
            | ({"previous": before[name]} if name in before else {})
            for name in fields
        ],
    }


def _before(decided: Sequence[Revision]) -> dict[str, Any]:
    """Return the decision before the last one."""
    return decided[-2].body if len(decided) > 1 else {}
