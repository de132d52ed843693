"""How many events do the records of one row make, and what was left out?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from gis.promises.days import day_end, friday_of, local_day
from gis.promises.records import Control, Measure
from gis.promises.rules import CONTROL_RULES, Rule, control_year, measure_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from gis.promises.settings import PromiseSettings
    from gis.promises.table import PromiseRow, Term

_Record = TypeVar("_Record", Measure, Control)

NIGHT_KINDS: Final = ("pub_inspection", "presence", "night_walk")
NIGHT_ENDS: Final = timedelta(hours=6)  # after midnight, local; the project's own reading


@dataclass(frozen=True, slots=True)
class Tally(Generic[_Record]):
    """Records of one row: those that count, one an event, and those left out by code."""

    counted: list[_Record] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks, and when: ``public``, ``inspector``, ``planner`` or ``police``."""

    now: datetime
    role: str = "public"


def sort_out(
    records: Iterable[_Record], rule: Rule[_Record], settings: PromiseSettings
) -> Tally[_Record]:
    """Count each event once, in order of time, then of recording."""
    tally: Tally[_Record] = Tally()
    seen = set()
    for record in sorted(records, key=lambda one: (one.day, one.recorded_at, one.id)):
        if not rule.about(record, settings):
            continue
        fault = rule.fault(record, settings)
        event = None if fault else rule.event(record, settings)
        if fault or event in seen:
            tally.left[fault or rule.again] += 1
            continue
        seen.add(event)
        tally.counted.append(record)
    return tally


def measure_end(measure: Measure) -> datetime:
    """Return when a measure ended: at the end of its day or night, at the latest when recorded."""
    night = NIGHT_ENDS if measure.kind in NIGHT_KINDS else timedelta()
    return min(measure.recorded_at, day_end(measure.day) + night)


def control_end(control: Control) -> datetime:
    """Return when a control ended; one without an end ended when it was recorded."""
    return control.ended_at or control.recorded_at


def performed(record: Measure | Control, now: datetime) -> bool:
    """Tell whether a record is of something that has happened by now."""
    if isinstance(record, Control):
        return control_end(record) <= now
    return record.day <= local_day(now)


def shown_measures(
    measures: Sequence[Measure], row: PromiseRow, viewer: Viewer, settings: PromiseSettings
) -> list[Measure]:
    """Return the measures a viewer may know of: police all, planners their own, then the delay."""
    delay = row.delay(settings)

    def known(measure: Measure) -> bool:
        at_once = viewer.role == "police" or (
            viewer.role == "planner" and measure.role == "planner"
        )
        return at_once or measure_end(measure) + delay <= viewer.now

    return [one for one in measures if performed(one, viewer.now) and known(one)]


def measure_tally(
    measures: Sequence[Measure], row: PromiseRow, term: Term, settings: PromiseSettings
) -> Tally[Measure]:
    """Count the measures of one row in a term.

    A night walk belongs to the year of its weekend, so that the Saturday of 1 October counts with
    the Friday of 30 September, and walks outside the season are named.
    """
    rule = measure_rule(row.id)
    if rule is None:
        return Tally()
    if row.id == "night_walks":
        year = term.first.year
        inside = [one for one in measures if (friday_of(one.day) or one.day).year == year]
    else:
        inside = [one for one in measures if one.day in term]
    return sort_out(inside, rule, settings)


def control_tally(
    controls: Sequence[Control], row: PromiseRow, term: Term, settings: PromiseSettings
) -> Tally[Control]:
    """Count the controls of one row in a term."""
    rule = CONTROL_RULES[row.id]
    if row.id == "school_start_controls":
        inside = [one for one in controls if control_year(one, row.id, settings) == term.first.year]
    else:
        inside = [one for one in controls if one.day in term]
    return sort_out(inside, rule, settings)
