"""Is an operation from a phone one that can be understood?

Nothing is coerced: a number is a JSON number, a time is ISO 8601, a place is finite degrees.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeGuard
from uuid import UUID

from gis import codes
from gis.marks.drawn import path_id

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = ("mark", "split", "visit", "undo", "photo", "path", "move", "join")
TEXT_FIELDS: Final = ("plate", "separation", "surface", "note", "path_class")
LIST_FIELDS: Final = ("signs", "signs_end", "markings")
LON_MAX: Final = 180.0
LAT_MAX: Final = 90.0
WIDTH_MAX_M: Final = 100.0
LINE_POINTS: Final = range(2, 2001)


def fault(operation: object) -> str | None:
    """Name the first thing that makes an operation unreadable; null when it can be understood.

    Returns
    -------
    key
        A key of the catalogue ``marks``, for instance ``bad_kind``.

    Examples
    --------
    >>> fault({"op_id": "no", "kind": "mark"})
    'bad_op_id'
    """
    if not isinstance(operation, dict):
        return "not_object"
    tests = (
        ("bad_op_id", _is_uuid(operation.get("op_id"))),
        ("bad_kind", operation.get("kind") in KINDS),
        ("bad_segment", isinstance(operation.get("segment_id"), str)),
        ("bad_version", _is_version(operation.get("base_version"))),
        ("bad_time", _is_time(operation.get("observed_at"))),
        ("bad_fix", _is_fix(operation.get("fix"))),
        ("bad_fields", _are_fields(operation.get("fields"))),
        ("bad_line", operation.get("kind") != "path" or _is_path(operation)),
        ("bad_move", operation.get("kind") != "move" or _is_move(operation)),
        ("bad_join", operation.get("kind") != "join" or _is_join(operation)),
        ("bad_photo", operation.get("photo_sha256") is None or _is_hash(operation["photo_sha256"])),
    )
    return next((key for key, fits in tests if not fits), None)


def _is_uuid(value: object) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value.lower()
    except ValueError:
        return False


def _is_version(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)


def _is_time(value: object) -> bool:
    if value is None:
        return True
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_number(value: object, most: float) -> TypeGuard[float]:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) <= most
    )


def _is_fix(value: object) -> bool:
    return value is None or is_place(value)


def is_place(value: object) -> bool:
    """Tell whether an object names a place on earth.

    Examples
    --------
    >>> is_place({"lon": 15.6, "lat": 56.2}), is_place({"lon": 15.6}), is_place(None)
    (True, False, False)
    """
    if not isinstance(value, dict):
        return False
    return _is_number(value.get("lon"), LON_MAX) and _is_number(value.get("lat"), LAT_MAX)


def _is_path(operation: Mapping[str, Any]) -> bool:
    """Tell whether a drawing names its own segment and a line of at least two places."""
    return operation["segment_id"] == path_id(str(operation["op_id"])) and is_line(
        _field(operation, "line")
    )


def _is_move(operation: Mapping[str, Any]) -> bool:
    """Tell whether a segment is given a line; the one that was shown may stand beside it."""
    before = _field(operation, "before")
    return is_line(_field(operation, "line")) and (before is None or is_line(before))


def _is_join(operation: Mapping[str, Any]) -> bool:
    """Tell whether another segment is named."""
    other = _field(operation, "with")
    return isinstance(other, str) and other not in ("", operation["segment_id"])


def _field(operation: Mapping[str, Any], name: str) -> object:
    """Return a field of an operation; null where there is none."""
    fields = operation.get("fields")
    return fields.get(name) if isinstance(fields, dict) else None


def is_line(line: object) -> bool:
    """Tell whether this is a list of [lon, lat] with at least two different places.

    Examples
    --------
    >>> is_line([[15.6, 56.2], [15.7, 56.2]]), is_line([[15.6, 56.2], [15.6, 56.2]])
    (True, False)
    """
    if not isinstance(line, list) or len(line) not in LINE_POINTS:
        return False
    pairs = [dict(zip(("lon", "lat"), one, strict=False)) for one in line if isinstance(one, list)]
    distinct = {(one.get("lon"), one.get("lat")) for one in pairs if is_place(one)}
    return len(pairs) == len(line) and all(map(is_place, pairs)) and len(distinct) > 1


def _is_hash(value: object) -> bool:
    return (
        isinstance(value, str)
        and len(value) == len("0" * 64)
        and set(value) <= set("0123456789abcdef")
    )


def _are_fields(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, dict):
        return False
    return all(_is_field(name, content) for name, content in value.items())


def _is_field(name: str, content: object) -> bool:
    if content is None:
        return True
    if name == "path_class":
        return content in codes.load("path_class").assignable
    if name in LIST_FIELDS:
        return isinstance(content, list) and all(isinstance(item, str) for item in content)
    if name in TEXT_FIELDS:
        return isinstance(content, str)
    if name == "width_m":
        return _is_number(content, WIDTH_MAX_M) and content > 0
    return True  # a field of a newer form is kept as it came
