"""Do the bytes of a tile hold what was put in, on the grid of the tile?"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maps import tiles
from maps.tilevalues import nothing, told

DECODER: Any = import_module("mapbox_vector_tile")
Z, ROW, COL = 14, 4825, 9330
BOX = tiles.bounds(Z, ROW, COL)
UNIT = (BOX[2] - BOX[0]) / tiles.EXTENT


def placed(wkt: str) -> shapely.Geometry:
    """Put geometry given in units of the tile (y down) where it lies on the ground."""
    return shapely.transform(
        shapely.from_wkt(wkt),
        lambda p: np.column_stack([BOX[0] + p[:, 0] * UNIT, BOX[3] - p[:, 1] * UNIT]),
    )


def decoded(wkts: list[str], columns: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    shapes = np.array([placed(wkt) if wkt else None for wkt in wkts], dtype=object)
    held = told(columns or {"n": list(range(len(wkts)))})
    data = tiles.encode("paths", tiles.Rows(shapes, held), BOX)
    read = DECODER.decode(data, default_options={"y_coord_down": True})
    return read["paths"]["features"] if read else []


@pytest.mark.parametrize(
    ("wkt", "expected"),
    [
        ("POINT (7 9)", "POINT (7 9)"),
        ("MULTIPOINT ((7 9), (1 2))", "MULTIPOINT ((7 9), (1 2))"),
        ("LINESTRING (0 0, 10 20, 30 5)", "LINESTRING (0 0, 10 20, 30 5)"),
        ("LINESTRING (0 0, 0.2 0.2, 30 5)", "LINESTRING (0 0, 30 5)"),
        ("LINESTRING (5 5, 9000 5)", "LINESTRING (5 5, 4160 5)"),
        (
            "MULTILINESTRING ((0 0, 1 1), (100 100, 90 70))",
            "MULTILINESTRING ((0 0, 1 1), (100 100, 90 70))",
        ),
        ("POLYGON ((0 0, 0 50, 50 50, 50 0, 0 0))", "POLYGON ((0 0, 50 0, 50 50, 0 50, 0 0))"),
        (
            "POLYGON ((0 0, 90 0, 90 90, 0 90, 0 0), (20 20, 40 20, 40 40, 20 40, 20 20))",
            "POLYGON ((0 0, 90 0, 90 90, 0 90, 0 0), (20 20, 20 40, 40 40, 40 20, 20 20))",
        ),
        (
            "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0)), ((50 50, 90 50, 90 90, 50 50)))",
            "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0)), ((50 50, 90 50, 90 90, 50 50)))",
        ),
    ],
)
def test_a_decoder_reads_back_what_was_drawn(wkt: str, expected: str) -> None:
    (feature,) = decoded([wkt])
    read = shapely.geometry.shape(feature["geometry"])
    wanted = shapely.from_wkt(expected)
    assert read.geom_type == wanted.geom_type
    assert shapely.equals(shapely.normalize(read), shapely.normalize(wanted))


@pytest.mark.parametrize(
    "wkt",
    ["", "LINESTRING EMPTY", "LINESTRING (0 0, 0.1 0.1)", "LINESTRING (-900 0, -800 5)",
     "POLYGON ((0 0, 0.1 0, 0.1 0.1, 0 0))"],
)  # fmt: skip
def test_what_is_outside_or_collapses_leaves_no_bytes(wkt: str) -> None:
    assert decoded([wkt]) == []
    (kept,) = decoded([wkt, "POINT (1 1)"])
    assert kept["properties"] == {"n": 1}


def test_features_need_no_attributes() -> None:
    data = tiles.encode("paths", tiles.Rows(np.array([placed("POINT (1 2)")]), nothing(1)), BOX)
    ((feature,),) = (layer["features"] for layer in DECODER.decode(data).values())
    assert feature["properties"] == {}


def test_a_layer_without_rows_is_an_empty_tile() -> None:
    assert (
        tiles.encode("paths", tiles.Rows(np.array([], dtype=object), told({"n": []})), BOX) == b""
    )


def test_attributes_keep_their_types_and_nulls_are_left_out() -> None:
    columns = {
        "text": ["å", None, "å"],
        "whole": [-3, 5, None],
        "decimal": [1.5, None, 2.5],
        "flag": [True, False, None],
    }
    read = decoded(["POINT (1 1)", "POINT (2 2)", "POINT (3 3)"], columns)
    assert [feature["properties"] for feature in read] == [
        {"text": "å", "whole": -3, "decimal": 1.5, "flag": True},
        {"whole": 5, "flag": False},
        {"text": "å", "decimal": 2.5},
    ]


@given(st.lists(st.integers(0, 2**32 - 1), max_size=50))
def test_varints_say_each_number_again(numbers: list[int]) -> None:
    data, ends = tiles.varints(np.array(numbers, dtype=np.int64))
    starts = [0, *ends.tolist()[:-1]]
    read = []
    for start, end in zip(starts, ends.tolist(), strict=False):
        read.append(sum((byte & 127) << 7 * k for k, byte in enumerate(data[start:end])))
        assert all(byte & 128 for byte in data[start : end - 1])
    assert read == numbers


steps = st.lists(st.tuples(st.integers(0, 4096), st.integers(0, 4096)), min_size=2, max_size=30)


@given(st.lists(steps, min_size=1, max_size=8))
def test_lines_on_the_grid_come_back_vertex_by_vertex(lines: list[list[tuple[int, int]]]) -> None:
    wkts = ["LINESTRING (" + ", ".join(f"{x} {y}" for x, y in line) + ")" for line in lines]
    read = {f["properties"]["n"]: f["geometry"]["coordinates"] for f in decoded(wkts)}
    for n, line in enumerate(lines):
        steady = [p for k, p in enumerate(line) if k == 0 or p != line[k - 1]]
        if len(steady) > 1:
            assert [tuple(p) for p in read[n]] == steady
        else:
            assert n not in read


anywhere = st.lists(
    st.tuples(st.integers(-300, 4400), st.integers(-300, 4400)), min_size=2, max_size=9
)


@given(st.lists(anywhere, min_size=1, max_size=8))
def test_lines_laid_out_beforehand_are_drawn_as_others_are(
    lines: list[list[tuple[int, int]]],
) -> None:
    shapes = np.array(
        [placed("LINESTRING (" + ", ".join(f"{x} {y}" for x, y in line) + ")") for line in lines]
    )
    held = told({"n": list(range(len(lines))), "of_each": [f"s{n}" for n in range(len(lines))]})
    own = told(
        {"n": list(range(len(lines))), "of_each": [f"s{n}" for n in range(len(lines))]}, "of_each"
    )
    drawn = [
        tiles.encode("paths", tiles.Rows(shapes, rows, lines=laid), BOX)
        for rows, laid in ((held, None), (own, tiles.lines_of(shapes)))
    ]
    read = [DECODER.decode(data)["paths"]["features"] if data else [] for data in drawn]
    plain, laid_out = (sorted(one, key=lambda f: int(f["properties"]["n"])) for one in read)
    assert plain == laid_out


def test_other_shapes_are_not_laid_out_as_lines() -> None:
    assert (
        tiles.lines_of(np.array([placed("LINESTRING (0 0, 1 1)"), placed("POINT (1 1)")])) is None
    )
    assert tiles.lines_of(np.array([placed("LINESTRING (0 0, 1 1)"), None])) is None
