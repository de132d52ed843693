"""Does a measure that was just recorded count, and for which rows?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.promises.rules import measure_rule
from gis.promises.tally import sort_out
from gis.words import Language, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.promises.records import Measure
    from gis.promises.settings import PromiseSettings
    from gis.promises.table import PromiseRow


@dataclass(frozen=True, slots=True)
class Standing:
    """Ids of the rows a measure counts for, or the code of why it counts for none."""

    counts_for: tuple[str, ...] = ()
    not_counted: str | None = None

    def reason(self, lang: Language) -> str | None:
        """Return why it does not count, in words."""
        return (
            None if self.not_counted is None else say("promises", f"left.{self.not_counted}", lang)
        )


def counts_for(
    measure: Measure,
    rows: Sequence[PromiseRow],
    settings: PromiseSettings,
    *,
    recorded: Sequence[Measure] = (),
) -> Standing:
    """Tell which rows a measure counts for.

    Parameters
    ----------
    measure
        The new record.
    rows
        The promise table.
    settings
        The readings in force.
    recorded
        What was recorded before; the same event again does not count.
    """
    ids: list[str] = []
    codes: list[str] = []
    for row in rows:
        rule = measure_rule(row.id)
        if rule is None or not rule.about(measure, settings):
            continue
        others = [
            one for one in recorded if one.id != measure.id and one.day.year == measure.day.year
        ]
        # The new record is asked last, so that an earlier record of the event keeps it.
        first = sort_out(others, rule, settings).counted
        taken = {rule.event(one, settings) for one in first}
        fault = rule.fault(measure, settings)
        if fault is None and rule.event(measure, settings) in taken:
            fault = rule.again
        if fault is None:
            ids.append(row.id)
        else:
            codes.append(fault)
    if ids:
        return Standing(tuple(ids))
    return Standing((), codes[0] if codes else "other_kind")
