"""Which measures did police and municipality promise?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from gis.csvfile import number
from gis.csvfile import rows as csv_rows
from gis.errors import RuleError
from gis.settings import data_dir

if TYPE_CHECKING:
    from pathlib import Path

    from gis.promises.settings import PromiseSettings
    from gis.words import Language

PERIODS: Final = (
    "promise",
    "control_period",
    "calendar_year",
    "school_start",
    "april_september",
    "survey_year",
)
NEEDED: Final = (
    "id",
    "clause",
    "label_sv",
    "unit",
    "period",
    "target",
    "counting_rule",
    "recorded_by",
    "evidence",
    "public_delay",
)
ALSO: Final = ("label_en", "unit_sv")
_DURATION: Final = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRow:
    """One promised measure; `target` is a number, ``all`` or None."""

    id: str
    clause: str
    label_sv: str
    unit: str
    period: str
    target: float | str | None
    counting_rule: str
    recorded_by: str
    evidence: str
    public_delay: str
    label_en: str = ""
    unit_sv: str = ""

    def label(self, lang: Language) -> str:
        """Return the words of the measure."""
        return self.label_sv if lang == "sv" else self.label_en or self.clause

    def unit_in(self, lang: Language) -> str:
        """Return the unit in a language; as the table has it where there is no other."""
        return (self.unit_sv or self.unit) if lang == "sv" else self.unit

    def delay(self, settings: PromiseSettings) -> timedelta:
        """Return how long after its end an event stays out of the public figures."""
        return max(duration(self.public_delay), duration(settings.delays.get(self.id, "P0D")))


@dataclass(frozen=True, slots=True)
class Term:
    """A stretch of local days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Tell whether a day lies in the term."""
        return self.first <= day <= self.last


def duration(text: str) -> timedelta:
    """Read an ISO 8601 duration of weeks, days and hours.

    Examples
    --------
    >>> duration("P30D").days, duration("P1W").days
    (30, 7)
    """
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        msg = f"duration {text!r} is not understood; write for instance P30D."
        raise RuleError(msg)
    weeks, days, hours = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours)


def _target(text: str) -> float | str | None:
    """Read a target: empty, ``all`` or a number (decimal comma accepted)."""
    stripped = text.strip()
    if not stripped or stripped == "all":
        return stripped or None
    return number(stripped)


def _row(cells: dict[str, str], file: str) -> PromiseRow:
    """Read one line of the table."""
    missing = [name for name in NEEDED if name not in cells]
    if missing:
        msg = f"{file}: column {missing[0]!r} is missing."
        raise RuleError(msg)
    place = f"{file}: row {cells['id']!r}"
    try:
        target = _target(cells["target"])
        duration(cells["public_delay"])
    except (ValueError, RuleError) as error:
        msg = f"{place}: target must be a number, all or empty, and public_delay like P30D."
        raise RuleError(msg) from error
    if cells["period"] not in PERIODS:
        msg = f"{place}: period {cells['period']!r} is unknown; use one of {', '.join(PERIODS)}."
        raise RuleError(msg)
    known = {name: cells[name] for name in (*NEEDED, *ALSO) if name in cells and name != "target"}
    return PromiseRow(**known, target=target)


def load(path: Path | None = None) -> list[PromiseRow]:
    """Read a promise table, the shipped one by default.

    Raises
    ------
    RuleError
        If a column is missing, an id repeated, or a cell not understood.
    """
    source = path or data_dir() / "rules" / "promise.csv"
    lines = csv_rows(source)
    found = [_row(line, source.name) for line in lines]
    ids = [row.id for row in found]
    repeated = {row_id for row_id in ids if ids.count(row_id) > 1}
    if repeated:
        msg = f"{source.name}: id {min(repeated)!r} is repeated."
        raise RuleError(msg)
    return found


def term_of(row: PromiseRow, year: int, settings: PromiseSettings) -> Term:
    """Return the days over which a row is counted when a year is asked for."""
    period = settings.control_period if row.period == "control_period" else row.period
    if period == "april_september":
        return Term(date(year, 4, 1), date(year, 9, 30))
    if period != "promise":
        return Term(date(year, 1, 1), date(year, 12, 31))
    first = settings.promise_from or date(year, 1, 1)
    last = min(settings.promise_to or date(year, 12, 31), date(year, 12, 31))
    return Term(first, last)
