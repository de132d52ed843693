"""How far is each promise kept?

The shape is the one of ``GET /api/promises``. Figures of police rows come from the control records
for the police, and from what was published for everybody else.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gis.promises.days import friday_of
from gis.promises.effects import BREAK_YEAR, SMALL_CELL, crime_effect, survey_effect
from gis.promises.quality import quality
from gis.promises.rules import CONTROL_RULES, measure_rule
from gis.promises.schedule import due, target_of
from gis.promises.table import PromiseRow, Term, term_of
from gis.promises.tally import (
    Viewer,
    control_tally,
    measure_tally,
    performed,
    shown_measures,
)
from gis.words import Language, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.promises.inventory import InventoryFigures
    from gis.promises.records import Control, Measure, Records
    from gis.promises.settings import PromiseSettings

COMPUTED: Final = ("inventory_coverage", "inventory_clarity")
OPEN_RECORDS: Final = ("campaign", "training")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: a year, by whom, when, in which language."""

    year: int
    viewer: Viewer
    lang: Language = "sv"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What one row came to, before words."""

    done: float | None = None
    left: Mapping[str, int] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One row with everything it is counted from."""

    row: PromiseRow
    term: Term
    records: Records
    settings: PromiseSettings
    asked: Asked


def count(
    rows: Sequence[PromiseRow],
    inventory: InventoryFigures,
    records: Records,
    *,
    settings: PromiseSettings,
    asked: Asked,
) -> list[dict[str, Any]]:
    """Count every promise for a year.

    Parameters
    ----------
    rows
        The promise table in force for that year.
    inventory
        Coverage and clarity at the earlier of now and the year's end.
    records
        Measures for all; controls for the police; published figures for everybody else.
    settings
        The readings in force.
    asked
        Year, viewer, moment and language.

    Returns
    -------
    promises
        One object a row, in the table's order: ``id``, ``label``, ``unit``, ``period``,
        ``target``, ``done``, ``remaining``, ``on_schedule``, ``not_counted`` and ``evidence``.
        ``done`` is None where nothing was delivered; ``remaining`` and ``on_schedule`` are None
        without a target.
    """
    answers = []
    for row in rows:
        term = term_of(row, asked.year, settings)
        case = _Case(row=row, term=term, records=records, settings=settings, asked=asked)
        answers.append(_answer(case, _find(case, inventory)))
    return answers


def _find(case: _Case, inventory: InventoryFigures) -> _Found:
    """Count one row by where its figures come from."""
    row_id = case.row.id
    if row_id in COMPUTED:
        return _from_inventory(row_id, inventory)
    if row_id in CONTROL_RULES:
        controls = case.records.controls
        if case.asked.viewer.role == "police" and controls is not None:
            return _from_controls(case, controls)
        return _from_figures(case)
    if measure_rule(row_id) is not None:
        return _from_measures(case)
    return _from_deliveries(case)


def _from_inventory(row_id: str, inventory: InventoryFigures) -> _Found:
    """Take coverage or clarity."""
    if row_id == "inventory_coverage":
        return _Found(done=inventory.coverage, left=inventory.not_covered)
    return _Found(done=inventory.clarity, left=inventory.not_clear)


def _from_controls(case: _Case, controls: Sequence[Control]) -> _Found:
    """Count the police's own records."""
    viewer = case.asked.viewer
    known = [one for one in controls if performed(one, viewer.now)]
    tally = control_tally(known, case.row, case.term, case.settings)
    evidence = {
        "records": [_control_record(one) for one in tally.counted],
        "districts": dict(Counter(one.district for one in tally.counted)),
        "afterwards": sum(one.afterwards for one in tally.counted),
        **quality(tally.counted),
    }
    if case.row.id == "driver_controls" and case.settings.school_counts_as_driver:
        evidence["also_school_controls"] = sum(one.kind == "school" for one in tally.counted)
    return _Found(done=float(len(tally.counted)), left=tally.left, evidence=evidence)


def _control_record(control: Control) -> dict[str, Any]:
    """Show a control to the police."""
    return {
        "id": control.id,
        "date": control.day.isoformat(),
        "segment_id": control.segment_id,
        "district": control.district,
        "reason": control.reason,
        "afterwards": control.afterwards,
    }


def _from_figures(case: _Case) -> _Found:
    """Add up what the police let out, by district."""
    years = range(case.term.first.year, case.term.last.year + 1)
    chosen = [one for one in case.records.figures if one.row == case.row.id and one.year in years]
    left: Counter[str] = Counter()
    districts: Counter[str] = Counter()
    for figure in chosen:
        left.update(figure.left_out)
        districts[figure.district] += figure.counted
    shown = {name: n for name, n in sorted(districts.items()) if n}
    return _Found(done=float(districts.total()), left=left, evidence={"districts": shown})


def _from_measures(case: _Case) -> _Found:
    """Count what planners and police recorded."""
    row, viewer = case.row, case.asked.viewer
    shown = shown_measures(case.records.measures, row, viewer, case.settings)
    tally = measure_tally(shown, row, case.term, case.settings)
    done = float(len(tally.counted))
    if row.id == "closing_time_presence":
        done = sum(one.officer_hours for one in tally.counted)
    return _Found(
        done=done,
        left=tally.left,
        evidence=_measure_evidence(case, tally.counted),
        notes=_measure_notes(case),
    )


