"""How are the promises counted from a store?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from gis import areas
from gis.promises.answer import Asked, count
from gis.promises.days import local_day
from gis.promises.inventory import inventory_figures
from gis.promises.publish import performed_by, published
from gis.promises.records import Measure, Records, measure_of
from gis.promises.settings import from_area
from gis.promises.table import load
from gis.promises.tally import Viewer

if TYPE_CHECKING:
    from gis.store import Store
    from gis.words import Language

MEASURE: Final = "measure"
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
    now = datetime.now(UTC)
    area = areas.from_json(store.area_json())
    asked = Asked(year=year or local_day(now).year, viewer=Viewer(now=now, role=role), lang=lang)
    records = Records(
        measures=tuple(measures(store)),
        figures=published(store),
        controls=performed_by(police) if police else None,
    )
    counted = count(
        load(),
        inventory_figures(store.table("segments")),
        records,
        settings=from_area(area),
        asked=asked,
    )
    return {"year": asked.year, "promises": counted}


def measures(store: Store) -> list[Measure]:
    """Read every measure as it stands."""
    state = store.state(MEASURE).values()
    return [measure_of(one.body | {"id": one.entity_id}) for one in state if one.op != RETIRED]
