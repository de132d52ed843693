"""How are the promises counted from a store?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from gis import areas
from gis.promises.answer import Asked, count
from gis.promises.days import day_end, local_day
from gis.promises.delivered import CRIME, SURVEY, rows_of
from gis.promises.inventory import InventoryFigures, inventory_figures
from gis.promises.own import in_force
from gis.promises.publish import performed_by, published
from gis.promises.records import Measure, Records, measure_of
from gis.promises.series import beside, crime_series, survey_series
from gis.promises.settings import from_area
from gis.promises.tally import Viewer

if TYPE_CHECKING:
    from gis.store import Store
    from gis.words import Language

MEASURE: Final = "measure"
INSIDERS: Final = ("planner", "police")
YEARS_SHOWN: Final = 12
RETIRED: Final = "retire"


def answers(
    store: Store,
    *,
    role: str = "public",
    year: int | None = None,
    lang: Language = "sv",
    police: Store | None = None,
) -> dict[str, Any]:
    """Count every promise for a local calendar year.

    Parameters
    ----------
    store
        The public store.
    role
        Who asks: ``public``, ``inspector``, ``planner`` or ``police``.
    year
        This year when null.
    lang
        Language of labels and reasons.
    police
        The police store, for those who may see it; its controls are then counted at once.

    Returns
    -------
    answer
        ``year`` and ``promises``, the shape of ``GET /api/promises``.
    """
    asked = _asked(role, year, lang)
    area = areas.from_json(store.area_json())
    counted = count(
        in_force(store, asked.year),
        _inventory(store, asked),
        _records(store, police),
        settings=from_area(area),
        asked=asked,
    )
    return {"year": asked.year, "promises": counted}


def follow_up(
    store: Store,
    *,
    role: str = "public",
    year: int | None = None,
    lang: Language = "sv",
    police: Store | None = None,
) -> dict[str, Any]:
    """Set survey and reported crime beside the measures, year by year up to one.

    Parameters are those of `answers`.

    Returns
    -------
    answer
        ``series`` (``label``, ``unit``, ``area``, ``points``), ``years`` and ``measures`` (``id``,
        ``label``, ``unit``, ``done`` by year); all empty where nothing was delivered.
    """
    last = _asked(role, year, lang)
    settings = from_area(areas.from_json(store.area_json()))
    records = _records(store, police)
    insider = role in INSIDERS
    series = survey_series(records.survey)
    series += crime_series(records.crime, settings, insider=insider)
    for one in series:
        one["points"] = [point for point in one["points"] if point["year"] <= last.year]
    series = [one for one in series if one["points"]]
    years = sorted({point["year"] for one in series for point in one["points"]})[-YEARS_SHOWN:]
    counted = {
        one: count(
            in_force(store, one),
            InventoryFigures(),
            records,
            settings=settings,
            asked=replace(last, year=one),
        )
        for one in years
    }
    return {"series": series, "years": years, "measures": beside(counted)}


def _asked(role: str, year: int | None, lang: Language) -> Asked:
    """Return what is asked for; this local year when none is named."""
    now = datetime.now(UTC)
    return Asked(year=year or local_day(now).year, viewer=Viewer(now=now, role=role), lang=lang)


def _records(store: Store, police: Store | None) -> Records:
    """Read everything that promises are counted from."""
    return Records(
        measures=tuple(measures(store)),
        figures=published(store),
        controls=performed_by(police) if police else None,
        survey=rows_of(store, SURVEY),
        crime=rows_of(store, CRIME),
    )


def _inventory(store: Store, asked: Asked) -> InventoryFigures:
    """Measure the inventory as it is, or as it was at the end of a year that is over."""
    end = day_end(date(asked.year, 12, 31))
    if end >= asked.viewer.now:
        return inventory_figures(store.table("segments"))
    return inventory_figures(store.layer("segments", as_of=end))


def measures(store: Store) -> list[Measure]:
    """Read every measure as it stands."""
    state = store.state(MEASURE).values()
    return [measure_of(one.body | {"id": one.entity_id}) for one in state if one.op != RETIRED]
