"""Layers for the tests of the maps: only what matters is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point, box

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

SEGMENT: dict[str, Any] = {
    "kind": "path",
    "side": "none",
    "path_class": "gangbana",
    "confidence": "low",
    "runner_up": None,
    "basis": "data",
    "rule": "R17",
    "reason_sv": "Ingen skylt är sedd.",
    "reason_en": "No sign has been seen.",
    "status": "proposed",
    "flags": [],
    "severity": 0,
    "width_m": None,
    "surface": None,
    "signs": [],
    "ltf_id": None,
    "sources": ["osm"],
    "source_ids": ["osm:way/1"],
    "name": None,
    "district": None,
    "length_m": 100.0,
    "inspected_at": pd.NaT,
    "decided_at": pd.NaT,
    "valid_from": pd.Timestamp("2026-05-12T08:00:00Z"),
}


def make_segments(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """One row a mapping, 100 m apart, in the order given."""
    full = [{"segment_id": f"s{place}", **SEGMENT, **row} for place, row in enumerate(rows)]
    lines = [
        row.pop("geometry", LineString([(15.58, 56.16 + n / 1000), (15.582, 56.16 + n / 1000)]))
        for n, row in enumerate(full)
    ]
    frame = pd.DataFrame(full, columns=["segment_id", *SEGMENT])
    return gpd.GeoDataFrame(frame, geometry=lines, crs=4326)


def make_findings(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """One open question a mapping."""
    usual = {
        "check_id": "A02",
        "severity": 2,
        "message_sv": "Delad eller gemensam?",
        "message_en": "Divided or shared?",
        "state": "open",
    }
    full = [{**usual, **row} for row in rows]
    return gpd.GeoDataFrame(full, geometry=[Point(15.58, 56.16)] * len(full), crs=4326)


@pytest.fixture
def segments() -> Callable[..., gpd.GeoDataFrame]:
    """Return the maker of segments."""
    return make_segments


@pytest.fixture
def findings() -> Callable[..., gpd.GeoDataFrame]:
    """Return the maker of findings."""
    return make_findings


@pytest.fixture
def layers() -> dict[str, gpd.GeoDataFrame]:
    """Return a small place: three segments, a question, a street, a park, a school."""
    shown = make_segments(
        {"path_class": "cykelbana", "name": "Strandleden", "status": "decided", "basis": "sign"},
        {"path_class": "gc_gemensam", "name": "Norra leden", "severity": 2, "status": "ambiguous"},
        {"path_class": "trappa"},
    )
    streets = gpd.GeoDataFrame(
        {"street_id": ["t1"], "highway": ["residential"], "name": ["Storgatan"]},
        geometry=[LineString([(15.58, 56.1615), (15.582, 56.1615)])],
        crs=4326,
    )
    areas = gpd.GeoDataFrame(
        {"source_id": ["osm:way/9"], "role": ["green"], "name": ["Amiralitetsparken"]},
        geometry=[box(15.5802, 56.1602, 15.5815, 56.1612)],
        crs=4326,
    )
    places = gpd.GeoDataFrame(
        {"place_id": ["p1"], "kind": ["school"], "name": ["Tullskolan"]},
        geometry=[Point(15.581, 56.1615)],
        crs=4326,
    )
    questions = make_findings({"segment_id": "s1"})
    return {
        "segments": shown,
        "findings": questions,
        "streets": streets,
        "areas": areas,
        "places": places,
    }


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page's text as a file; ends with no fault and no request."""
    faults: list[str] = []
    context = chromium.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")

    def show(html: str, *, address: str = "", size: tuple[int, int] = (1280, 800)) -> Page:
        path = tmp_path / "map.html"
        path.write_text(html, "utf-8")
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(dialog.message))
        page.on(
            "console",
            lambda line: faults.append(line.text) if line.type in {"error", "warning"} else None,
        )
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith(("file:", "data:")) else faults.append(request.url)
            ),
        )
        page.goto(f"{path.as_uri()}{address}")
        page.wait_for_selector("html[data-ready]", timeout=20_000)
        return page

    yield show
    context.close()
    assert faults == []
