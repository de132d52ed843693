"""Which schools does the national register name in the municipality, and where do they stand?

The list holds no places, so each unit of the municipality is asked for by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import orjson

from gis.errors import SourceError
from gis.sources.downloading import Question
from gis.sources.layout import plain, read_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gis.areas import Area

MUNICIPALITY: Final = ("municipalitycode", "kommunkod", "municipality_code")
DEEPEST: Final = 12
MOST: Final = 500


def fetch(area: Area, source: dict[str, Any], ask: Callable[[Question], bytes]) -> bytes:
    """Ask for the list, then for each unit; the answer is what the reader of ``schools`` takes.

    Raises
    ------
    SourceError
        If no unit of the municipality is named, or more than a municipality has.
    """
    code = str(source.get("municipality_code") or area.municipality_code or "")
    address = str(source["address"]).rstrip("/")
    listed = list(_units(_told(ask(Question(address=address)), address), 0))
    numbers = [number for unit in listed if (number := _number(unit)) and _of(unit) == code]
    if not code or not 0 < len(numbers) <= MOST:
        msg = (
            f"{address}: {len(numbers)} units of municipality {code!r}; import the register's file."
        )
        raise SourceError(msg)
    found = [_told(ask(Question(address=f"{address}/{quote(n, safe='')}")), n) for n in numbers]
    return orjson.dumps({"schoolUnits": found})


def _told(answer: bytes, where: str) -> object:
    try:
        told: object = orjson.loads(answer)
    except orjson.JSONDecodeError as error:
        msg = f"{where}: the answer is no whole JSON; try later."
        raise SourceError(msg) from error
    return told


def _units(body: object, depth: int) -> Iterator[dict[str, Any]]:
    """Walk through an answer and yield the objects that have a unit code."""
    if depth > DEEPEST:
        return
    if isinstance(body, dict):
        if _number(body):
            yield body
            return
        body = list(body.values())
    if isinstance(body, list):
        for part in body:
            yield from _units(part, depth + 1)


def _number(unit: dict[str, Any]) -> str:
    """Return the code of a unit; empty for an object that is none."""
    names = {plain(name) for name in read_toml("schools")["columns"]["number"][:2]}
    return next((str(value) for key, value in unit.items() if plain(key) in names), "")


def _of(unit: dict[str, Any]) -> str:
    """Return the code of the municipality of a unit."""
    names = {plain(name) for name in MUNICIPALITY}
    return next((str(value) for key, value in unit.items() if plain(key) in names), "")
