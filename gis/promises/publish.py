"""What may the public know of the police's controls, and since when?

Publishing is positive: only the figures built here reach the public store, by row, year and
district, under ids that are related to nothing in the police store. A control enters when the
delay of its row has run from its end. Where nothing changed, nothing is written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from gis.promises.days import local_day
from gis.promises.own import in_force
from gis.promises.records import Control, Figure, control_of, figure_of
from gis.promises.rules import CONTROL_RULES, control_year
from gis.promises.settings import from_area
from gis.promises.table import PromiseRow, Term, term_of
from gis.promises.tally import control_end, control_tally
from gis.store.base import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gis.areas import Area
    from gis.promises.settings import PromiseSettings
    from gis.store.base import Store

FIGURE: Final = "control_figure"
CONTROL: Final = "control"
RETIRED: Final = "retire"
AUTHOR: Final = "publisher"


def figures(
    controls: Sequence[Control],
    rows: Sequence[PromiseRow],
    settings: PromiseSettings,
    now: datetime,
) -> list[Figure]:
    """Build the figures that may be known at a moment, in order of row, year and district."""
    found = []
    for row in rows:
        if row.id not in CONTROL_RULES:
            continue
        past = [one for one in controls if control_end(one) + row.delay(settings) <= now]
        for year in sorted({control_year(one, row.id, settings) for one in past}):
            term = _year_of(row, year, settings)
            found += _of_year(past, row, term, settings)
    return found


def _year_of(row: PromiseRow, year: int, settings: PromiseSettings) -> Term:
    """Return the days of one year that a row counts; without the years before it in its term."""
    term = term_of(row, year, settings)
    return Term(max(term.first, term.last.replace(month=1, day=1)), term.last)


def _of_year(
    controls: Sequence[Control], row: PromiseRow, term: Term, settings: PromiseSettings
) -> list[Figure]:
    """Build the figures of one row and year, a figure a district."""
    tally = control_tally(controls, row, term, settings)
    counted = Counter(one.district for one in tally.counted)
    year = term.last.year
    parts = [
        Figure(row=row.id, year=year, district=name, counted=n)
        for name, n in sorted(counted.items())
    ]
    if tally.left:
        left = dict(sorted(tally.left.items()))
        parts.append(Figure(row=row.id, year=year, district="*", counted=0, left_out=left))
    return parts


def publish(
    police: Store,
    public: Store,
    *,
    rows: Sequence[PromiseRow],
    settings: PromiseSettings,
    now: datetime,
) -> int:
    """Bring the public figures up to date with the police store.

    Returns
    -------
    changed
        How many figures were written; 0 leaves the public store untouched.
    """
    wanted = {_key(one): one for one in figures(performed_by(police), rows, settings, now)}
    standing = {_key(figure_of(one.body)): one for one in public.state(FIGURE).values()}
    # A figure that lost its ground goes to zero under its own id; the history keeps what stood.
    emptied = {
        key: Figure(row=key[0], year=key[1], district=key[2], counted=0)
        for key in standing.keys() - wanted.keys()
    }
    changed = [
        (standing[key].entity_id if key in standing else uuid4().hex, one)
        for key, one in sorted({**emptied, **wanted}.items())
        if key not in standing or figure_of(standing[key].body) != one
    ]
    if changed:
        author = public.person(AUTHOR)
        public.append(
            [
                Entry(entity=FIGURE, entity_id=key, body=asdict(one), author=author, op="publish")
                for key, one in changed
            ]
        )
    return len(changed)


def publish_due(police: Store, public: Store, area: Area, now: datetime) -> int:
    """Publish by the table in force and the settings of an area; one process at a time.

    Returns
    -------
    changed
        As of `publish`.
    """
    with public.transaction():
        return publish(
            police,
            public,
            rows=in_force(public, local_day(now).year),
            settings=from_area(area),
            now=now,
        )


def performed_by(police: Store) -> tuple[Control, ...]:
    """Read the performed controls of a police store."""
    return tuple(
        control_of(one.body | one.body.get("place", {}) | {"id": one.entity_id})
        for one in police.state(CONTROL).values()
        if one.op != RETIRED
    )


def published(public: Store) -> tuple[Figure, ...]:
    """Read the figures that stand in a public store."""
    return tuple(figure_of(one.body) for one in public.state(FIGURE).values())


def _key(figure: Figure) -> tuple[str, int, str]:
    """Name a figure by what it counts."""
    return (figure.row, figure.year, figure.district)
