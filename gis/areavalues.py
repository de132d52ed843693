"""What may an area's file say under each of its keys?

Every reader takes the value as TOML or JSON gives it and returns the value that the rest of the
program sees, or raises ValueError with what would be right. Positions are longitude, latitude.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely import Polygon

from gis.csvfile import number

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTRIES: Final = ("SE", "FI", "DE", "NO", "DK")
Point = tuple[float, float]
Ring = tuple[Point, ...]

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_DURATION: Final = re.compile(r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?)?")
_HOURS: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d")
_MOST_LON: Final = 180
_MOST_LAT: Final = 90
_RING_CORNERS: Final = 3


def identifier(value: object) -> str:
    """Read the short name of an area."""
    return _matching(value, _ID, "should be letters, digits, - and _, such as 'karlskrona'")


def text(value: object) -> str:
    """Read a text that is not empty."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise _wrong(value, "should be a text that is not empty")


def texts(value: object) -> tuple[str, ...]:
    """Read one text or a list of texts."""
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(text(item) for item in items)


def country(value: object) -> str:
    """Read a country whose signs are known."""
    if value in COUNTRIES:
        return str(value)
    raise _wrong(value, f"should be one of {', '.join(COUNTRIES)}")


def languages(value: object) -> tuple[str, ...]:
    """Read languages in the order in which names are chosen."""
    right = "should be a list of language codes, such as ['sv', 'en']"
    items = value if isinstance(value, list | tuple) else [value]
    if not items:
        raise _wrong(value, right)
    return tuple(_matching(item, _LANGUAGE, right) for item in items)


def crs(value: object) -> int:
    """Read the EPSG code of a projected system in metres."""
    right = "should be the EPSG code of a projected system in metres, such as 3006"
    code = value.upper().removeprefix("EPSG:") if isinstance(value, str) else value
    if isinstance(code, bool) or not str(code).isdigit():
        raise _wrong(value, right)
    try:
        system = CRS.from_epsg(int(str(code)))
    except CRSError as error:
        raise _wrong(value, right) from error
    if not system.is_projected or {axis.unit_name for axis in system.axis_info} != {"metre"}:
        raise _wrong(value, right)
    return int(str(code))


def bbox(value: object) -> tuple[float, float, float, float]:
    """Read west, south, east, north."""
    right = "should be [west, south, east, north] in degrees"
    if not isinstance(value, list | tuple) or len(value) != len("wsen"):
        raise _wrong(value, right)
    west, south, east, north = (_degrees(item, right) for item in value)
    point([west, south])
    point([east, north])
    if not (west < east and south < north):
        raise _wrong(value, f"{right}, west below east and south below north")
    return west, south, east, north


def point(value: object) -> Point:
    """Read one position."""
    right = "should be [longitude, latitude], within 180 and 90 degrees"
    if not isinstance(value, list | tuple) or len(value) != len(("lon", "lat")):
        raise _wrong(value, right)
    lon, lat = (_degrees(item, right) for item in value)
    if abs(lon) > _MOST_LON or abs(lat) > _MOST_LAT:
        raise _wrong(value, right)
    return lon, lat


def ring(value: object) -> Ring:
    """Read a simple polygon; a last corner that repeats the first is left out."""
    right = "should be a list of at least three [longitude, latitude] that do not cross"
    if not isinstance(value, list | tuple):
        raise _wrong(value, right)
    corners = [point(item) for item in value]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if len(corners) < _RING_CORNERS or not Polygon(corners).is_valid:
        raise _wrong(value, right)
    return tuple(corners)


def sources(value: object) -> dict[str, dict[str, Any]]:
    """Read sources by name: an address, or a table with `address` and what goes with it."""
    right = "should be tables such as [sources.osm] with address = 'https://…'"
    if not isinstance(value, dict):
        raise _wrong(value, right)
    made = {name: _source(told, right) for name, told in value.items()}
    return {name: told | {"address": text(told["address"])} for name, told in made.items()}


