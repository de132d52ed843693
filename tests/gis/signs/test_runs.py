"""Which ends of a path miss a sign, and which signs along it disagree?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point

from gis.signs.runs import LONG_M, left_open, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

CRS = 3006
OPEN = ["bare_end", "run_class", "run_far"]


def line(
    segment_id: str, nodes: tuple[int, int], length: float = 100.0, **facts: object
) -> dict[str, Any]:
    start = nodes[0] * 1000.0
    told = {"kind": "path", "side": "none", "highway": "cycleway", "footway": None}
    shape = LineString([(start, 0), (start + length, 0)])
    ends = {"from_node": nodes[0], "to_node": nodes[1]}
    return {"segment_id": segment_id, **told, "side_tag": None, **ends, "geometry": shape, **facts}


def sign(segment_id: str, end: str, path_class: str = "gc_gemensam") -> dict[str, str]:
    return {"segment_id": segment_id, "end": end, "path_class": path_class}


def told(
    lines: Sequence[Any], signs: Sequence[dict[str, str]], streets: Sequence[int] = (1, 9)
) -> pd.DataFrame:
    """Lay lines, streets through nodes 1 and 9, and say what stays open; empty for nothing."""
    segments = gpd.GeoDataFrame(lines, crs=CRS)
    placed = pd.DataFrame(signs, columns=["segment_id", "end", "path_class"])
    placed["sign_id"] = [f"t{n}" for n in range(len(placed))]
    nodes = np.array(streets, dtype=np.int64)
    found = left_open(segments, placed, runs(segments, nodes), nodes)
    texts = found[OPEN[:2]].astype("object")
    found[OPEN[:2]] = texts.where(texts.notna(), "")
    return found.set_axis(segments["segment_id"])


CHAIN = [line("s1", (1, 2)), line("s2", (2, 9))]


def test_the_far_end_of_the_run_misses_the_sign() -> None:
    assert told(CHAIN, [sign("s1", "start")])["bare_end"].tolist() == ["", "end"]


@pytest.mark.parametrize(
    ("lines", "signs"),
    [
        pytest.param(CHAIN, [sign("s1", "start"), sign("s2", "end")], id="both ends signed"),
        pytest.param(CHAIN, [sign("s1", "start"), sign("s2", "along")], id="another on the way"),
        pytest.param(CHAIN, [sign("s1", "end")], id="only where the pieces join"),
        pytest.param(CHAIN, [sign("s1", "start", "overgangsstalle")], id="no path sign"),
        pytest.param(CHAIN, [], id="no sign"),
        pytest.param([line("s1", (1, 2))], [sign("s1", "start")], id="a dead end"),
        pytest.param([line("s1", (1, 1))], [sign("s1", "start")], id="a ring"),
        pytest.param(
            [line("s1", (1, 9), side="right")], [sign("s1", "start")], id="the side of a street"
        ),
    ],
)
def test_no_sign_is_missed(lines: Sequence[Any], signs: Sequence[dict[str, str]]) -> None:
    assert told(lines, signs)["bare_end"].eq("").all()


@pytest.mark.parametrize(
    ("length", "missed"), [(LONG_M - 0.1, ""), pytest.param(LONG_M, "end", id="on the limit")]
)
def test_a_short_run_needs_one_sign(length: float, missed: str) -> None:
    found = told([line("s1", (1, 9), length)], [sign("s1", "start")])
    assert found["bare_end"].tolist() == [missed]


def test_a_run_ends_where_another_path_meets_it() -> None:
    branch = line("s3", (2, 5))
    found = told([*CHAIN, branch], [sign("s1", "start")])
    assert found["bare_end"].tolist() == ["end", "", ""]


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        pytest.param("start", "end", ["", "gangbana", True], id="at both ends"),
        pytest.param("start", "start", ["", "gangbana", False], id="one on the way"),
        pytest.param("end", "along", ["", "gangbana", False], id="none at the ends"),
    ],
)
def test_signs_along_a_run_disagree(first: str, second: str, says: list[object]) -> None:
    found = told(CHAIN, [sign("s1", first), sign("s2", second, "gangbana")])
    assert found[OPEN].to_numpy().tolist()[0] == says
    assert found[OPEN].to_numpy().tolist()[1] == ["", "", False]


@pytest.mark.parametrize(
    ("lines", "signs"),
    [
        pytest.param(CHAIN, [sign("s1", "start"), sign("s2", "end")], id="they agree"),
        pytest.param(
            [line("s1", (1, 9))],
            [sign("s1", "start"), sign("s1", "end", "gangbana")],
            id="one segment is for B17",
        ),
        pytest.param(
            [*CHAIN, line("s3", (2, 5))],
            [sign("s1", "start"), sign("s2", "end", "gangbana")],
            id="a junction between",
        ),
    ],
)
def test_no_signs_disagree(lines: Sequence[Any], signs: Sequence[dict[str, str]]) -> None:
    assert told(lines, signs)["run_class"].eq("").all()


def test_the_order_of_signs_and_lines_does_not_matter() -> None:
    signs = [sign("s1", "start"), sign("s2", "end", "gangbana"), sign("s2", "start")]
    one = told(CHAIN, signs)
    two = told(CHAIN[::-1], signs).loc[one.index]
    pd.testing.assert_frame_equal(one, two)


def test_no_streets_are_no_trouble() -> None:
    segments = gpd.GeoDataFrame(CHAIN, crs=CRS)
    segments.geometry = [Point(0, 0).buffer(1).exterior] * 2
    none = pd.DataFrame(columns=["segment_id", "end", "path_class", "sign_id"], dtype=object)
    nodes = np.array([], dtype=np.int64)
    assert left_open(segments, none, runs(segments, nodes), nodes)["bare_end"].isna().all()
