"""What did surveys and reported offences say, as delivered?

These are effects, not measures: they stand beside the measures, and nothing here links the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.promises.settings import PromiseSettings

SMALL_CELL: Final = 5
BREAK_YEAR: Final = 2015


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One delivered figure; `value` is None when there is none or several."""

    value: float | None
    rows: tuple[Mapping[str, Any], ...] = ()
    preliminary: bool = False


def _is_trust(row: Mapping[str, Any], settings: PromiseSettings) -> bool:
    """Tell whether an indicator asks about trust in the police."""
    return settings.trust_indicator.casefold() in str(row.get("indicator", "")).casefold()


def survey_effect(
    rows: Sequence[Mapping[str, Any]], year: int, settings: PromiseSettings, *, trust: bool
) -> Effect:
    """Return the survey rows of a year; the value only where there is one indicator."""
    of_year = [one for one in rows if int(one["year"]) == year]
    chosen = tuple(one for one in of_year if _is_trust(one, settings) is trust)
    value = float(chosen[0]["value"]) if len(chosen) == 1 else None
    return Effect(value=value, rows=chosen)


def crime_effect(rows: Sequence[Mapping[str, Any]], year: int, settings: PromiseSettings) -> Effect:
    """Return reported assaults in the centre: the yearly row, else the sum of the months.

    Tables list an offence and its kinds below one another: the row of the very name counts, and
    where only several longer names hold it, nobody can say which, so there is no value.
    """
    offence, centre = settings.offence.casefold(), settings.centre.casefold()
    chosen = [
        one
        for one in rows
        if offence in str(one.get("offence", "")).casefold()
        and str(one.get("area", "")).casefold() == centre
        and str(one.get("period", ""))[:4] == str(year)
    ]
    chosen = [one for one in chosen if str(one["offence"]).casefold() == offence] or chosen
    yearly = [one for one in chosen if len(str(one["period"])) == len("2026")]
    used = tuple(yearly or chosen)
    clear = len({str(one["offence"]).casefold() for one in used}) == 1
    value = float(sum(int(one["count"]) for one in used)) if clear else None
    preliminary = any(bool(one.get("preliminary")) for one in used) or (bool(used) and not yearly)
    return Effect(value=value, rows=used, preliminary=preliminary)
