"""Where controls are proposed, where never, and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from gis.controls import SiteSettings, Task, explain, explain_place, rank
from gis.controls.candidates import live_segments
from gis.controls.criteria import KINDS, criteria
from gis.controls.score import factors
from gis.errors import GisError, LayerError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    Layers = dict[str, gpd.GeoDataFrame]
    Town = Callable[..., Layers]

NOW = datetime(2026, 5, 8, 12, tzinfo=UTC)
FEW = SiteSettings(draws=200)


def a_task(kind: str, **told: object) -> Task:
    plain: dict[str, Any] = {"kind": kind, "seed": 1, "n": 5, "settings": FEW}
    plain.update(told)
    return Task(**plain)


def changed(layers: Layers, **columns: object) -> Layers:
    """Return the layers with columns of all segments replaced."""
    segments = layers["segments"].copy()
    for name, value in columns.items():
        segments[name] = pd.Series([value] * len(segments), dtype=object, index=segments.index)
    return layers | {"segments": segments}


SETTLED = {
    "path_class": "gc_gemensam",
    "confidence": "high",
    "basis": "sign",
    "severity": 0,
    "flags": [],
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_ranking(town: Town, kind: str) -> None:
    first = rank(town(), a_task(kind)).to_dict()
    again = rank(town(), a_task(kind)).to_dict()
    assert json.dumps(first, sort_keys=True) == json.dumps(again, sort_keys=True)


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_the_rows_changes_nothing(town: Town, kind: str) -> None:
    layers = town()
    turned = {name: layer.iloc[::-1].reset_index(drop=True) for name, layer in layers.items()}
    assert rank(layers, a_task(kind)).to_dict() == rank(turned, a_task(kind)).to_dict()


@given(seed=st.integers(0, 50))
@settings(max_examples=15)
def test_cyclists_are_never_controlled_on_an_unsettled_segment(town: Town, seed: int) -> None:
    layers = town(seed=seed)
    ranking = rank(layers, a_task("cyclist", n=20))
    rows = layers["segments"].set_index("segment_id")
    for site in ranking.sites:
        row = rows.loc[site["segment_id"]]
        assert row["confidence"] == "high"
        assert row["basis"] in ("sign", "regulation", "decision")
        assert row["severity"] < 2
        assert row["path_class"] != "okand"
    assert all(site["information_only"] and site["why_sv"] for site in ranking.unclear)


@pytest.mark.parametrize(
    ("column", "value", "cyclist", "driver"),
    [
        pytest.param("confidence", "medium", False, True, id="medium confidence"),
        pytest.param("basis", "data", False, True, id="data alone"),
        pytest.param("basis", "marking", False, True, id="marking alone"),
        pytest.param("basis", "regulation", True, True, id="a regulation"),
        pytest.param("basis", "decision", True, True, id="a decision"),
        pytest.param("severity", 1, True, True, id="a note"),
        pytest.param("severity", 2, False, False, id="an open question"),
        pytest.param("severity", 3, False, False, id="a contradiction"),
        pytest.param("path_class", "okand", False, False, id="unknown class"),
        pytest.param("flags", ["J17"], False, False, id="a crossing that does not agree"),
        pytest.param("flags", ["J01"], True, True, id="another flag"),
        pytest.param("status", "retired", None, None, id="gone"),
    ],
)
def test_what_makes_a_segment_one_for_controls(
    town: Town, column: str, value: object, *, cyclist: bool | None, driver: bool | None
) -> None:
    layers = changed(town(), **(SETTLED | {column: value}))
    for kind, proposed in (("cyclist", cyclist), ("driver", driver), ("school", driver)):
        ranking = rank(layers, a_task(kind))
        assert bool(ranking.sites) is bool(proposed)
        assert bool(ranking.unclear) is (proposed is False)


@pytest.mark.parametrize("kind", KINDS)
def test_every_site_has_reasons_in_both_languages_and_a_standing(town: Town, kind: str) -> None:
    ranking = rank(changed(town(), **SETTLED), a_task(kind, n=8))
    assert len(ranking.sites) == 8
    scores = [site["score"] for site in ranking.sites]
    assert scores == sorted(scores, reverse=True)
    assert [site["rank"] for site in ranking.sites] == list(range(1, 9))
    assert len({site["segment_id"] for site in ranking.sites}) == 8
    for site in ranking.sites:
        assert site["rank_low"] <= site["rank"] <= site["rank_high"]
        assert site["place_low"] <= site["place_high"] <= site["places"]
        assert len(site["reasons"]) >= 3
        for reason in site["reasons"]:
            assert reason["text_sv"] != reason["text_en"]
            assert not {"{", "}"} & set(reason["text_sv"] + reason["text_en"])
            assert {"value", "unit"} <= set(reason)


def test_near_a_school_a_place_for_cyclists_is_for_information(town: Town) -> None:
    layers = changed(town(), **SETTLED)
    ranking = rank(layers, a_task("cyclist", n=12))
    schools = layers["places"].iloc[:2]
    segments = layers["segments"]
    near = {site["segment_id"] for site in ranking.sites if site["information_only"]}
    assert near
    for site in ranking.sites:
        if site["segment_id"] in near:
            line = segments[segments["segment_id"].eq(site["segment_id"])].geometry.iloc[0]
            assert schools.distance(line).min() <= 300
            assert "skola" in site["reasons"][-1]["text_sv"]
    drivers = rank(layers, a_task("driver", n=12))
    assert not any(site["information_only"] for site in drivers.sites)


def test_every_school_is_visited_before_any_twice(town: Town) -> None:
    layers = changed(town(), **SETTLED)
    streets = layers["streets"].copy()
    streets["maxspeed_kmh"] = np.where(streets.centroid.x < 420, 60.0, 30.0)
    own = SiteSettings(draws=200, own_share=1.0)
    ranking = rank(layers | {"streets": streets}, a_task("school", n=2, settings=own))
    places = ranking.places
    schools = [
        places.loc[places["segment_id"].eq(site["segment_id"]), "school_id"].iloc[0]
        for site in ranking.sites
    ]
    assert sorted(schools) == ["p1", "p2"]


def test_a_segment_stands_once_in_the_list_however_near_the_places(town: Town) -> None:
    near = SiteSettings(draws=200, spacing_m=1.0, own_share=1.0)
    ranking = rank(changed(town(), **SETTLED), a_task("cyclist", n=30, settings=near))
    listed = [site["segment_id"] for site in ranking.sites]
    assert ranking.places["segment_id"].duplicated().any()
    assert len(listed) == len(set(listed)) > 20


def test_without_anything_to_rank_the_answer_is_empty(town: Town) -> None:
    layers = town()
    ranking = rank({"segments": layers["segments"].iloc[:0]}, a_task("driver"))
    assert (ranking.sites, ranking.unclear) == ([], [])
    assert ranking.objective == {"value": 0.0, "bound": 0.0, "gap": 0.0}


def test_streets_crossings_and_schools_may_be_missing(town: Town) -> None:
    ranking = rank({"segments": changed(town(), **SETTLED)["segments"]}, a_task("cyclist"))
    assert len(ranking.sites) == 5


def test_a_country_without_law_says_so_and_names_class_and_sign(town: Town) -> None:
    layers = changed(town(), **(SETTLED | {"signs": ["FI:D6"]}))
    texts = [
        reason["text_sv"]
        for reason in rank(layers, a_task("driver", country="FI")).sites[0]["reasons"]
    ]
    assert any("FI:D6" in text and "Gemensam" in text for text in texts)
    assert any("inte inlagda" in text for text in texts)
    swedish = rank(layers, a_task("driver")).sites[0]["reasons"]
    assert not any("inte inlagda" in reason["text_sv"] for reason in swedish)


@pytest.mark.parametrize(
    ("kind", "n"),
    [("pedestrian", 5), ("driver", 0)],
)
def test_an_impossible_wish_is_refused(town: Town, kind: str, n: int) -> None:
    with pytest.raises(GisError, match="use cyclist"):
        rank(town(), a_task(kind, n=n))


def test_degrees_are_refused(town: Town) -> None:
    layers = town()
    with pytest.raises(LayerError, match="projected"):
        rank({"segments": layers["segments"].to_crs(4326)}, a_task("driver"))


VALUES = st.fixed_dictionaries(
    {
        "crossing_class": st.sampled_from([None, "overgangsstalle", "okand"]),
        "unsignalised": st.booleans(),
        "crossings_100m": st.integers(0, 10),
        "maxspeed_kmh": st.sampled_from([None, 30.0, 40.0, 50.0, 60.0, 70.0]),
        "school_m": st.sampled_from([None, 100.0, 150.0, 300.0, 301.0]),
        "schools_300m": st.integers(0, 3),
        "school_way_m": st.sampled_from([None, 90.0, 600.0]),
        "path_class": st.sampled_from(["cykelbana", "gc_gemensam", "gangbana"]),
        "classes_at_node": st.integers(1, 4),
        "segments_at_node": st.integers(1, 6),
        "path_end": st.booleans(),
        "bicycle_route": st.booleans(),
        "length_m": st.floats(1, 1000),
    }
)


@given(place=VALUES, kind=st.sampled_from(KINDS), data=st.data())
def test_no_reason_lowers_a_score(place: dict[str, Any], kind: str, data: st.DataObject) -> None:
    rules = criteria(kind)
    before = factors(pd.DataFrame([place]), kind).iloc[0]
    rule = data.draw(st.sampled_from(rules))
    better = {
        "crossings_100m": place["crossings_100m"] + 3,
        "maxspeed_kmh": (place["maxspeed_kmh"] or 0) + 20,
        "school_m": (place["school_m"] or 300) / 2,
        "schools_300m": place["schools_300m"] + 1,
        "school_way_m": (place["school_way_m"] or 1200) / 2,
        "classes_at_node": place["classes_at_node"] + 1,
        "segments_at_node": place["segments_at_node"] + 2,
        "length_m": place["length_m"] * 2,
        "unsignalised": True,
        "path_end": True,
        "bicycle_route": True,
    }
    if rule.column in better:
        after = factors(pd.DataFrame([place | {rule.column: better[rule.column]}]), kind).iloc[0]
        assert (after.to_numpy(float) >= before.to_numpy(float)).all()
    assert (before.to_numpy(float) >= 1).all()


def points_at(place: gpd.GeoDataFrame, number: int, **columns: object) -> gpd.GeoDataFrame:
    """Return points at the first of some places."""
    rows = [{**columns, "geometry": place.geometry.iloc[0]} for _ in range(number)]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=3006)


def test_accidents_raise_a_place_and_are_named(town: Town) -> None:
    layers = changed(town(), **SETTLED)
    plain = rank(layers, a_task("driver", n=1))
    worst = plain.places.sort_values("score").iloc[:1]
    accidents = points_at(worst, 30, accident_type="F", year=2024)
    found = rank(layers, a_task("driver", n=1), accidents=accidents)
    texts = [reason["text_sv"] for reason in found.sites[0]["reasons"]]
    assert any("30 skadade" in text for text in texts)
    assert found.input_hash != plain.input_hash
    assert "Inga olyckor är inlagda" in str(plain.sites)


def test_single_accidents_of_walkers_stay_out(town: Town) -> None:
    layers = changed(town(), **SETTLED)
    accidents = points_at(layers["crossings"], 30, accident_type="G0", year=2024)
    plain = rank(layers, a_task("cyclist")).to_dict()
    assert rank(layers, a_task("cyclist"), accidents=accidents).to_dict() == plain


@pytest.mark.parametrize(
    ("days", "lower"),
    [
        pytest.param(0.0, True, id="just now"),
        pytest.param(10.0, True, id="ten days ago"),
        pytest.param(400.0, False, id="forgotten"),
        pytest.param(-1.0, False, id="in the future"),
    ],
)
def test_a_recent_control_lowers_the_place(town: Town, days: float, *, lower: bool) -> None:
    layers = changed(town(), **SETTLED)
    task = a_task("driver", now=NOW)
    plain = rank(layers, task)
    best = plain.sites[0]["segment_id"]
    here = plain.places[plain.places["segment_id"].eq(best)].geometry.iloc[:1]
    started = NOW - timedelta(days=days)
    controls = gpd.GeoDataFrame({"started_at": [started]}, geometry=list(here), crs=3006)
    after = rank(layers, task, controls=controls)
    first = after.places.set_index(["segment_id", "origin", "x", "y"])["score"]
    second = plain.places.set_index(["segment_id", "origin", "x", "y"])["score"]
    assert (first.sort_index() <= second.sort_index() + 1e-12).all()
    assert bool(first.sum() < second.sum() - 1e-9) is lower


def test_explain_says_why_and_why_not(town: Town) -> None:
    layers = changed(town(), **SETTLED)
    ranking = rank(layers, a_task("driver", n=3))
    chosen = explain(ranking, ranking.sites[0]["segment_id"])
    assert chosen["chosen"] == ranking.sites[0]
    assert chosen["why_not_sv"] is None
    assert chosen["alternative"]["distance_m"] > 0
    listed = {site["segment_id"] for site in ranking.sites}
    other = next(one for one in ranking.places["segment_id"] if one not in listed)
    assert explain(ranking, other)["why_not_sv"]
    with pytest.raises(NotFoundError, match="no candidate"):
        explain(ranking, "s-none")


def test_a_place_is_told_its_number_among_all(town: Town) -> None:
    ranking = rank(changed(town(), **SETTLED), a_task("driver", n=3))
    clear = ranking.places[ranking.places["obstacle"].eq("")]
    best = clear["segment_id"].iloc[int(clear["score"].to_numpy().argmax())]
    told = explain(ranking, str(best))
    assert (told["place"], told["places"]) == (1, clear["segment_id"].nunique())


@pytest.mark.parametrize(("kind", "said"), [("driver", "ingen punkt"), ("school", "Ingen skola")])
def test_a_segment_without_a_candidate_is_explained_too(town: Town, kind: str, said: str) -> None:
    ranking = rank(changed(town(), **SETTLED), a_task(kind, n=3))
    told = explain(ranking, "s-none", line=LineString([(0, 0), (1, 1)]))
    assert said in told["why_not_sv"]
    assert (told["chosen"], told["candidates"], told["place"]) == (None, [], None)
    assert told["alternative"]["loss_share"] is None


@pytest.mark.parametrize(
    ("x", "y", "near"), [(3, 3, True), (60, 40, True), (60, -60, False), (np.inf, np.inf, False)]
)
def test_any_point_is_explained_by_the_nearest_segment_or_has_no_path_near(
    town: Town, x: float, y: float, *, near: bool
) -> None:
    layers = changed(town(), **SETTLED)
    ranking = rank(layers, a_task("driver", n=3))
    segments = live_segments(layers)
    told = explain_place(ranking, segments, Point(x, y))
    if near:
        nearest = segments.distance(Point(x, y)).min()
        line = segments.set_index("segment_id").geometry[told["segment_id"]]
        assert told["distance_m"] == round(nearest)
        assert line.distance(Point(x, y)) == nearest
        assert told | explain(ranking, told["segment_id"], line=line) == told
    else:
        assert (told["segment_id"], told["chosen"], told["distance_m"]) == (None, None, None)
        assert "inom 50 m" in told["why_not_sv"]
        assert (told["alternative"] is None) == np.isinf(x)


@pytest.mark.parametrize(
    ("kind", "path_class"), [("cyclist", "overgangsstalle"), ("driver", "trappa")]
)
def test_a_space_without_a_rule_for_the_kind_is_no_site(
    town: Town, kind: str, path_class: str
) -> None:
    layers = town()
    layers["segments"]["path_class"] = path_class
    found = rank(layers, Task(kind=kind, seed=1))
    assert found.sites == []
    assert {one["why_en"] for one in found.unclear} >= {"There is no rule to control just here"}


def test_the_points_of_one_crossing_are_counted_once(town: Town) -> None:
    layers = town()
    before = rank(layers, Task(kind="driver", seed=1)).places["crossings_100m"]
    crossings = layers["crossings"]
    moved = crossings.set_geometry(crossings.translate(3.0, 0.0))
    layers["crossings"] = pd.concat([crossings, moved], ignore_index=True)
    after = rank(layers, Task(kind="driver", seed=1)).places["crossings_100m"]
    assert after.max() == before.max() > 0


@pytest.mark.parametrize(("crossing_class", "bare"), [("overgangsstalle", True), ("okand", False)])
def test_a_crossing_nobody_has_described_is_not_said_to_lack_a_signal(
    town: Town, crossing_class: str, *, bare: bool
) -> None:
    layers = changed(town(), **SETTLED)
    layers["crossings"]["crossing_class"] = crossing_class
    layers["crossings"]["signalised"] = False
    assert bool(rank(layers, a_task("driver")).places["unsignalised"].any()) is bare
