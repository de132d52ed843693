"""Which features of a collection does a question choose?

``filter``, single properties and ``datetime`` become one CQL2 tree, evaluated over the rows in the
window. The answer is keys; the features themselves come rendered from the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.errors import Problem
from api.kinds import Kind
from api.ogc import cql, wire
from api.ogc.filters import chosen
from api.ogc.operands import Table, instant, queryable
from gis.contracts import contract as contract_of

if TYPE_CHECKING:
    import geopandas as gpd

    from api.ogc.pages import Asked
    from api.ogc.scene import Scene
    from gis.contracts import Contract

TIMES: Final = {"segments": ("valid_from", "valid_to"), "observations": ("observed_at", None)}
"""Columns that say from when and till when a feature holds; others hold at every time."""

WORDS: Final = {"true": True, "false": False}


def tree(name: str, asked: Asked) -> dict[str, Any] | None:
    """Write everything a question asks besides the window as one filter; null is nothing."""
    contract = contract_of(name)
    parts = [_equal(contract, *pair) for pair in asked.properties]
    if asked.filter is not None:
        parts.append(cql.read(asked.filter, asked.filter_lang))
    if asked.datetime is not None:
        ends = [instant(end) for end in asked.datetime.split("/")]
        if len(ends) > 1 and ends[0] > ends[1]:
            raise Problem(Kind.BAD_PARAMETER, parameters=["datetime"])
        parts += _during(asked.datetime, *TIMES[name]) if name in TIMES else []
    return {"op": "and", "args": parts} if parts else None


def keys(scene: Scene, name: str, asked: Asked, view: wire.Box | None) -> list[str] | None:
    """Return the keys a question chooses, in their order; null when it asks for everything.

    Parameters
    ----------
    scene
        The store, its area and the layers kept in memory.
    name
        The collection.
    asked
        The question.
    view
        The window in the working system; null is everywhere.
    """
    asked_for = tree(name, asked)
    if asked_for is None:
        return None
    contract = contract_of(name)
    frame = _rows(scene, name, view)
    system = wire.wire(asked.filter_crs, scene.area)
    table = Table(frame, contract, scene.area.crs, system)
    found: list[str] = frame[contract.key][chosen(asked_for, table)].tolist()
    return found


def _rows(scene: Scene, name: str, view: wire.Box | None) -> gpd.GeoDataFrame:
    """Read the rows that can match."""
    if view is None and scene.as_of is None:
        return scene.frames.whole(scene.now, name)
    return scene.store.layer(name, bbox=view)


def _equal(contract: Contract, name: str, text: str) -> dict[str, Any]:
    """Ask that a property has a value, written as text in the address."""
    value: Any = text
    match queryable(contract)[name]:
        case "number":
            try:
                value = float(text)
            except ValueError:
                raise Problem(Kind.BAD_PARAMETER, parameters=[name]) from None
        case "boolean":
            if text not in WORDS:
                raise Problem(Kind.BAD_PARAMETER, parameters=[name])
            value = WORDS[text]
        case "time":
            value = {"timestamp": text}
        case "list":
            return {"op": "a_contains", "args": [{"property": name}, [text]]}
    return {"op": "=", "args": [{"property": name}, value]}


def _during(text: str, start: str, end: str | None) -> list[dict[str, Any]]:
    """Ask that a feature holds at a time or within an interval."""
    first, _, last = text.partition("/")
    last = last if "/" in text else first
    begins, parts = {"property": start}, []
    if last not in {"", ".."}:
        parts.append({"op": "<=", "args": [begins, {"timestamp": _end_of(last)}]})
    if first not in {"", ".."}:
        since = {"timestamp": first}
        if end is None:
            parts.append({"op": ">=", "args": [begins, since]})
        else:
            ends = {"property": end}
            holds = {"op": ">", "args": [ends, since]}
            parts.append({"op": "or", "args": [{"op": "isNull", "args": [ends]}, holds]})
    return parts


def _end_of(text: str) -> str:
    """Return the last moment of a day; a time stays as it is."""
    return text if "T" in text else f"{text}T23:59:59.999999"
