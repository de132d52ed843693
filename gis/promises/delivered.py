"""What do the delivered surveys and statistics of reported crime say, as rows with numbers?

Each year may come as a file of its own; where two deliveries tell the same row, the newer counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gis.deliveries import reading_of
from gis.sources import Said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.store import Store

SURVEY: Final = "survey"
CRIME: Final = "crime"
KEYS: Final = {
    SURVEY: ("year", "area", "sub_area", "indicator", "unit"),
    CRIME: ("area", "offence", "period"),
}
NUMBERS: Final = {SURVEY: ("value", "n", "response_rate"), CRIME: ("count", "per_100k")}
NEEDED: Final = {SURVEY: ("year", "indicator", "value"), CRIME: ("offence", "period", "count")}
YES: Final = ("ja", "yes", "true", "1", "x", "preliminär", "preliminary")


def rows_of(store: Store, kind: str) -> tuple[dict[str, Any], ...]:
    """Read every row of a kind: ``survey`` or ``crime``; cells that are empty are None."""
    frames = [
        said.records
        for one in store.deliveries()
        if one.kind == kind and isinstance(said := reading_of(store, one), Said)
    ]
    if not frames:
        return ()
    table = pd.concat(frames, ignore_index=True)
    columns = dict.fromkeys((*KEYS[kind], *NEEDED[kind], *NUMBERS[kind], "preliminary"))
    table = table.reindex(columns=list(columns)).dropna(subset=list(NEEDED[kind]))
    table = table.drop_duplicates(list(KEYS[kind]), keep="last").sort_values(list(KEYS[kind]))
    records = table.astype(object).where(table.notna(), None).to_dict("records")
    return tuple(_typed({str(key): cell for key, cell in row.items()}, kind) for row in records)


def _typed(row: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return a row with numbers as numbers and ``preliminary`` as yes or no."""
    numbers = {name: None if row[name] is None else float(row[name]) for name in NUMBERS[kind]}
    told = {name: row[name] for name in KEYS[kind]} | numbers
    if kind == SURVEY:
        return told | {"year": int(float(row["year"]))}
    said = str(row["preliminary"] or "").strip().casefold()
    return told | {"preliminary": said in YES}
