"""What does an officer take along on paper?

One plan on one sheet: place and time, a cut of the map at 1:2 500, what the place is in law, which
offences are possible there, why here, what speaks against it, where else, and room for numbers.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from shapely import clip_by_rect, get_coordinates, get_parts

from api.work import police, police_places
from gis import codes
from gis.controls.candidates import live_segments
from gis.controls.offences import possible
from gis.crs import WGS84, project
from gis.errors import NotFoundError
from gis.promises.days import LOCAL
from maps import style
from maps.layers.segments import BESIDE_M, beside
from maps.text import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from api.work.police import Desk

SCALE: Final = 2_500
WIDE_MM: Final = 160
HIGH_MM: Final = 90
STREET: Final = "#8A8A8A"
FIELDS: Final = (
    "started", "ended", "type", "direction", "stood", "stopped", "informed", "reported",
)  # fmt: skip


def contents(desk: Desk, plan_id: str) -> dict[str, Any]:
    """Gather what the sheet of a plan shows."""
    plan = police.plan(desk, plan_id).content
    segment_id = str(plan["segment_id"])
    found = _row(desk, segment_id)
    told = _told(desk, segment_id, str(plan["kind"]))
    chosen = told["chosen"]
    lang = desk.lang
    return {
        "plan": plan,
        "kind": codes.load("control_kind").label(str(plan["kind"]), lang),
        "place": found["name"] or segment_id,
        "begins": _spoken(plan["starts_at"]),
        "ends": _spoken(plan["ends_at"]),
        "law": codes.load("path_class").label(str(found["path_class"]), lang),
        "why_class": found[f"reason_{lang}"],
        "signs": ", ".join(found["signs"]),
        "offences": _offences(desk, plan, chosen, found),
        "entered": desk.area.law_entered,
        "site": chosen,
        "against": [told[f"why_not_{lang}"]] if told[f"why_not_{lang}"] else [],
        "alternative": _alternative(desk, told["alternative"]),
        "cut": cut(desk, plan_id),
        "fields": FIELDS,
    }


def cut(desk: Desk, plan_id: str) -> dict[str, Any]:
    """Cut the map around a plan: lines in millimetres of paper with their looks."""
    place = police.place(desk, plan_id)
    x, y = project(
        [place["lon_e7"] / 1e7], [place["lat_e7"] / 1e7], source=WGS84, target=desk.area.crs
    )
    metres = SCALE / 1000
    wide, high = WIDE_MM * metres / 2, HIGH_MM * metres / 2
    box = (float(x[0] - wide), float(y[0] - high), float(x[0] + wide), float(y[0] + high))
    lines = []
    for name in ("streets", "segments"):
        layer = desk.public.layer(name, bbox=box) if name in desk.public.layer_names() else None
        lines += [] if layer is None else _lines(layer, box, metres)
    return {"wide": WIDE_MM, "high": HIGH_MM, "lines": lines, "scale": SCALE}


def _lines(
    layer: gpd.GeoDataFrame, box: tuple[float, float, float, float], metres: float
) -> list[dict[str, Any]]:
    """Draw the rows of a layer as paths of an SVG."""
    shapes = clip_by_rect(layer.geometry.to_numpy(), *box)
    classes = layer["path_class"] if "path_class" in layer else [None] * len(layer)
    drawn = []
    # A loop over the few segments of one cut: each becomes one element of the drawing.
    for shape, code in zip(shapes, classes, strict=True):
        look = style.line("class", str(code)) if code else None
        for part in get_parts(shape):
            xy = (get_coordinates(part) - (box[0], box[3])) / (metres, -metres)
            drawn.append(
                {
                    "d": "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in np.round(xy, 1)),
                    "colour": look.colour if look else STREET,
                    "dash": " ".join(f"{one * 0.3:.1f}" for one in look.dash) if look else "",
                    "width": look.width_px * 0.25 if look else 0.4,
                }
            )
    return drawn


def _row(desk: Desk, segment_id: str) -> dict[str, Any]:
    """Read the segment of a plan; one that is gone is named by its id alone."""
    layer = desk.public.layer("segments", ids=[segment_id])
    live = live_segments({"segments": layer})
    if live.empty:
        return {"name": None, "path_class": "okand", "reason_sv": "", "reason_en": "", "signs": []}
    row = {str(key): value for key, value in live.iloc[0].items()}
    row["name"] = row["name"] if isinstance(row["name"], str) else _beside(desk, live)
    row["signs"] = [str(one) for one in row["signs"]] if row["signs"] is not None else []
    return row


def _beside(desk: Desk, live: gpd.GeoDataFrame) -> str | None:
    """Name a nameless segment by the street it runs along, as the map does."""
    if "streets" not in desk.public.layer_names():
        return None
    west, south, east, north = live.buffer(BESIDE_M).total_bounds.tolist()
    streets = desk.public.layer("streets", bbox=(west, south, east, north))
    street = beside(live.to_crs(WGS84), streets).iloc[0]
    return sentences(desk.lang)("beside").format(name=street) if street else None


def _told(desk: Desk, segment_id: str, kind: str) -> dict[str, Any]:
    """Explain the place by the ranking that stands; a place that is no candidate has no reasons."""
    try:
        return police_places.explain(desk, segment_id, kind)
    except NotFoundError:
        return {"chosen": None, "why_not_sv": None, "why_not_en": None, "alternative": None}


def _offences(
    desk: Desk, plan: Mapping[str, Any], chosen: Mapping[str, Any] | None, row: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """List the offences: by path and crossing at a ranked site, by the path alone elsewhere."""
    if chosen is not None:
        return list(chosen["offences"])
    day = datetime.fromisoformat(str(plan["starts_at"])).date()
    return possible(str(plan["kind"]), {str(row["path_class"])}, country=desk.area.country, day=day)


def _alternative(desk: Desk, told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Name the nearest other site."""
    if told is None:
        return None
    row = _row(desk, str(told["segment_id"]))
    return {**told, "name": row["name"] or told["segment_id"]}


def _spoken(at: str) -> str:
    """Write a moment in local time."""
    return datetime.fromisoformat(at).astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
