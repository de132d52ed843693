"""Is what an officer sent a plan or a performed control, and free of persons?

Bodies are the JSON objects of the HTTP interface. Faults never repeat what was sent: a personal
number in a note must not travel on in an error.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from gis import codes
from gis.errors import GisError

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTE_LENGTH: Final = 2_000
MOST: Final = 100_000
_PERSON: Final = re.compile(r"(?<!\d)(?:\d{2})?\d{6}[-+ ]?\d{4}(?!\d)")
# Swedish plates: three letters without I, Q, V, Å, Ä, Ö, two digits, a digit or a letter but O.
_PLATE: Final = re.compile(
    r"\b[A-HJ-PR-UW-Z]{3}[ -]?\d{2}[A-HJ-NPR-UW-Z0-9]\b|\b[a-hj-pr-uw-z]{3}\d{2}[a-z0-9]\b"
)
_OFFENCE: Final = re.compile(r"[\w.:§-]{1,60}")
_DOTTED_MINUS: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))


def plan_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plan as it is kept.

    Raises
    ------
    GisError
        If the kind or reason is unknown, a time is missing or wrong, or the note names somebody.
    """
    return {
        "kind": _code(body, "kind", "control_kind"),
        "segment_id": _text(body, "segment_id"),
        **_times(body, "starts_at", "ends_at"),
        "reason": _code(body, "reason", "control_reason", needed=False),
        "note": note_of(body),
    }


def outcome_of(body: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Return times, type, direction and numbers of a performed control as they are kept.

    Raises
    ------
    GisError
        If it ends after now (then it is a plan), a code is unknown, or a number is no whole
        number of 0 or more.
    """
    times = _times(body, "started_at", "ended_at")
    if datetime.fromisoformat(times["ended_at"]) > now:
        msg = "ended_at lies in the future; a control that has not ended is a plan."
        raise GisError(msg)
    reported = body.get("reported") or {}
    if not isinstance(reported, dict):
        msg = "reported must be an object of offence code and number."
        raise GisError(msg)
    return {
        **times,
        "type": _code(body, "type", "control_type", needed=False),
        "direction": _code(body, "direction", "control_direction", needed=False),
        "stopped": _number(body.get("stopped"), "stopped"),
        "informed": _number(body.get("informed"), "informed"),
        "reported": {_offence(code): _number(n, "reported") for code, n in reported.items()},
        "note": note_of(body),
    }


def control_of(body: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Return a control that had no plan as it is kept."""
    return {
        "kind": _code(body, "kind", "control_kind"),
        "segment_id": _text(body, "segment_id"),
        "reason": _code(body, "reason", "control_reason", needed=False),
        **outcome_of(body, now=now),
    }


def names_somebody(text: str) -> bool:
    """Tell whether a text holds what looks like a personal number or a number plate.

    Examples
    --------
    >>> [names_somebody(text) for text in ("Lugnt, 19 cyklister", "850101-1234", "ABC 12D")]
    [False, True, True]
    """
    plain = text.translate(_DOTTED_MINUS).replace("\u00a0", " ")
    return bool(_PERSON.search(plain) or _PLATE.search(plain))


def note_of(body: Mapping[str, Any]) -> str | None:
    """Return the note, refused when it looks as if it named somebody."""
    note = body.get("note")
    if note is None or note == "":
        return None
    if not isinstance(note, str) or len(note) > NOTE_LENGTH:
        msg = f"note must be a text of at most {NOTE_LENGTH} characters."
        raise GisError(msg)
    if names_somebody(note):
        msg = "note holds what looks like a personal number or a number plate; write without it."
        raise GisError(msg)
    return note


def _code(body: Mapping[str, Any], name: str, code_list: str, *, needed: bool = True) -> str | None:
    """Return a code of a code list."""
    value = body.get(name)
    if value is None and not needed:
        return None
    known = codes.load(code_list)
    if not isinstance(value, str) or value not in known:
        msg = f"{name} must be one of {', '.join(known.codes)}."
        raise GisError(msg)
    return value


def _text(body: Mapping[str, Any], name: str) -> str:
    """Return a text that must be there."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        msg = f"{name} is missing; write the id of a segment."
        raise GisError(msg)
    return value


def _times(body: Mapping[str, Any], first: str, last: str) -> dict[str, str]:
    """Return start and end in UTC; the end must be later."""
    begun, ended = _time(body, first), _time(body, last)
    if ended <= begun:
        msg = f"{last} must be later than {first}."
        raise GisError(msg)
    return {first: begun.isoformat(), last: ended.isoformat()}


def _time(body: Mapping[str, Any], name: str) -> datetime:
    """Return an aware time in UTC."""
    value = body.get(name)
    msg = f"{name} must be a time with an offset, such as 2026-05-12T08:00:00+02:00."
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        in_utc = at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise GisError(msg) from error
    if at.tzinfo is None:
        raise GisError(msg)
    return in_utc


def _number(value: object, name: str) -> int | None:
    """Return a whole number of 0 or more; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        msg = f"{name} must be whole numbers of 0 or more."
        raise GisError(msg)
    return value


def _offence(code: object) -> str:
    """Return an offence code."""
    if not isinstance(code, str) or not _OFFENCE.fullmatch(code) or names_somebody(code):
        msg = "reported: an offence code is a short word, such as a paragraph."
        raise GisError(msg)
    return code
