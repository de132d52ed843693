"""What goes from a layer to a page?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, MultiPolygon, Point, box

from maps import promises, review, sites
from maps.layers import background, coding, words
from maps.layers import findings as finding_layer
from maps.layers import segments as segment_layer

if TYPE_CHECKING:
    from collections.abc import Callable


def test_retired_segments_are_not_drawn(segments: Callable[..., gpd.GeoDataFrame]) -> None:
    shown = segment_layer.drawn(segments({"status": "retired"}, {"status": "stale"}))
    assert shown["segment_id"].tolist() == ["s1"]


def test_main_classes_lie_over_quiet_ones(segments: Callable[..., gpd.GeoDataFrame]) -> None:
    layer = segments({"path_class": "gangbana"}, {"path_class": "trappa"}, {"path_class": "okand"})
    assert segment_layer.drawn(layer)["path_class"].tolist() == ["trappa", "gangbana", "okand"]


def test_any_projection_becomes_degrees(segments: Callable[..., gpd.GeoDataFrame]) -> None:
    shown = segment_layer.drawn(segments({}).to_crs(3006))
    assert shown.total_bounds == pytest.approx([15.58, 56.16, 15.582, 56.16], abs=1e-6)


def test_columns_hold_places_of_texts(segments: Callable[..., gpd.GeoDataFrame]) -> None:
    texts = coding.Texts()
    shown = segment_layer.drawn(segments({"name": "A"}, {"name": None}, {"name": "A"}))
    columns = segment_layer.columns(shown, texts)
    assert [texts.table[place] for place in columns["name"] if place >= 0] == ["A", "A"]
    assert columns["name"][1] == coding.NOTHING
    assert "width_m" not in columns


def test_days_are_days(segments: Callable[..., gpd.GeoDataFrame]) -> None:
    texts = coding.Texts()
    seen = pd.Timestamp("2026-05-12T21:30:00Z")
    columns = segment_layer.columns(segment_layer.drawn(segments({"inspected_at": seen})), texts)
    assert texts.table[columns["inspected_at"][0]] == "2026-05-12"


def test_no_segments_is_an_empty_page(segments: Callable[..., gpd.GeoDataFrame]) -> None:
    none = segment_layer.drawn(segments({}).iloc[:0])
    assert segment_layer.extent(none) is None
    assert segment_layer.columns(none, coding.Texts())["segment_id"] == []
    assert background.window(none) is None
    assert background.areas(None, None) == {}


def street(name: str | None, lat: float) -> gpd.GeoDataFrame:
    line = LineString([(15.58, lat), (15.582, lat)])
    return gpd.GeoDataFrame({"highway": ["residential"], "name": [name]}, geometry=[line], crs=4326)


@pytest.mark.parametrize(
    ("own", "name", "lat", "expected"),
    [
        pytest.param(None, "Storgatan", 56.16010, "Storgatan", id="11 m away"),
        pytest.param(None, "Storgatan", 56.16026, "Storgatan", id="29 m away"),
        pytest.param(None, "Storgatan", 56.16028, None, id="31 m away"),
        pytest.param("Leden", "Storgatan", 56.16010, None, id="has a name"),
        pytest.param(None, None, 56.16010, None, id="nameless street"),
    ],
)
def test_a_nameless_segment_is_found_by_its_street(
    segments: Callable[..., gpd.GeoDataFrame],
    own: str | None,
    name: str | None,
    lat: float,
    expected: str | None,
) -> None:
    beside = segment_layer.beside(segment_layer.drawn(segments({"name": own})), street(name, lat))
    assert beside.tolist() == [expected]


def test_findings_come_gravest_first_and_only_open_ones(
    segments: Callable[..., gpd.GeoDataFrame], findings: Callable[..., gpd.GeoDataFrame]
) -> None:
    asked = findings(
        {"segment_id": "s0", "severity": 2, "check_id": "A01"},
        {"segment_id": "s1", "severity": 3, "check_id": "B01"},
        {"segment_id": "s1", "severity": 3, "check_id": "B02", "state": "accepted"},
        {"segment_id": "gone", "severity": 3, "check_id": "B03"},
    )
    texts = coding.Texts()
    columns = finding_layer.columns(asked, segment_layer.drawn(segments({}, {})), texts)
    assert columns["row"] == [1, 0]
    assert [texts.table[place] for place in columns["check_id"]] == ["B01", "A01"]


def test_areas_are_cut_to_the_window_and_kept_by_role() -> None:
    layer = gpd.GeoDataFrame(
        {"role": ["green", "building", "water"], "name": [None] * 3},
        geometry=[
            box(-10, -10, 0.5, 0.5),
            MultiPolygon([box(0.1, 0.1, 0.2, 0.2), box(0.3, 0.3, 0.4, 0.4)]),
            box(5, 5, 6, 6),
        ],
        crs=4326,
    )
    found = background.areas(layer, box(0, 0, 1, 1))
    assert list(found) == ["green", "building"]
    assert len(found["building"]["p"]) == 2


def test_streets_of_one_name_are_joined_end_to_end() -> None:
    lines = [LineString([(0, 0), (0.1, 0)]), LineString([(0.1, 0), (0.2, 0)])]
    layer = gpd.GeoDataFrame(
        {"highway": ["residential"] * 2, "name": ["Storgatan"] * 2}, geometry=lines, crs=4326
    )
    assert background.streets(layer, box(0, -1, 1, 1), coding.Texts())["line"]["n"] == [2]


def test_nameless_streets_are_kept() -> None:
    layer = street(None, 56.16)
    found = background.streets(layer, box(15, 56, 16, 57), coding.Texts())
    assert found["name"] == [coding.NOTHING]
    assert found["line"]["n"] == [2]


def test_every_class_has_a_plain_word_in_both_languages() -> None:
    for word in words.vocabulary()["path_class"].values():
        assert all(word["label"])
        assert len(word.get("plain", ["", ""])) == 2


def test_the_queue_is_in_order_of_work(segments: Callable[..., gpd.GeoDataFrame]) -> None:
    layer = segments(
        {"severity": 2, "status": "ambiguous"},
        {"severity": 3, "status": "ambiguous", "length_m": 10.0},
        {"severity": 3, "status": "ambiguous", "length_m": 20.0},
        {"severity": 1, "status": "proposed"},
        {"severity": 0, "status": "stale"},
        {"severity": 0, "status": "disputed"},
        {"severity": 3, "status": "retired"},
    )
    assert review.queue(layer) == [5, 4, 2, 1, 0]
    assert review.queue(layer, notes=True) == [5, 4, 2, 1, 0, 3]
    pressing = layer.assign(pressing=[False, True, False, False, False, False, True])
    assert review.queue(pressing) == [5, 4, 1, 2, 0]
    alike = layer.iloc[[2, 2]].assign(
        valid_from=[pd.Timestamp("2026-05-12"), pd.Timestamp("2025-05-12")]
    )
    assert review.queue(alike) == [1, 0]


def test_a_promise_without_target_keeps_none() -> None:
    row = promises.rows([{"id": "x", "label": "Kampanjer", "target": None, "done": 0}])[0]
    assert row["target"] is None
    assert row["on_schedule"] is None
    assert row["label"] == ["Kampanjer", "Kampanjer"]
    assert row["notes"] == row["not_counted"] == []


def test_a_promise_keeps_its_period_and_what_was_left_out() -> None:
    evidence = {"from": "2026-01-01", "to": "2026-12-31", "notes": ["Löftet anger ingen period"]}
    left = [{"reason": "Oklar", "code": "ambiguous", "n": 306}]
    row = promises.rows([{"id": "x", "evidence": evidence, "not_counted": left}])[0]
    assert row["to"] == "2026-12-31"
    assert row["notes"] == ["Löftet anger ingen period"]
    assert row["not_counted"] == [{"reason": "Oklar", "n": 306}]


def test_sites_come_best_first_with_their_reasons() -> None:
    reason = {"text_sv": "Nära skola", "text_en": "Near a school", "value": 120, "unit": "m"}
    layer = gpd.GeoDataFrame(
        {
            "segment_id": ["a", "b"],
            "kind": "driver",
            "rank": [2, 1],
            "rank_low": 1,
            "rank_high": 4,
            "reasons": [[], [reason]],
            "information_only": [True, False],
        },
        geometry=[Point(15.5, 56.1), Point(15.6, 56.2)],
        crs=4326,
    )
    found = sites.ranked(layer)
    assert [site["segment_id"] for site in found] == ["b", "a"]
    assert found[0]["at"] == [56.2, 15.6]
    assert found[0]["reasons"] == [reason]
