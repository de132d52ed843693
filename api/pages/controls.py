"""What does the page of the police look like?

The map of the ranked sites with a panel beside it: choose, plan, perform. The ranking is drawn once
for the page and fetched under its seed, so that list and map are of one draw.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import get_coordinates

from api.pages.mapview import whole
from api.pages.render import fragment
from gis import controls
from gis.controls import offences
from gis.crs import WGS84
from maps import page, sites
from maps.figure import Shell
from maps.layers.words import vocabulary
from maps.text import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from markupsafe import Markup

    from gis.areas import Area
    from gis.store import Store
    from gis.words import Language
    from maps.page import Contents

DATA_URL: Final = "/api/police/map"
KINDS: Final = ("cyclist", "driver", "school")
NUMBERS: Final = (10, 20, 40)
COLUMNS: Final = (
    "segment_id", "kind", "rank", "rank_low", "rank_high", "information_only", "reasons",
)  # fmt: skip
LISTS: Final = ("control_type", "control_direction")
WAY_WIDTHS: Final = (0.5, 0.9)  # the half least used are thin, the tenth most used are wide
UNCLEAR: Final = ("segment_id", "why_sv", "why_en", "reasons")


def contents(store: Store, area: Area, kind: str, ranking: Mapping[str, Any]) -> Contents:
    """Code the inventory and the ranked sites over it."""
    rows = pd.DataFrame(ranking["sites"]).assign(kind=kind)
    if rows.empty:
        rows = pd.DataFrame(columns=[*COLUMNS, "lon", "lat"])
    placed = gpd.GeoDataFrame(
        rows, geometry=gpd.points_from_xy(rows["lon"], rows["lat"]), crs=WGS84
    )
    drawn = whole(
        store,
        area,
        lambda layers, **more: sites.contents({**layers, "sites": placed}, **more),
    )
    unclear = [{name: one[name] for name in UNCLEAR} for one in ranking["unclear"]]
    schools = kind == "school" and ranking["sites"]  # the shell of the page has no sites yet
    more = {
        "unclear": unclear,
        "words": {**drawn.data["words"], **vocabulary(LISTS)},
        "offences": offences.known(area.country),
        "school_ways": ways(controls.school_ways(store)) if schools else [],
    }
    return replace(drawn, data={**drawn.data, **more})


def ways(found: gpd.GeoDataFrame) -> list[list[list[list[float]]]]:
    """Sort ways to schools by use, little used first: one list of lines each, latitude first."""
    if found.empty:
        return []
    use = np.searchsorted(found["ways"].quantile(WAY_WIDTHS).to_numpy(), found["ways"])
    lines = found.geometry.to_crs(WGS84)
    return [
        [np.round(get_coordinates(line)[:, ::-1], 6).tolist() for line in lines[use == width]]
        for width in range(len(WAY_WIDTHS) + 1)
    ]


def html(
    drawn: Contents,
    area: Area,
    *,
    lang: Language,
    nonce: str,
    nav: Markup,
    asked: Mapping[str, Any],
) -> str:
    """Write the page; `asked` is kind, number and seed of the ranking, at schools also when."""
    links = {kind: "?" + urlencode({"kind": kind, "n": asked["n"]}) for kind in KINDS}
    numbers = {n: "?" + urlencode({"kind": asked["kind"], "n": n}) for n in NUMBERS}
    say = sentences(lang)
    panel = fragment(
        "controls_panel",
        say=say,
        links=links,
        numbers=numbers,
        number=asked["n"],
        kind=asked["kind"],
        kinds=KINDS,
        when=asked.get("when"),
    )
    kept = {"kind": asked["kind"], "n": asked["n"]}
    shell = Shell(
        served=True,
        nonce=nonce,
        nav=nav,
        parts=("controls",),
        panel=panel,
        data_url=DATA_URL + "?" + urlencode({**kept, "seed": asked["seed"]}),
        lang_links={code: "?" + urlencode({**kept, "lang": code}) for code in ("sv", "en")},
    )
    return page.draw(drawn, title=area.name, lang=lang, shell=shell)
