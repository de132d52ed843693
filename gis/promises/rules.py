"""Which row of the promise does one record count for, and why not?

Each rule says which records concern a row, why one of them does not count, and which records are
the same event. The words behind the codes stand in the catalogue ``text/promises.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from gis.promises.days import friday_of, is_weekend_night, weekends

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import date

    from gis.promises.records import Control, Measure
    from gis.promises.settings import PromiseSettings

CAMPAIGN_PREFIX: Final = "campaigns_"
_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[_Record]):
    """How one row is counted.

    Parameters
    ----------
    about
        Which records the row looks at; the others are neither counted nor left out.
    fault
        Code of why a record does not count; None when it does.
    event
        What makes two records the same event; it is counted once.
    again
        Code for the second record of an event.
    """

    about: Callable[[_Record, PromiseSettings], bool]
    fault: Callable[[_Record, PromiseSettings], str | None]
    event: Callable[[_Record, PromiseSettings], Hashable]
    again: str


def _both(measure: Measure) -> bool:
    """Tell whether police and municipality both took part."""
    return {"police", "municipality"} <= measure.organisers


def campaign_rule(audience: str) -> Rule[Measure]:
    """Return the rule of the campaigns for one group."""

    def about(measure: Measure, _: PromiseSettings) -> bool:
        return measure.kind == "campaign" and (audience in measure.audience or not measure.audience)

    def fault(measure: Measure, _: PromiseSettings) -> str | None:
        if not measure.audience:
            return "no_audience"
        return None if _both(measure) else "one_party"

    return Rule(about=about, fault=fault, event=_campaign, again="same_campaign")


def _campaign(measure: Measure, _: PromiseSettings) -> Hashable:
    """Name a campaign by its title; one without a title stands for itself."""
    return " ".join(measure.title.casefold().split()) or (measure.id,)


def _inspection_fault(measure: Measure, _: PromiseSettings) -> str | None:
    """Ask for both parties."""
    return None if _both(measure) else "one_party"


def _presence_fault(measure: Measure, settings: PromiseSettings) -> str | None:
    """Ask for a weekend night in the centre; a record without an area is taken as there."""
    if not is_weekend_night(measure.day):
        return "not_weekend_night"
    elsewhere = measure.area and measure.area.casefold() != settings.centre.casefold()
    return "outside_centre" if elsewhere else None


def _walk_fault(measure: Measure, _: PromiseSettings) -> str | None:
    """Ask for a weekend that begins from April to September."""
    friday = friday_of(measure.day)
    if friday is None:
        return "not_weekend"
    return None if friday in weekends(friday.year) else "outside_season"


def _training_fault(measure: Measure, _: PromiseSettings) -> str | None:
    """Ask for Länsstyrelsen together with somebody else."""
    joint = "lansstyrelsen" in measure.organisers and len(measure.organisers) > 1
    return None if joint else "no_lansstyrelsen"


def _of_kind(kind: str) -> Callable[[Measure, PromiseSettings], bool]:
    """Return the question whether a measure is of a kind."""

    def about(measure: Measure, _: PromiseSettings) -> bool:
        return measure.kind == kind

    return about


def _day(measure: Measure, _: PromiseSettings) -> Hashable:
    """Return the day, where one day is one event."""
    return measure.day


def _itself(measure: Measure, _: PromiseSettings) -> Hashable:
    """Return the record, where each one is an event."""
    return measure.id


def _weekend(measure: Measure, _: PromiseSettings) -> Hashable:
    """Return the Friday of the weekend."""
    return friday_of(measure.day)


MEASURE_RULES: Final[dict[str, Rule[Measure]]] = {
    "pub_inspections": Rule(
        about=_of_kind("pub_inspection"),
        fault=_inspection_fault,
        event=_day,
        again="same_evening",
    ),
    "closing_time_presence": Rule(
        about=_of_kind("presence"), fault=_presence_fault, event=_itself, again="same_evening"
    ),
    "night_walks": Rule(
        about=_of_kind("night_walk"), fault=_walk_fault, event=_weekend, again="same_weekend"
    ),
    "training": Rule(
        about=_of_kind("training"), fault=_training_fault, event=_day, again="same_day"
    ),
}


def measure_rule(row_id: str) -> Rule[Measure] | None:
    """Return the rule of a row that is counted from measures; None for other rows."""
    if row_id.startswith(CAMPAIGN_PREFIX):
        return campaign_rule(row_id.removeprefix(CAMPAIGN_PREFIX))
    return MEASURE_RULES.get(row_id)


def start_near(day: date, settings: PromiseSettings) -> date | None:
    """Return the school start within `school_start_days` of a day, the nearest one."""
    within = timedelta(days=settings.school_start_days)
    years = sorted({(day - within).year, (day + within).year})
    starts = [start for year in years for start, _ in settings.starts_of(year)]
    near = [start for start in starts if abs(start - day) <= within]
    return min(near, key=lambda start: (abs(start - day), start), default=None)


def _control_fault(control: Control, _: PromiseSettings) -> str | None:
    """Ask for start, end and a recorded reason."""
    if control.started_at is None or control.ended_at is None:
        return "no_times"
    if control.ended_at <= control.started_at:
        return "no_times"
    return None if control.reason else "no_reason"


def _at_school_fault(control: Control, settings: PromiseSettings) -> str | None:
    """Ask for a school near, too."""
    fault = _control_fault(control, settings)
    if fault is not None:
        return fault
    at_school = control.school_m is not None and control.school_m <= settings.school_radius_m
    return None if at_school else "not_near_school"


def _school_fault(control: Control, settings: PromiseSettings) -> str | None:
    """Leave out school starts where the setting says so."""
    fault = _at_school_fault(control, settings)
    if fault is None and not settings.school_start_included:
        return "school_start" if start_near(control.day, settings) else None
    return fault


def _start_fault(control: Control, settings: PromiseSettings) -> str | None:
    """Ask for a school start near in time."""
    fault = _at_school_fault(control, settings)
    if fault is not None:
        return fault
    return None if start_near(control.day, settings) else "not_at_school_start"


def _is_cyclist(control: Control, _: PromiseSettings) -> bool:
    """Tell whether it was a control of cyclists."""
    return control.kind == "cyclist"


def _is_driver(control: Control, settings: PromiseSettings) -> bool:
    """Tell whether it was a control of drivers; at schools by setting."""
    return control.kind == "driver" or (
        control.kind == "school" and settings.school_counts_as_driver
    )


def _is_school(control: Control, _: PromiseSettings) -> bool:
    """Tell whether it was a school control."""
    return control.kind == "school"


def _site_day(control: Control, _: PromiseSettings) -> Hashable:
    """One kind, one site, one date."""
    return (control.kind, control.segment_id, control.day)


def _school_day(control: Control, _: PromiseSettings) -> Hashable:
    """One school, one date."""
    return (control.school_id or control.segment_id, control.day)


def _school_start(control: Control, settings: PromiseSettings) -> Hashable:
    """One school start."""
    return start_near(control.day, settings)


CONTROL_RULES: Final[dict[str, Rule[Control]]] = {
    "cyclist_controls": Rule(
        about=_is_cyclist, fault=_control_fault, event=_site_day, again="same_control"
    ),
    "driver_controls": Rule(
        about=_is_driver, fault=_control_fault, event=_site_day, again="same_control"
    ),
    "school_controls": Rule(
        about=_is_school, fault=_school_fault, event=_school_day, again="same_school_day"
    ),
    "school_start_controls": Rule(
        about=_is_school, fault=_start_fault, event=_school_start, again="same_school_start"
    ),
}


def control_year(control: Control, row_id: str, settings: PromiseSettings) -> int:
    """Return the year a control belongs to; at a school start the year of that start."""
    start = start_near(control.day, settings) if row_id == "school_start_controls" else None
    return (start or control.day).year
