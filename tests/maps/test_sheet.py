"""The sheet as a reader of PDF finds it: size, scale, words, no formula and no break of line."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, box

from gis.errors import GisError
from maps import sheet_plan, style
from maps.page import About
from maps.sheet import Wish, draw
from maps.sheet_frame import scale_text
from maps.sheet_lines import pens
from maps.sheet_plan import MM_PER_M, nice, paper, read_scale, sheets, used

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Ground = Callable[..., dict[str, gpd.GeoDataFrame]]

SWEREF = 3006
EAST, NORTH = 536_000, 6_224_000
POINTS_PER_MM = 72 / 25.4
ABOUT = About(attribution=("Källan & Söner",), made="2026-05-12", country="SE")
NASTY = ("<b>$\\frac{1}{2}$</b>", "${alert(1)}`\\", "\u202eشارع الملك", "å" * 10_000, "a\n\x00b")


@pytest.fixture
def ground(segments: Callable[..., gpd.GeoDataFrame]) -> Callable[..., dict[str, gpd.GeoDataFrame]]:
    """Return a maker of layers in metres: one 400 m line a mapping, 100 m apart."""

    def make(*rows: dict[str, Any]) -> dict[str, gpd.GeoDataFrame]:
        lines = [
            LineString([(EAST, NORTH + 100 * n), (EAST + 400, NORTH + 100 * n)])
            for n in range(len(rows))
        ]
        shown = segments(*rows).set_geometry(gpd.GeoSeries(lines, crs=SWEREF))
        streets = gpd.GeoDataFrame(
            {"name": [row.get("name") for row in rows], "highway": "residential"},
            geometry=lines,
            crs=SWEREF,
        )
        areas = gpd.GeoDataFrame(
            {"role": ["water"]}, geometry=[box(*shown.total_bounds)], crs=SWEREF
        )
        return {"segments": shown, "streets": streets, "areas": areas}

    return make


def wish(**more: str | sheet_plan.Box) -> Wish:
    usual = Wish(scale="1:5000", paper="A4", title="Karlskrona", lang="sv")
    changes: dict[str, Any] = dict(more)
    return replace(usual, **changes)


def test_a_sheet_says_all_that_a_sheet_must(ground: Ground, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    layers = ground({"path_class": "cykelbana"}, {"path_class": "gangbana", "status": "retired"})
    assert draw(layers, wish(), about=ABOUT, output=file) == 1
    with pdfplumber.open(file) as pdf:
        page = pdf.pages[0]
        text = page.extract_text()
        assert (round(page.width / POINTS_PER_MM), round(page.height / POINTS_PER_MM)) == (297, 210)
    for said in ("Teckenförklaring", "1:5 000", "250 m", "2026-05-12", "Källa", "EPSG:3006"):
        assert said in text
    assert "Källan & Söner" in text
    assert "Cykelbana (påbjuden)" in text
    assert "Gångbana (friliggande" not in text
    assert {"536000", "536250"} <= set(text.split())


@pytest.mark.parametrize(("scale", "metres"), [("1:5000", 250), ("1:2000", 100), ("1:12500", 500)])
def test_the_scale_bar_is_true(ground: Ground, tmp_path: Path, scale: str, metres: int) -> None:
    file = tmp_path / "sheet.pdf"
    draw(ground({}), wish(scale=scale, paper="A3"), about=ABOUT, output=file)
    with pdfplumber.open(file) as pdf:
        page = pdf.pages[0]
        words = page.extract_words()
        texts = [word["text"] for word in words]
        pairs = pairwise(texts)
        label = next(n for n, pair in enumerate(pairs) if pair == (str(metres), "m"))
        drawn = [one for one in page.lines if one["linewidth"] == pytest.approx(3)]
        bar = next(one for one in drawn if 0 < words[label]["x0"] - one["x1"] < 10)
    paper_m = (bar["x1"] - bar["x0"]) / POINTS_PER_MM / MM_PER_M * read_scale(scale)
    assert paper_m == pytest.approx(metres, rel=0.01)


def test_the_map_has_the_scale_of_the_bar(ground: Ground, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    draw(ground({"path_class": "cykelbana"}), wish(), about=ABOUT, output=file)
    blue = tuple(
        int(style.line("class", "cykelbana").colour[n : n + 2], 16) / 255 for n in (1, 3, 5)
    )
    with pdfplumber.open(file) as pdf:
        drawn = [
            one["x1"] - one["x0"]
            for one in [*pdf.pages[0].lines, *pdf.pages[0].curves]
            if one["stroking_color"] == pytest.approx(blue, abs=0.01)
        ]
    assert max(drawn) / POINTS_PER_MM == pytest.approx(400 / 5000 * 1000, rel=0.01)


@pytest.mark.parametrize("name", NASTY, ids=["formula", "script", "arabic", "long", "control"])
def test_any_name_is_printed_as_text(ground: Ground, tmp_path: Path, name: str) -> None:
    file = tmp_path / "sheet.pdf"
    about = About(attribution=(name,), sources=(name,), made="2026-05-12")
    draw(ground({"name": name}), wish(title=name), about=about, output=file)
    with pdfplumber.open(file) as pdf:
        words = pdf.pages[0].extract_words()
        assert all(word["x1"] <= pdf.pages[0].width for word in words)
        assert "Teckenförklaring" in {word["text"] for word in words}


def test_an_extent_that_does_not_fit_becomes_an_atlas(ground: Ground, tmp_path: Path) -> None:
    file = tmp_path / "atlas.pdf"
    wide = (EAST - 50.0, NORTH - 50.0, EAST + 1950.0, NORTH + 50.0)
    layers = ground({"path_class": "cykelbana"})
    far = layers["segments"].translate(1900)
    both = pd.concat([layers["segments"], layers["segments"].set_geometry(far)])
    layers["segments"] = gpd.GeoDataFrame(both, crs=SWEREF)
    assert draw(layers, wish(extent=wide), about=ABOUT, output=file) == 2
    with pdfplumber.open(file) as pdf:
        assert [f"({n} av 2)" in page.extract_text() for n, page in enumerate(pdf.pages, 1)] == [
            True,
            True,
        ]


def test_english_and_nothing_to_draw(ground: Ground, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    layers = {name: layer.iloc[:0] for name, layer in ground({}).items()}
    assert draw(layers, wish(lang="en"), about=ABOUT, output=file) == 1
    with pdfplumber.open(file) as pdf:
        text = pdf.pages[0].extract_text()
    assert "Legend" in text
    assert "No paths on this sheet." in text


@pytest.mark.parametrize("text", ["5000", "1:0", "1:99", "1:1000000", "1:5,5", "", "1:" + "9" * 99])
def test_what_is_no_scale_is_refused(text: str) -> None:
    with pytest.raises(GisError, match="1:5000"):
        read_scale(text)


def test_too_many_sheets_are_refused_with_what_to_do() -> None:
    with pytest.raises(GisError, match="smaller scale"):
        sheets((0, 0, 100_000, 100_000), paper("A4"), 1000)


@given(
    st.floats(1, 2400), st.floats(1, 2400), st.sampled_from(["A3", "A4"]), st.integers(1000, 20_000)
)
def test_sheets_cover_the_extent_and_never_overlap(
    wide: float, high: float, name: str, scale: int
) -> None:
    extent = (EAST, NORTH, EAST + wide, NORTH + high)
    planned = sheets(extent, paper(name), scale)
    covered = box(*extent)
    boxes = [box(*one.window) for one in planned]
    assert sum(one.intersection(covered).area for one in boxes) == pytest.approx(covered.area)
    assert len({one.name for one in planned}) == len(planned)
    _, _, width_mm, _ = paper(name).frame
    window = planned[0].window
    assert window[2] - window[0] == pytest.approx(width_mm / MM_PER_M * scale)


def test_sheets_without_paths_are_left_out(ground: Ground) -> None:
    shown = ground({})["segments"]
    planned = sheets((EAST, NORTH, EAST + 4000, NORTH + 10), paper("A4"), 5000)
    assert [one.name for one in used(planned, shown)] == ["A1"]
    assert used(planned, shown.iloc[:0]) == planned[:1]


@given(st.floats(0.01, 1e6))
def test_a_nice_length_is_no_longer_and_at_least_half(most: float) -> None:
    assert most / 2.01 <= nice(most) <= most


def test_dashes_grow_with_the_line() -> None:
    near, far = pens("gangbana", "proposed", 1000)[-1], pens("gangbana", "proposed", 20_000)[-1]
    assert near["linewidths"] > far["linewidths"]
    assert near["linestyles"] == far["linestyles"] == [(0, (0.8, 0.8))]


def test_a_scale_is_written_with_its_thousands_apart() -> None:
    assert scale_text(12_500) == "1:12 500"
    assert read_scale("1:250 000") == sheet_plan.SMALLEST_SCALE