def _measure_notes(case: _Case) -> tuple[str, ...]:
    """Name the year that presence is compared with."""
    if case.row.id != "closing_time_presence":
        return ()
    years = [one.day.year for one in case.records.measures if one.kind == "presence"]
    base = case.settings.baseline_year or min(years, default=None)
    return () if base is None else (_say(case, "note.baseline", year=base),)


def _measure_evidence(case: _Case, counted: Sequence[Measure]) -> dict[str, Any]:
    """Return second figures, and the records as far as the viewer may see them."""
    evidence: dict[str, Any] = {}
    if case.row.id == "pub_inspections":
        evidence["premises"] = sum(one.premises for one in counted)
    if case.row.id == "training":
        groups: Counter[str] = Counter()
        for one in counted:
            groups.update(one.participants)
        evidence["participants"] = dict(groups)
    if case.row.id == "night_walks":
        fridays = sorted(friday.isoformat() for one in counted if (friday := friday_of(one.day)))
        evidence["weekends"] = fridays
    insider = case.asked.viewer.role in ("planner", "police")
    evidence["records"] = [
        _measure_record(one, insider=insider)
        for one in counted
        if insider or one.kind in OPEN_RECORDS
    ]
    return evidence


def _measure_record(measure: Measure, *, insider: bool) -> dict[str, Any]:
    """Show a measure; who wrote it only to those who record."""
    record: dict[str, Any] = {
        "id": measure.id,
        "date": measure.day.isoformat(),
        "organisers": sorted(measure.organisers),
    }
    if measure.kind == "campaign":
        record |= {"title": measure.title, "audience": sorted(measure.audience)}
    if insider:
        record["author"] = measure.author
    return record


def _from_deliveries(case: _Case) -> _Found:
    """Take surveys and reported offences as delivered; rows nobody counts stay empty."""
    year, records, settings = case.asked.year, case.records, case.settings
    if case.row.id in ("safety_survey", "police_trust"):
        trust = case.row.id == "police_trust"
        effect = survey_effect(records.survey, year, settings, trust=trust)
        return _Found(done=effect.value, evidence={"rows": [dict(one) for one in effect.rows]})
    if case.row.id != "assaults_centre":
        return _Found()
    effect = crime_effect(records.crime, year, settings)
    notes = [_say(case, "note.preliminary")] if effect.preliminary else []
    notes += [_say(case, "note.break_2015")] if year == BREAK_YEAR else []
    insider = case.asked.viewer.role in ("planner", "police")
    if effect.value is not None and effect.value < SMALL_CELL and not insider:
        return _Found(notes=(*notes, _say(case, "left.under_5")))
    evidence = {"rows": [dict(one) for one in effect.rows] if insider else []}
    return _Found(done=effect.value, evidence=evidence, notes=tuple(notes))


def _answer(case: _Case, found: _Found) -> dict[str, Any]:
    """Put one row into the shape of the interface."""
    row, settings, asked = case.row, case.settings, case.asked
    target = target_of(row, asked.year, settings)
    remaining = None
    if target is not None:
        remaining = max(0.0, target - (found.done or 0.0))
    return {
        "id": row.id,
        "label": row.label(asked.lang),
        "unit": row.unit_in(asked.lang),
        "period": row.period,
        "target": _number(target),
        "done": _number(found.done),
        "remaining": _number(remaining),
        "on_schedule": _on_schedule(case, found.done, target),
        "not_counted": [
            {"reason": _say(case, f"left.{code}"), "code": code, "n": n}
            for code, n in sorted(found.left.items())
            if n
        ],
        "evidence": {
            "source": row.evidence,
            "from": case.term.first.isoformat(),
            "to": case.term.last.isoformat(),
            "notes": [*_reading_notes(case), *found.notes],
            **found.evidence,
        },
    }


def _on_schedule(case: _Case, done: float | None, target: float | None) -> bool | None:
    """Tell whether enough is done for the moment; None without a target or a term."""
    if target is None or done is None:
        return None
    if done >= target:
        return True
    dated = case.settings.promise_from and case.settings.promise_to
    if case.row.period == "promise" and not dated:
        return None
    at = case.asked.viewer.now
    if not _knows_at_once(case):
        at -= case.row.delay(case.settings)
    term = case.term
    if case.row.period == "promise" and case.settings.promise_to is not None:
        term = Term(term.first, case.settings.promise_to)
    return done >= due(case.row, target, term, at, case.settings)


def _knows_at_once(case: _Case) -> bool:
    """Tell whether the viewer sees this row without delay."""
    role = case.asked.viewer.role
    return role == "police" or (role == "planner" and case.row.recorded_by == "planner")


def _reading_notes(case: _Case) -> list[str]:
    """Say which reading is in force where the promise leaves a question open."""
    notes = []
    if case.row.period == "control_period":
        period = _say(case, f"period.{case.settings.control_period}")
        notes.append(_say(case, "note.period_setting", period=period))
    if case.row.period == "school_start":
        starts = case.settings.starts_of(case.asked.year)
        notes += [_say(case, "note.start_assumed", day=day) for day, assumed in starts if assumed]
    if case.row.period == "promise" and case.settings.promise_from is None:
        notes.append(_say(case, "note.no_promise_dates"))
    return notes


def _say(case: _Case, key: str, **values: object) -> str:
    """Return a sentence in the asked language."""
    return say("promises", key, case.asked.lang, **values)


def _number(value: float | None) -> float | int | None:
    """Return whole numbers as integers and the others with one decimal."""
    if value is None:
        return None
    return int(value) if float(value).is_integer() else round(value, 1)
