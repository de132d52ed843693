"""What does the planner's page look like?

The map of the review with a panel beside it; scripts of ours fill the panel.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

import pandas as pd

from api.pages import mapview
from api.pages.render import fragment
from maps import page, tiled
from maps import review as reviewing
from maps.figure import Shell
from maps.page import About
from maps.text import sentences

if TYPE_CHECKING:
    import geopandas as gpd
    from markupsafe import Markup

    from api.pages.mapview import Drawn
    from gis.areas import Area
    from gis.store import Store
    from gis.words import Language
    from maps.page import Contents, Layers

DATA_URL: Final = "/api/review"
PRESSING: Final = ("near_school", "bicycle_route")
"""Columns of the network that put a segment before others as grave."""


class Asked(NamedTuple):
    """What the address of the page asks for."""

    segment: str | None
    lang: str | None
    notes: bool


def contents(store: Store, area: Area, *, notes: bool = False) -> Contents:
    """Code the inventory and its queue; of a large one only the first of the queue.

    With `notes`, segments with notes alone stand in the queue too, as the last. The first
    `reviewing.SHOWN` of a large inventory are sent, tiles and windows show the others.
    """
    held = store.layer_names()
    if mapview.SEGMENTS in held and store.count(mapview.SEGMENTS) > tiled.MOST_SENT:
        return _first(store, area, notes=notes)
    return mapview.whole(store, area, partial(_whole, store, notes=notes))


def _whole(store: Store, layers: Layers, *, title: str, about: About, notes: bool) -> Contents:
    """Code every segment, in a queue that knows what is pressing."""
    marked = {**layers, mapview.SEGMENTS: _marked(store, layers[mapview.SEGMENTS])}
    return reviewing.contents(marked, title=title, about=about, notes=notes)


def _first(store: Store, area: Area, *, notes: bool) -> Contents:
    """Code the first of a long queue."""
    wanted = reviewing.asking(notes=notes)
    asking = [store.layer(mapview.SEGMENTS, where=where) for where in wanted]
    needed = pd.concat(asking, ignore_index=True).drop_duplicates("segment_id", ignore_index=True)
    marked = _marked(store, needed)
    rows = reviewing.queue(marked, notes=notes)
    first = marked.iloc[rows[: reviewing.SHOWN]].reset_index(drop=True)
    ids = first["segment_id"].tolist()
    findings = store.layer("findings", where={"segment_id": ids})
    about = About(attribution=area.attribution, country=area.country)
    layers = {mapview.SEGMENTS: first, "findings": findings}
    coded = reviewing.contents(layers, title=area.name, about=about, notes=notes)
    told = replace(coded, data={**coded.data, "queue_total": len(rows)})
    return tiled.fetching(told, mapview.counted(store), mapview.extent(store, area))


def _marked(store: Store, segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Mark what lies at a school or on a cycle route."""
    if "network" not in store.layer_names():
        return segments
    ids = segments["segment_id"]
    network = store.layer("network", ids=ids[segments["severity"].ge(reviewing.QUESTION)].tolist())
    named = network[[name for name in PRESSING if name in network]].eq(other=True).any(axis=1)
    return segments.assign(pressing=ids.isin(network.loc[named, "segment_id"]))


def html(drawn: Drawn, area: Area, *, lang: Language, nonce: str, nav: Markup, asked: Asked) -> str:
    """Write the page around a drawing; the language switch keeps what was asked for."""
    told = {"notes": "true" if asked.notes else None, "segment": asked.segment}
    kept = {name: value for name, value in told.items() if value is not None}
    shell = Shell(
        served=True,
        nonce=nonce,
        nav=nav,
        parts=(*mapview.drawing(drawn, area), "review"),
        panel=fragment("review_panel", say=sentences(lang), notes=asked.notes),
        data_url=DATA_URL + ("?notes=true" if asked.notes else ""),
        basemap=area.basemap or {},
        lang_links={code: "?" + urlencode({**kept, "lang": code}) for code in ("sv", "en")},
    )
    return page.draw(drawn.contents, title=area.name, lang=lang, shell=shell)
