"""How did safety, reported crime and the promise's measures go from year to year?

Effects and measures stand beside each other; nothing here links the one to the other. A series
holds one question (or offence), one unit and one area, so that only like is set beside like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gis.promises.effects import BREAK_YEAR, SMALL_CELL, crime_effect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.promises.settings import PromiseSettings

ASKED: Final = ["indicator", "unit", "area", "sub_area"]
NO_MEASURES: Final = (
    "safety_survey", "assaults_centre", "police_trust", "inventory_coverage", "inventory_clarity",
)  # fmt: skip
"""Effects, and shares of the inventory as it is now, which say nothing of the years before."""


def survey_series(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lay the survey out: one series an indicator, unit and area, in order of year."""
    if not rows:
        return []
    table = pd.DataFrame(rows).reindex(columns=[*ASKED, "year", "value", "n"])
    found = []
    for key, part in table.fillna(dict.fromkeys(ASKED, "")).groupby(ASKED, sort=True):
        label, unit, area, sub_area = map(str, key)
        points = [
            _point(int(row["year"]), float(row["value"]), n=_number(row["n"]))
            for row in part.sort_values("year").to_dict("records")
        ]
        place = " · ".join(filter(None, (area, sub_area)))
        found.append({"label": label, "unit": unit, "area": place, "points": points})
    return found


def crime_series(
    rows: Sequence[Mapping[str, Any]], settings: PromiseSettings, *, insider: bool
) -> list[dict[str, Any]]:
    """Lay the reported assaults in the centre out; small numbers are for insiders alone.

    2015 is a break in the series of the source, so points say on which side of it they lie.
    """
    years = sorted({int(str(row["period"])[:4]) for row in rows})
    points = []
    for year in years:
        found = crime_effect(rows, year, settings)
        if found.value is None:
            continue
        hidden = found.value < SMALL_CELL and not insider
        point = _point(year, None if hidden else found.value, hidden=hidden)
        points.append(point | {"preliminary": found.preliminary, "late": year >= BREAK_YEAR})
    label = settings.offence.capitalize()
    series = {"label": label, "unit": None, "area": settings.centre, "points": points}
    return [series] if points else []


def _point(
    year: int, value: float | None, *, n: int | None = None, hidden: bool = False
) -> dict[str, Any]:
    """Return one year of a series."""
    point = {"year": year, "value": value, "n": n, "hidden": hidden}
    return point | {"preliminary": False, "late": False}


def _number(value: float | None) -> int | None:
    """Return a whole number; None where none was delivered."""
    return None if value is None or pd.isna(value) else int(value)


def beside(counted: Mapping[int, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Set the counted measures of each year beside one another, one row a promise.

    Parameters
    ----------
    counted
        Answers of `gis.promises.count` by year; rows of `NO_MEASURES` stay out.
    """
    found: dict[str, dict[str, Any]] = {}
    for year, rows in sorted(counted.items()):
        for row in rows:
            if row["id"] in NO_MEASURES:
                continue
            told = found.setdefault(row["id"], {"label": row["label"], "unit": row["unit"]})
            told.setdefault("done", {})[year] = row["done"]
    return [{"id": row_id, **told} for row_id, told in found.items()]
