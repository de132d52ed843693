"""Does a layer that keeps its contract pass, and is every breach of it told?"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from gis import contracts, layers
from gis.contracts import Column
from gis.errors import LayerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Segments = Callable[..., gpd.GeoDataFrame]

NAMES = layers.names()
FIXED = {
    "segments": (
        "segment_id kind side path_class confidence runner_up basis rule reason_sv reason_en"
        " status flags severity width_m surface separation lit signs ltf_id sources source_ids"
        " element_id m_from m_to name district length_m inspected_at decided_at version"
        " valid_from valid_to geometry"
    ),
    "findings": (
        "finding_id segment_id check_id severity message_sv message_en evidence state geometry"
    ),
    "observations": (
        "observation_id segment_id sent_segment_id kind fields observed_at received_at author"
        " accuracy_m photo geometry"
    ),
    "places": "place_id kind name geometry",
}


@pytest.mark.parametrize("name", FIXED)
def test_the_published_columns_stand_in_their_fixed_order(name: str) -> None:
    assert layers.columns(name) == tuple(FIXED[name].split())


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_layer_keeps_its_contract(name: str) -> None:
    nothing = layers.empty(name, 3006)
    layers.check(nothing, name)
    assert list(nothing.columns) == list(layers.columns(name))
    assert len(nothing) == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_maker_makes_valid_layers(layer: Segments, name: str) -> None:
    layers.check(layer(name), name)


@pytest.mark.parametrize("name", NAMES)
def test_every_column_says_what_it_means_in_both_languages(name: str) -> None:
    for column in layers.contract(name).columns:
        assert column.meaning_sv.endswith(".")
        assert column.meaning_en.endswith(".")


def test_the_police_layers_are_apart() -> None:
    assert layers.names("police") == ("controls", "plans", "sites")
    assert not set(layers.names("public")) & set(layers.names("police"))


def test_an_unknown_layer_is_named() -> None:
    with pytest.raises(LayerError, match=r"no layer 'roads'.*segments"):
        layers.contract("roads")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        pytest.param(
            {"path_class": "trottoar"}, "path_class must hold words of path_class", id="c"
        ),
        pytest.param({"path_class": "enskild_vag"}, "not: enskild_vag", id="an attribute"),
        pytest.param({"runner_up": "x"}, "runner_up must hold words", id="wrong runner-up"),
        pytest.param({"severity": 4}, "severity must hold words of severity, not: 4", id="grade"),
        pytest.param({"path_class": None}, "path_class may not be null", id="null class"),
        pytest.param({"length_m": None}, "length_m may not be null", id="null length"),
        pytest.param({"length_m": -0.1}, "length_m must be 0 or more: -0.1", id="below zero"),
        pytest.param({"flags": [["A01"], ["Q99"]]}, "not: Q99", id="unknown flag"),
        pytest.param({"flags": [["A01"], None]}, "flags may not be null", id="null list"),
        pytest.param({"segment_id": ["s1", "s1"]}, "unique but repeats: s1", id="key twice"),
        pytest.param({"segment_id": None}, "segment_id may not be null", id="null key"),
        pytest.param({"geometry": "POINT (0 0)"}, "must be LineString, not: Point", id="a point"),
        pytest.param({"geometry": "LINESTRING EMPTY"}, "geometry is empty in rows: 0", id="empty"),
        pytest.param({"geometry": "LINESTRING (1 1, 1 1)"}, "geometry is invalid", id="no length"),
        pytest.param({"geometry": [None]}, "geometry may not be null", id="no geometry"),
        pytest.param({"colour": "red"}, "not in the contract: colour", id="extra column"),
    ],
)
def test_a_breach_is_told(segments: Segments, columns: dict[str, Any], said: str) -> None:
    with pytest.raises(LayerError) as caught:
        layers.check(segments(columns), "segments")
    assert str(caught.value).startswith("layer segments has 1 fault: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"width_m": [None, 2.5]}, id="unknown width"),
        pytest.param({"width_m": 0.0}, id="width on the limit"),
        pytest.param({"surface": "tartan"}, id="open vocabulary"),
        pytest.param({"severity": 3}, id="highest grade"),
        pytest.param({"flags": [[], ["A01"]]}, id="empty and full list"),
        pytest.param({"path_class": ["okand", "vagren"]}, id="neighbour classes"),
    ],
)
def test_what_the_contract_allows_passes(segments: Segments, columns: dict[str, Any]) -> None:
    layers.check(segments(columns), "segments")


WRONG_TYPES = [
    pytest.param("width_m", ["2,5"], "number", id="text for number"),
    pytest.param("width_m", [True], "number", id="boolean for number"),
    pytest.param("severity", [1.0], "integer", id="float for integer"),
    pytest.param("path_class", [3], "text", id="number for text"),
    pytest.param("flags", ["A01"], "list", id="text for list"),
    pytest.param("flags", [[1]], "list", id="list of numbers"),
    pytest.param("flags", [("A01",)], "list", id="tuple for list"),
    pytest.param("valid_from", ["2026-05-12"], "time", id="text for time"),
    pytest.param("valid_from", [pd.Timestamp("2026-05-12")], "time", id="time without zone"),
    pytest.param("valid_from", [pd.Timestamp("2026-05-12", tz="CET")], "time", id="local time"),
]


@pytest.mark.parametrize(("column", "cells", "kind"), WRONG_TYPES)
def test_a_wrong_type_is_told(segments: Segments, column: str, cells: list[Any], kind: str) -> None:
    frame = segments()
    frame[column] = pd.Series(cells)
    assert any(f"{column} must be {kind}, but is " in told for told in told_of(frame))


def told_of(frame: gpd.GeoDataFrame) -> list[str]:
    return layers.faults(frame, "segments")


def test_an_all_null_column_has_every_type(segments: Segments) -> None:
    frame = segments()
    for column in ("width_m", "name", "inspected_at"):
        frame[column] = pd.Series([None], dtype="object")
    layers.check(frame, "segments")


def test_a_boolean_must_be_one(layer: Segments) -> None:
    frame = layer("crossings")
    frame["signalised"] = pd.Series([True], dtype="object")
    layers.check(frame, "crossings")
    frame["signalised"] = pd.Series([1])
    assert layers.faults(frame, "crossings") == ["signalised must be boolean, but is int64"]


def test_all_faults_come_at_once(segments: Segments) -> None:
    frame = segments({"path_class": "x", "length_m": -1.0, "geometry": "POINT (0 0)"})
    frame = frame.drop(columns="name")
    assert len(told_of(frame)) == 4


def test_only_the_first_values_are_named(segments: Segments) -> None:
    (told,) = told_of(segments({"segment_id": ["s1"] * 2 + [f"s{n // 2}" for n in range(4, 14)]}))
    assert told == "segment_id must be unique but repeats: s1, s2, s3 and 3 more"


def test_columns_in_another_order_are_told(segments: Segments) -> None:
    frame = segments()
    turned = frame[["geometry", *[name for name in frame.columns if name != "geometry"]]]
    (told,) = told_of(turned)
    assert told.startswith("columns must stand in the order segment_id, kind")


@pytest.mark.parametrize(
    ("crs", "projected", "said"),
    [
        pytest.param(4326, True, ["CRS EPSG:4326 must be projected"], id="degrees at work"),
        pytest.param(3006, False, ["CRS EPSG:3006 must be geographic"], id="metres delivered"),
        pytest.param(None, True, ["the layer has no CRS, it must be projected"], id="none"),
        pytest.param(3009, True, [], id="another projected"),
        pytest.param(4326, False, [], id="degrees delivered"),
    ],
)
def test_the_crs_is_asked(
    segments: Segments, crs: int | None, *, projected: bool, said: list[str]
) -> None:
    made = segments()
    lines = gpd.GeoSeries(made.geometry.to_numpy(), crs=crs)
    frame = gpd.GeoDataFrame(pd.DataFrame(made.drop(columns="geometry")), geometry=lines)
    assert layers.faults(frame, "segments", projected=projected) == said


def test_conform_gives_order_types_and_nulls() -> None:
    loose = gpd.GeoDataFrame(
        {"name": [None], "extra": [1], "kind": ["school"], "place_id": ["p1"]},
        geometry=gpd.points_from_xy([536500], [6224000]),
        crs=3006,
        index=[7],
    )
    made = layers.conform(loose, "places")
    layers.check(made, "places")
    assert list(made.index) == [0]
    assert made["name"].isna().all()
    assert "extra" in loose


def test_conform_fills_lists_and_refuses_a_missing_column(segments: Segments) -> None:
    frame = segments()
    filled = layers.conform(frame.drop(columns=["signs", "width_m"]), "segments")
    assert filled["signs"].tolist() == [[]]
    assert filled["width_m"].isna().all()
    with pytest.raises(LayerError, match="path_class is missing"):
        layers.conform(frame.drop(columns="path_class"), "segments")


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        pytest.param("severity", [2.7], id="half a grade"),
        pytest.param("severity", [None], id="no grade"),
        pytest.param("length_m", ["long"], id="length in words"),
        pytest.param("valid_from", ["yesterday"], id="time in words"),
    ],
)
def test_conform_loses_nothing(segments: Segments, column: str, cells: list[Any]) -> None:
    frame = segments()
    frame[column] = pd.Series(cells)
    with pytest.raises(LayerError, match=f"column {column} cannot be read as"):
        layers.conform(frame, "segments")


def test_conform_writes_objects_as_json(layer: Segments) -> None:
    made = layer("observations", {"fields": '{"note": "x"}'})
    said = made.assign(fields=pd.Series([{"note": "ö 'x'"}], dtype=object))
    assert json.loads(layers.conform(said, "observations")["fields"].iloc[0]) == {"note": "ö 'x'"}


def test_conforming_twice_is_conforming_once(segments: Segments) -> None:
    once = layers.conform(segments({"width_m": [2.5, None], "flags": ["A01"]}), "segments")
    pd.testing.assert_frame_equal(layers.conform(once, "segments"), once)


def test_a_column_without_list_allows_any_word() -> None:
    free = Column(name="x", type="text", meaning_sv="", meaning_en="")
    assert free.allowed() is None


def test_a_hundred_thousand_rows_take_a_moment(segments: Segments) -> None:
    rows = 100_000
    frame = gpd.GeoDataFrame(segments().loc[np.zeros(rows, dtype=int)].reset_index(drop=True))
    frame["segment_id"] = [f"s{row:015d}" for row in range(rows)]
    east = np.arange(rows, dtype=float)
    here = gpd.GeoSeries.from_xy(east, np.zeros(rows), crs=frame.crs)
    frame["geometry"] = here.shortest_line(here.translate(yoff=1.0))
    began = time.perf_counter()
    layers.check(frame, "segments")
    assert time.perf_counter() - began < 5


CONTRACT = """
key = "place_id"
store = "public"
title_sv = "x"
title_en = "x"
meaning_sv = "x"
meaning_en = "x"
geometry = ["Point"]
geometry_nullable = false
[[columns]]
name = "place_id"
type = "text"
meaning_sv = "x"
meaning_en = "x"
"""


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        pytest.param('store = "public"', 'store = "secret"', "store 'secret'", id="store"),
        pytest.param('key = "place_id"', 'key = "id"', "key 'id' is no column", id="key"),
        pytest.param('type = "text"', 'type = "txt"', "type 'txt'", id="type"),
        pytest.param('title_sv = "x"', "", "title_sv", id="missing word"),
        pytest.param('type = "text"', 'type = "text"\nnulable = true', "nulable", id="misspelt"),
        pytest.param('geometry = ["Point"]', "", "geometry", id="no geometry"),
        pytest.param('key = "place_id"', "key = ", "is no contract", id="broken"),
    ],
)
def test_a_contract_at_fault_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: str, becomes: str, said: str
) -> None:
    (tmp_path / "layers").mkdir()
    text = CONTRACT.replace(was, becomes)
    (tmp_path / "layers" / "made_up.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(contracts, "data_dir", lambda: tmp_path)
    monkeypatch.setattr(contracts, "all_names", lambda: ("made_up",))
    with pytest.raises(LayerError, match=r"layers/made_up\.toml is no contract") as caught:
        contracts.contract("made_up")
    assert said in str(caught.value)


def test_a_reference_to_an_absent_table_is_named() -> None:
    lost = Column(name="x", type="text", meaning_sv="", meaning_en="", refers=("rules/gone.id",))
    with pytest.raises(LayerError, match=r"rules/gone\.csv"):
        lost.allowed()
