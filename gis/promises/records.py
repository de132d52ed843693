"""What did somebody record: measures, controls, and what the police let out about theirs?

A record is performed by definition; planned things have no shape here. Bodies come as the JSON
objects of the HTTP interface with ``id``, ``author``, ``role`` and ``recorded_at`` added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from gis.errors import GisError
from gis.promises.days import local_day

if TYPE_CHECKING:
    from collections.abc import Mapping

MEASURE_KINDS: Final = ("campaign", "pub_inspection", "presence", "night_walk", "training")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One performed measure; `day` is local, a night belongs to the evening it began."""

    id: str
    kind: str
    day: date
    organisers: frozenset[str]
    recorded_at: datetime
    role: str = "planner"
    author: str = ""
    title: str = ""
    audience: frozenset[str] = frozenset()
    premises: int = 0
    officer_hours: float = 0.0
    association: str = ""
    area: str = ""
    participants: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One performed control; `reason` is None when none was recorded.

    `school_m` is the straight-line distance to the nearest school, None when there is none;
    `station_m` the one to the police station; `top_quarter` tells whether the place was in the
    best quarter of the ranking, None when it was not ranked.
    """

    id: str
    kind: str
    segment_id: str
    started_at: datetime | None
    ended_at: datetime | None
    recorded_at: datetime
    reason: str | None = None
    afterwards: bool = False
    district: str = ""
    school_id: str | None = None
    school_m: float | None = None
    station_m: float | None = None
    top_quarter: bool | None = None

    @property
    def day(self) -> date:
        """The local date on which it began (or was recorded, when no start was given)."""
        return local_day(self.started_at or self.recorded_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What the public may know of the controls behind one row, year and district."""

    row: str
    year: int
    district: str
    counted: int
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Everything that promises are counted from.

    `controls` is for the police alone (None where their store is not at hand), `figures` for
    everybody else; `survey` and `crime` are the delivered rows as they came.
    """

    measures: tuple[Measure, ...] = ()
    controls: tuple[Control, ...] | None = None
    figures: tuple[Figure, ...] = ()
    survey: tuple[Mapping[str, Any], ...] = ()
    crime: tuple[Mapping[str, Any], ...] = ()


def moment(value: object) -> datetime | None:
    """Read an aware time from ISO text; None stays None."""
    if value is None or value == "":
        return None
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if at.tzinfo is None:
        msg = f"time {value!r} has no offset; write for instance 2026-05-12T08:00:00+02:00."
        raise GisError(msg)
    return at


def _needed(value: datetime | None) -> datetime:
    """Return a time that a store always knows."""
    if value is None:
        msg = "recorded_at is missing; the store writes it."
        raise GisError(msg)
    return value


def measure_of(body: Mapping[str, Any]) -> Measure:
    """Read a measure from its stored body."""
    return Measure(
        id=str(body["id"]),
        kind=str(body["kind"]),
        day=date.fromisoformat(str(body["date"])),
        organisers=frozenset(body.get("organisers") or ()),
        recorded_at=_needed(moment(body["recorded_at"])),
        role=str(body.get("role", "planner")),
        author=str(body.get("author", "")),
        title=str(body.get("title") or ""),
        audience=frozenset(body.get("audience") or ()),
        premises=int(body.get("premises") or 0),
        officer_hours=float(body.get("officer_hours") or 0),
        association=str(body.get("association") or ""),
        area=str(body.get("area") or ""),
        participants=dict(body.get("participants") or {}),
    )


def control_of(body: Mapping[str, Any]) -> Control:
    """Read a performed control from its stored body."""
    return Control(
        id=str(body["id"]),
        kind=str(body["kind"]),
        segment_id=str(body["segment_id"]),
        started_at=moment(body.get("started_at")),
        ended_at=moment(body.get("ended_at")),
        recorded_at=_needed(moment(body["recorded_at"])),
        reason=body.get("reason") or None,
        afterwards=bool(body.get("afterwards", False)),
        district=str(body.get("district") or ""),
        school_id=body.get("school_id"),
        school_m=body.get("school_m"),
        station_m=body.get("station_m"),
        top_quarter=body.get("top_quarter"),
    )


def figure_of(body: Mapping[str, Any]) -> Figure:
    """Read a published figure from its stored body."""
    return Figure(
        row=str(body["row"]),
        year=int(body["year"]),
        district=str(body.get("district") or ""),
        counted=int(body["counted"]),
        left_out=dict(body.get("left_out") or {}),
    )
