"""How does this municipality read the places where the promise leaves a question open?

Every field is a setting of the area profile; the defaults are this project's own readings.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from gis.errors import AreaError
from gis.promises.days import assumed_school_start

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.areas import Area

CONTROL_PERIODS: Final = ("calendar_year", "promise")
AUTUMN_FROM_MONTH: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSettings:
    """The readings in force.

    Parameters
    ----------
    promise_from, promise_to
        Term of the signed promise; None is not entered.
    control_period
        Period of the targets that the promise states without one.
    school_start_included
        Whether controls at school start are part of the six.
    school_counts_as_driver
        Whether a school control also counts as a driver control.
    school_radius_m
        How near a school is "at the school", metres in a straight line.
    school_starts
        Dates of school starts; a year without an autumn date gets an assumed one.
    spring_term_counts
        Whether the start of the spring term is a school start too.
    school_start_days
        How far from a school start a control may lie, both ways.
    baseline_year
        Year to compare presence with; None is the first year with a record.
    centre
        Name of the area that is "the centre".
    offence, trust_indicator
        Words by which delivered tables name assault and trust in the police.
    delays
        Longer public delays by row id, as ISO 8601 durations.
    """

    promise_from: date | None = None
    promise_to: date | None = None
    control_period: str = "calendar_year"
    school_start_included: bool = True
    school_counts_as_driver: bool = False
    school_radius_m: float = 300.0
    school_starts: tuple[date, ...] = ()
    spring_term_counts: bool = False
    school_start_days: int = 14
    baseline_year: int | None = None
    centre: str = "Trossö"
    offence: str = "misshandel"
    trust_indicator: str = "förtroende"
    delays: Mapping[str, str] = field(default_factory=dict)

    def starts_of(self, year: int) -> list[tuple[date, bool]]:
        """Return the school starts of a year, each with whether it is assumed."""
        counted = 1 if self.spring_term_counts else AUTUMN_FROM_MONTH
        known = sorted(
            {day for day in self.school_starts if day.year == year and day.month >= counted}
        )
        if any(day.month >= AUTUMN_FROM_MONTH for day in known):
            return [(day, False) for day in known]
        return [*((day, False) for day in known), (assumed_school_start(year), True)]


def _day(name: str, value: object) -> date:
    """Read a date that TOML gave as date or text."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        msg = f"area profile: {name} holds {value!r}; write YYYY-MM-DD."
        raise AreaError(msg) from error


def from_profile(profile: Mapping[str, Any]) -> PromiseSettings:
    """Read the settings of an area profile; keys that are no promise settings are left alone.

    Raises
    ------
    AreaError
        If a date is no date or the control period is unknown.
    """
    known = {entry.name for entry in fields(PromiseSettings)}
    given = {key: value for key, value in profile.items() if key in known and value is not None}
    for name in ("promise_from", "promise_to"):
        if name in given:
            given[name] = _day(name, given[name])
    if "school_starts" in given:
        given["school_starts"] = tuple(_day("school_starts", day) for day in given["school_starts"])
    period = given.get("control_period", "calendar_year")
    if period not in CONTROL_PERIODS:
        known_periods = " or ".join(CONTROL_PERIODS)
        msg = f"area profile: control_period {period!r} is unknown; use {known_periods}."
        raise AreaError(msg)
    return PromiseSettings(**given)


def from_area(area: Area) -> PromiseSettings:
    """Read the settings of an area."""
    told = {**area.settings, "school_starts": area.school_starts, "delays": area.public_delay}
    return from_profile(told)