def districts(value: object) -> tuple[dict[str, Any], ...]:
    """Read districts: `name` and `ring` each, `district_id` made of the name when absent."""
    right = "should be tables [[districts]] with name and ring, each name once"
    if not isinstance(value, list | tuple):
        raise _wrong(value, right)
    made = tuple(_district(told, right) for told in value)
    if len({told["district_id"] for told in made}) < len(made):
        raise _wrong([told["name"] for told in made], right)
    return made


def dates(value: object) -> tuple[date, ...]:
    """Read dates: a list, or a table of year to one date or a list; in order of time."""
    if isinstance(value, dict):
        return tuple(sorted(day for told in value.values() for day in dates(told)))
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(sorted(a_date(item) for item in items))


def a_date(value: object) -> date:
    """Read a date as TOML writes it or as text."""
    right = "should be a date such as 2026-08-17"
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise _wrong(value, right) from error


def durations(value: object) -> dict[str, str]:
    """Read delays by promise row, as ISO 8601 durations."""
    if not isinstance(value, dict):
        raise _wrong(value, "should be a table such as night_walks = 'P7D'")
    return {name: duration(told) for name, told in value.items()}


def duration(value: object) -> str:
    """Read an ISO 8601 duration."""
    return _matching(value, _DURATION, "should be an ISO 8601 duration, such as 'P30D'")


def basemap(value: object) -> dict[str, Any]:
    """Read a background: its address, and what the page must say about it."""
    right = "should be a table with address = 'https://…' and attribution"
    if not isinstance(value, dict) or not {"address", "attribution"} <= value.keys():
        raise _wrong(value, right)
    return dict(value) | {key: text(value[key]) for key in ("address", "attribution")}


def table(value: object) -> dict[str, Any]:
    """Read a table whose keys are judged elsewhere."""
    if isinstance(value, dict):
        return dict(value)
    raise _wrong(value, "should be a table")


def hours(value: object) -> str:
    """Read hours of the night, from-to."""
    return _matching(value, _HOURS, "should be hours such as '00:00-04:00'")


def boolean(value: object) -> bool:
    """Read true or false, also as a spreadsheet's yes and no."""
    spoken = {"yes": True, "no": False}.get(value) if isinstance(value, str) else value
    if isinstance(spoken, bool):
        return spoken
    raise _wrong(value, "should be true or false")


def a_number(value: object) -> float:
    """Read a finite number; a text may hold a decimal comma."""
    right = "should be a number"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _wrong(value, right)
    try:
        return number(str(value))
    except ValueError as error:
        raise _wrong(value, right) from error


def integer(value: object) -> int:
    """Read a whole number."""
    read = a_number(value)
    if read != int(read):
        raise _wrong(value, "should be a whole number")
    return int(read)


SETTING_TYPES: Final[dict[str, Callable[[object], Any]]] = {
    "integer": integer,
    "number": a_number,
    "boolean": boolean,
    "date": a_date,
    "hours": hours,
    "text": text,
    "texts": texts,
}


def _wrong(value: object, right: str) -> ValueError:
    return ValueError(f"is {value!r}; it {right}")


def _matching(value: object, pattern: re.Pattern[str], right: str) -> str:
    if isinstance(value, str) and pattern.fullmatch(value):
        return value
    raise _wrong(value, right)


def _degrees(value: object, right: str) -> float:
    if isinstance(value, str):
        raise _wrong(value, right)
    try:
        return a_number(value)
    except ValueError as error:
        raise _wrong(value, right) from error


def _source(told: object, right: str) -> dict[str, Any]:
    made = {"address": told} if isinstance(told, str) else told
    if not isinstance(made, dict):
        raise _wrong(told, right)
    address = made.get("address", made.get("url"))
    if address is None:
        raise _wrong(told, right)
    return {key: item for key, item in made.items() if key != "url"} | {"address": address}


def _district(told: object, right: str) -> dict[str, Any]:
    if not isinstance(told, dict) or not {"name", "ring"} <= told.keys():
        raise _wrong(told, right)
    name = text(told["name"])
    return {
        "district_id": text(told.get("district_id", name)),
        "name": name,
        "ring": ring(told["ring"]),
    }
