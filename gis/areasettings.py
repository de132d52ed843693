"""Which settings does an area have, and what holds when its file says nothing?

The rows of ``data/geo/rules/settings.csv`` are the settings: type, default, limits, allowed words
and meaning. A new row is a new setting; an empty default is null.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from gis.areavalues import SETTING_TYPES, a_number
from gis.csvfile import rows
from gis.errors import AreaError
from gis.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Mapping


def defaults() -> dict[str, Any]:
    """Return every setting with the value that holds when an area says nothing."""
    return {
        name: _value(row, row["default"].split("|") if row["type"] == "texts" else row["default"])
        if row["default"]
        else None
        for name, row in _rows().items()
    }


def read_settings(told: Mapping[str, Any], file: str) -> tuple[dict[str, Any], list[str]]:
    """Read an area's settings over the defaults.

    Parameters
    ----------
    told
        Setting to value, as the file has them.
    file
        What the file is called in a fault.

    Returns
    -------
    settings
        Every known setting, and unknown ones as they were given.
    faults
        One sentence for each value that is wrong and each name that looks misspelt.
    """
    known = _rows()
    made = defaults()
    faults = []
    for name, value in told.items():
        try:
            made[name] = _told(known, name, value)
        except ValueError as error:
            faults.append(f"{file}: settings.{name} {error}")
    return made, faults


def nearest(name: str, known: list[str]) -> str | None:
    """Return the known name that an unknown one was probably meant to be."""
    close = get_close_matches(name, known, n=1, cutoff=0.8)
    return close[0] if close else None


@cache
def _rows() -> dict[str, dict[str, str]]:
    path = data_dir() / "rules" / "settings.csv"
    found = {row["setting"]: row for row in rows(path)}
    for name, row in found.items():
        if row["type"] not in SETTING_TYPES:
            msg = (
                f"settings.csv: {name} has type {row['type']!r}, none of {', '.join(SETTING_TYPES)}"
            )
            raise AreaError(msg)
    return found


def _told(known: dict[str, dict[str, str]], name: str, value: object) -> object:
    if name in known:
        return None if value is None else _value(known[name], value)
    meant = nearest(name, list(known))
    if meant:
        msg = f"is no setting, did you mean {meant}?"
        raise ValueError(msg)
    return value


def _value(row: Mapping[str, str], value: object) -> object:
    """Read a value and hold it against the limits and the allowed words of its row."""
    read = SETTING_TYPES[row["type"]](value)
    allowed = row["allowed"].split("|") if row["allowed"] else []
    for word in read if isinstance(read, tuple) else [read]:
        if allowed and word not in allowed:
            msg = f"is {word!r}, should be one of {', '.join(allowed)}"
            raise ValueError(msg)
    if row["minimum"] and read < a_number(row["minimum"]):
        msg = f"is {value!r}, should be {row['minimum']} or more"
        raise ValueError(msg)
    if row["maximum"] and read > a_number(row["maximum"]):
        msg = f"is {value!r}, should be {row['maximum']} or less"
        raise ValueError(msg)
    return read
