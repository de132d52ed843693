"""Do lines find their own segments, moved, cut, turned or side by side?"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.conflate import facts, match, unmatched
from gis.errors import LayerError
from gis.sources.said import make_lines

CRS = 3006
EAST, NORTH = 536_000.0, 6_224_000.0
Places = list[tuple[float, float]]


def line(*places: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in places])


def layer(key: str, shapes: dict[str, shapely.LineString], **more: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {key: pd.Series(list(shapes), dtype="str"), **more}, geometry=list(shapes.values()), crs=CRS
    )


def segments(shapes: dict[str, shapely.LineString], **more: object) -> gpd.GeoDataFrame:
    return layer("segment_id", shapes, **more)


def lines(shapes: dict[str, shapely.LineString], **more: object) -> gpd.GeoDataFrame:
    return layer("source_id", shapes, **more)


def pairs(matches: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(matches["source_id"], matches["segment_id"], strict=True))


STRAIGHT = line((0, 0), (100, 0))


@pytest.mark.parametrize(
    ("other", "matched"),
    [
        pytest.param(line((0, 10), (100, 10)), True, id="10 m away"),
        pytest.param(line((0, 15), (100, 15)), True, id="on the limit"),
        pytest.param(line((0, 15.1), (100, 15.1)), False, id="too far"),
        pytest.param(line((100, 4), (0, 4)), True, id="drawn the other way"),
        pytest.param(line((0, 0), (86, 50)), False, id="turned 30.2 degrees"),
        pytest.param(line((50, -50), (50, 50)), False, id="crossing"),
        pytest.param(line((100, 0), (200, 0)), False, id="behind one another"),
        pytest.param(line((40, 3), (60, 3)), True, id="a part"),
        pytest.param(line((-50, 3), (150, 3)), True, id="longer"),
        pytest.param(line((92, 3), (150, 3)), False, id="8 m side by side"),
    ],
)
def test_distance_direction_and_overlap_decide(other: shapely.LineString, *, matched: bool) -> None:
    found = match(lines({"L": other}), segments({"s": STRAIGHT}))
    assert pairs(found) == ({("L", "s")} if matched else set())


def test_a_match_tells_how_it_lies() -> None:
    found = match(lines({"L": line((150, 4), (-50, 4))}), segments({"s": STRAIGHT})).iloc[0]
    assert found["share"] == 1
    assert found["line_share"] == pytest.approx(0.5, abs=0.02)
    assert found["from_m"] == pytest.approx(50, abs=1)
    assert found["to_m"] == pytest.approx(150, abs=1)
    assert found["distance_m"] == pytest.approx(4)
    assert found["angle_deg"] == pytest.approx(0, abs=1e-4)
    assert found["reversed"]
    assert 0.5 < found["score"] <= 1
    assert pd.isna(found["second_segment_id"])


def test_one_line_is_many_segments_and_one_segment_many_lines() -> None:
    cut = {f"s{i}": line((i * 50, 0), (i * 50 + 50, 0)) for i in range(4)}
    assert pairs(match(lines({"L": line((0, 3), (200, 3))}), segments(cut))) == {
        ("L", name) for name in cut
    }
    turned = {f"L{i}": shape for i, shape in enumerate(cut.values())}
    found = match(lines(turned), segments({"s": line((0, 3), (200, 3))}))
    assert pairs(found) == {(name, "s") for name in turned}
    assert found["share"].sum() == pytest.approx(1, abs=0.1)


def street(apart: float, shift: float, n: int = 5) -> tuple[Any, Any]:
    """Make paths on both sides of a street, cut into blocks; a source has them moved sideways."""
    blocks = {
        f"{side}{i}": line((x, i * 100), (x, i * 100 + 100))
        for i in range(n)
        for side, x in (("w", 0.0), ("e", apart))
    }
    source = {
        side: line((x + shift, 0), (x + shift, n * 100)) for side, x in (("w", 0.0), ("e", apart))
    }
    return segments(blocks), lines(source)


@pytest.mark.parametrize("shift", [-10, -6, -3, 0, 3, 6, 10])
@pytest.mark.parametrize("apart", [8, 10, 12, 16, 20])
def test_the_path_on_the_other_side_is_not_swallowed(apart: float, shift: float) -> None:
    found = match(*reversed(street(apart, shift)))
    assert len(found) == 10
    assert (found["segment_id"].str[0] == found["source_id"]).all()


def test_a_path_on_one_side_only_takes_its_own_side() -> None:
    both, source = street(16, 5)
    found = match(source[source["source_id"].eq("w")].reset_index(drop=True), both)
    assert set(found["segment_id"].str[0]) == {"w"}


def test_the_shift_of_the_neighbourhood_settles_a_tie() -> None:
    blocks = {f"n{i}": line((200 * i, 300), (200 * i + 150, 300)) for i in range(4)}
    blocks |= {"w": line((0, 0), (150, 0)), "e": line((0, 16), (150, 16))}
    moved = {
        name: shapely.transform(s, lambda xy: xy + np.array([0, 8])) for name, s in blocks.items()
    }
    del moved["e"]
    found = match(lines(moved), segments(blocks))
    assert ("w", "w") in pairs(found)
    assert ("w", "e") not in pairs(found)
    second = found.set_index("segment_id").loc["w"]
    assert second["second_segment_id"] == "e"
    assert 0 < second["second_score"] < second["score"]


def test_two_lines_on_one_path_are_both_matched() -> None:
    found = match(lines({"a": STRAIGHT, "b": line((0, 1), (100, 1))}), segments({"s": STRAIGHT}))
    assert pairs(found) == {("a", "s"), ("b", "s")}


@pytest.mark.parametrize(
    ("line_kind", "segment_kind", "matched"),
    [
        ("path", "path", True),
        ("path", "street", False),
        ("street", "street", True),
        ("crossing", "path", True),
        ("street", "crossing", False),
        (None, "street", True),
    ],
)
def test_kinds_must_go_together(line_kind: str | None, segment_kind: str, *, matched: bool) -> None:
    told = lines({"L": STRAIGHT}, kind=pd.Series([line_kind], dtype="str"))
    found = match(told, segments({"s": STRAIGHT}, kind=[segment_kind]))
    assert pairs(found) == ({("L", "s")} if matched else set())


def test_nothing_matches_nothing() -> None:
    none = segments({"s": STRAIGHT}).iloc[:0]
    assert match(lines({"L": STRAIGHT}), none).empty
    assert match(lines({"L": STRAIGHT}).iloc[:0], segments({"s": STRAIGHT})).empty


@pytest.mark.parametrize("epsg", [4326, 3009])
def test_layers_must_be_in_one_working_crs(epsg: int) -> None:
    with pytest.raises(LayerError, match="projected CRS"):
        match(lines({"L": STRAIGHT}).to_crs(epsg), segments({"s": STRAIGHT}))


def town(seed: int, blocks: int = 4) -> dict[str, shapely.LineString]:
    """Make a made-up town: bent paths on both sides of streets in two directions."""
    noise = np.random.default_rng(seed)
    shapes = {}
    for i in range(blocks):
        for j in range(blocks):
            for name, side in (("a", 7.0), ("b", -7.0)):
                x, y = i * 120.0, j * 120.0
                bend = np.cumsum(noise.normal(0, 0.6, 8))
                t = np.linspace(12, 108, 8)
                shapes[f"h{name}{i}{j}"] = line(*zip(x + t, y + side + bend, strict=True))
                shapes[f"v{name}{i}{j}"] = line(*zip(x + side + bend, y + t, strict=True))
    return shapes


@given(
    seed=st.integers(0, 50),
    angle=st.floats(0, 2 * np.pi),
    metres=st.floats(0, 8),
)
def test_a_shifted_copy_still_matches_its_own(seed: int, angle: float, metres: float) -> None:
    shapes = town(seed)
    by = metres * np.array([np.cos(angle), np.sin(angle)])
    moved = {name: shapely.transform(shape, lambda xy: xy + by) for name, shape in shapes.items()}
    found = match(lines(moved), segments(shapes))
    best = found.sort_values("share", ascending=False).drop_duplicates("segment_id")
    assert len(best) == len(shapes)
    assert (best["segment_id"] == best["source_id"]).mean() > 0.97


@given(order=st.permutations(range(16)), seed=st.integers(0, 9))
def test_the_order_of_rows_does_not_matter(order: list[int], seed: int) -> None:
    shapes = dict(list(town(seed, 2).items()))
    one, two = segments(shapes), lines(shapes)
    plain = match(two, one).drop(columns="row")
    mixed = match(two.iloc[order].reset_index(drop=True), one.iloc[order[::-1]])
    pd.testing.assert_frame_equal(plain, mixed.drop(columns="row"))


def said(shapes: dict[str, shapely.LineString], **columns: object) -> gpd.GeoDataFrame:
    told = pd.DataFrame({"source_id": list(shapes), "m_from": 0.0, "m_to": 1.0, **columns})
    flat = gpd.GeoSeries(list(shapes.values()), crs=CRS).to_crs(4326)
    return make_lines(told, flat.to_numpy()).to_crs(CRS)


def test_the_newest_of_two_lines_on_one_stretch_speaks() -> None:
    told = said(
        {"old": STRAIGHT, "new": line((0, 0.5), (100, 0.5))},
        gcm=["100", "115"],
        valid_from=["2020-01-01", "2024-01-01"],
        width_m=[3.0, None],
    )
    row = facts(match(told, segments({"s": STRAIGHT})), told).iloc[0]
    assert row["gcm"] == "115"
    assert row["width_m"] == 3.0
    assert sorted(row["source_ids"]) == ["new", "old"]


def test_the_longer_of_two_lines_speaks_and_both_are_counted() -> None:
    shapes = {"a": line((0, 0), (70, 0)), "b": line((70, 0), (100, 0))}
    told = said(shapes, gcm=["100", "115"], valid_from=["2020-01-01", "2024-01-01"])
    row = facts(match(told, segments({"s": STRAIGHT})), told).iloc[0]
    assert row["gcm"] == "100"
    assert row["match_lines"] == 2
    assert row["match_share"] == pytest.approx(1, abs=0.05)


def test_measures_are_cut_to_the_part_that_matches() -> None:
    told = said({"L": line((0, 2), (400, 2))}, gcm=["100"])
    row = facts(match(told, segments({"s": line((100, 0), (200, 0))})), told).iloc[0]
    assert [row["m_from"], row["m_to"]] == pytest.approx([0.25, 0.5], abs=0.01)


def test_a_line_that_covers_little_says_nothing_of_the_whole() -> None:
    told = said({"L": line((0, 2), (25, 2))}, gcm=["145"])
    row = facts(match(told, segments({"s": STRAIGHT})), told).iloc[0]
    assert pd.isna(row["gcm"])
    assert row["match_share"] == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize(
    ("end", "left"),
    [pytest.param(114, [], id="14 m left"), pytest.param(130, [30], id="30 m left")],
)
def test_what_nothing_matches_is_left_when_it_is_long_enough(end: float, left: list[int]) -> None:
    told = said({"L": line((0, 1), (end, 1))}, gcm=["100"])
    pieces = unmatched(match(told, segments({"s": STRAIGHT})), told)
    assert pieces.geometry.length.round(-1).tolist() == left
    if left:
        assert pieces[["m_from", "m_to"]].round(2).to_numpy().tolist() == [
            [pytest.approx(100 / 130, abs=0.02), 1]
        ]


def test_a_short_line_that_nothing_matches_is_left_whole() -> None:
    told = said({"L": line((500, 0), (508, 0))}, gcm=["100"])
    assert len(unmatched(match(told, segments({"s": STRAIGHT})), told)) == 1
