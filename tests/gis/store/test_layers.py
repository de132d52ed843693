"""Do computed layers come back as they were written, to us and to other programs?"""

from __future__ import annotations

import json
import shutil
import threading
from random import Random
from typing import TYPE_CHECKING, Any, Final

import apsw
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import LayerError
from gis.store.base import StoreBusyError
from gis.store.geometry import from_blobs, register_functions, to_blobs
from gis.store.layerrows import Piece, Whole, piece

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gis.store.base import Store

    Paths = Callable[..., gpd.GeoDataFrame]

KEY = {"segments": "segment_id"}


@pytest.fixture
def rich(paths: Paths) -> gpd.GeoDataFrame:
    """Make a layer with a column of every kind, nulls among them."""
    return paths(
        3,
        name=pd.array(["Ågatan", None, 'a"b'], dtype="str"),
        lanes=pd.array([1, None, -3], dtype="Int64"),
        whole=[1, 2, 3],
        width_m=[2.5, np.nan, 0.1 + 0.2],
        lit=pd.array([True, None, False], dtype="boolean"),
        flag=[True, False, True],
        flags=[["C10", "J01"], [], ["å"]],
        edited_at=pd.Series(
            np.array(["2026-05-01T10:00:00.123456", "NaT", "2026-05-01"], "datetime64[us]")
        ).dt.tz_localize("UTC"),
    )  # fmt: skip


def test_a_layer_comes_back_as_it_was(store: Store, rich: gpd.GeoDataFrame) -> None:
    store.replace_layers({"segments": rich}, keys=KEY)
    assert_geodataframe_equal(store.layer("segments"), rich)


def test_rows_stand_in_the_order_of_the_key(store: Store, rich: gpd.GeoDataFrame) -> None:
    store.replace_layers({"segments": rich.iloc[[2, 0, 1]]}, keys=KEY)
    assert_geodataframe_equal(store.layer("segments"), rich)


def test_neighbours_lie_side_by_side_in_the_file(
    store: Store, paths: Paths, place: Path, tmp_path: Path
) -> None:
    across, up = np.divmod(np.random.default_rng(1).permutation(400), 20)
    frame = paths(400).set_geometry(shapely.points(1000.0 * across, 1000.0 * up), crs=3006)
    store.replace_layers({"segments": frame}, keys=KEY)
    assert_geodataframe_equal(store.layer("segments"), frame)
    assert [json.loads(one)["id"] for one in store.features("segments")] == [*frame["segment_id"]]
    store.close()
    lying = pyogrio.read_dataframe(shutil.copy(place, tmp_path / "copy.gpkg"), layer="segments")
    # Along a Hilbert curve over a full grid every step leads to a neighbour or nearly so.
    steps = shapely.distance(*(lying.geometry.array[cut] for cut in (slice(1, None), slice(-1))))
    assert np.median(steps) == 1000
    assert steps.mean() < 1500


def test_an_empty_layer_has_its_columns(store: Store, rich: gpd.GeoDataFrame) -> None:
    store.replace_layers({"segments": rich.iloc[:0]}, keys=KEY)
    empty = store.layer("segments")
    assert (len(empty), store.extent("segments")) == (0, None)
    assert list(empty.columns) == list(rich.columns)
    assert store.features("segments") == []


def test_a_null_geometry_stays_null(store: Store, rich: gpd.GeoDataFrame) -> None:
    rich.loc[1, "geometry"] = None
    store.replace_layers({"segments": rich}, keys=KEY)
    assert store.layer("segments").geometry.isna().tolist() == [False, True, False]
    assert json.loads(store.features("segments")[1])["geometry"] is None
    assert store.verify() == []


def test_a_table_has_no_geometry(store: Store) -> None:
    routes = pd.DataFrame({"route_id": ["b", "a"], "name": ["två", None]})
    store.replace_layers({"routes": routes}, keys={"routes": "route_id"})
    assert store.table("routes")["route_id"].tolist() == ["a", "b"]
    assert json.loads(store.features("routes")[1])["properties"]["name"] == "två"
    with pytest.raises(LayerError, match="no geometry"):
        store.layer("routes")
    with pytest.raises(LayerError, match="no geometry"):
        store.count("routes", bbox=(0, 0, 1, 1))


BOTH = (500_000, 6_200_000, 500_150, 6_200_001)
"""A box that the first two paths touch."""


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({}, [0, 1, 2, 3], id="all"),
        pytest.param({"bbox": (500_000, 6_200_000, 500_150, 6_200_001)}, [0, 1], id="box"),
        pytest.param({"bbox": (500_110, 6_200_000, 500_190, 6_200_001)}, [1], id="touches"),
        pytest.param({"bbox": (500_112, 6_200_000, 500_190, 6_200_001)}, [], id="between"),
        pytest.param({"ids": ["s0003", "s0001", "gone"]}, [1, 3], id="ids"),
        pytest.param({"ids": []}, [], id="no ids"),
        pytest.param({"where": {"kind": ["lane"]}}, [1, 3], id="where"),
        pytest.param({"where": {"kind": ["lane"], "n": [3]}}, [3], id="where twice"),
        pytest.param({"limit": 2}, [0, 1], id="first page"),
        pytest.param({"limit": 2, "after": "s0001"}, [2, 3], id="next page"),
        pytest.param({"after": "s0003"}, [], id="after the last"),
        pytest.param({"bbox": BOTH, "limit": 1}, [0], id="first page of a box"),
        pytest.param({"bbox": BOTH, "limit": 1, "after": "s0000"}, [1], id="next page of a box"),
        pytest.param({"bbox": BOTH, "limit": 9, "after": "s0000"}, [1], id="rest of a box"),
    ],
)
def test_a_window_of_a_layer(
    store: Store, paths: Paths, asked: dict[str, Any], found: list[int]
) -> None:
    frame = paths(4, kind=["path", "lane"] * 2, n=[0, 1, 2, 3])
    store.replace_layers({"segments": frame}, keys=KEY, indexes={"segments": ["kind"]})
    assert store.layer("segments", **asked)["n"].tolist() == found
    if not {"ids", "where"} & set(asked):
        rendered = [
            json.loads(text)["properties"]["n"] for text in store.features("segments", **asked)
        ]
        assert rendered == found
        if "limit" not in asked and "after" not in asked:
            assert store.count("segments", **asked) == len(found)


def test_a_box_stands_in_the_order_of_the_key_whenever_its_rows_came(
    store: Store, paths: Paths
) -> None:
    store.replace_layers({"segments": paths(2)}, keys=KEY)
    store.update_layers({"segments": paths(1).assign(segment_id="a")})
    found = [json.loads(text)["id"] for text in store.features("segments", bbox=BOTH, limit=3)]
    assert found == ["a", "s0000", "s0001"]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"where": {"nonsense": ["a"]}}, id="unknown column"),
        pytest.param({"bbox": (0, 0, float("nan"), 1)}, id="no number"),
        pytest.param({"where": {'kind" OR 1 --': ["a"]}}, id="SQL for a name"),
    ],
)
def test_a_window_that_makes_no_sense(store: Store, paths: Paths, asked: dict[str, Any]) -> None:
    store.replace_layers({"segments": paths()}, keys=KEY)
    with pytest.raises(LayerError):
        store.layer("segments", **asked)


def test_an_unknown_layer_is_named(store: Store) -> None:
    with pytest.raises(LayerError, match="no layer sites"):
        store.layer("sites")


def test_a_feature_is_rendered_in_longitude_and_latitude(store: Store) -> None:
    point = gpd.GeoDataFrame(
        {"segment_id": ["centre"], "flags": [["C10"]], "lit": [True]},
        geometry=gpd.points_from_xy([536_592], [6_224_198]),
        crs=3006,
    )
    store.replace_layers({"segments": point}, keys=KEY)
    feature = json.loads(store.feature("segments", "centre") or b"")
    lon, lat = feature["geometry"]["coordinates"]
    assert (round(lon, 5), round(lat, 5)) == (15.58917, 56.16139)
    assert feature["id"] == "centre"
    assert feature["properties"] == {"segment_id": "centre", "flags": ["C10"], "lit": True}
    assert store.feature("segments", "nobody") is None


def test_the_extent_is_exact_and_follows_changes(store: Store, paths: Paths) -> None:
    frame = paths(4)
    store.replace_layers({"segments": frame}, keys=KEY)
    assert store.extent("segments") == tuple(frame.total_bounds)
    store.update_layers({}, removed={"segments": ["s0003"]})
    assert store.extent("segments") == tuple(frame.iloc[:3].total_bounds)


@pytest.mark.parametrize("roll", range(4))
def test_the_extent_is_exact_after_any_changes(store: Store, paths: Paths, roll: int) -> None:
    dice = Random(roll)
    frame = paths(9)
    store.replace_layers({"segments": frame}, keys=KEY)
    for _ in range(8):
        some = frame.iloc[sorted(dice.sample(range(9), 3))]
        moved = some.set_geometry(some.translate(dice.uniform(-90, 90), dice.uniform(-9, 9)))
        gone = dice.choice(sorted(set(frame["segment_id"]) - set(some["segment_id"])))
        store.update_layers({"segments": moved}, removed={"segments": [gone]})
        assert store.extent("segments") == tuple(store.layer("segments").total_bounds)


def test_a_row_that_stands_already_is_left_where_it_is(
    store: Store, paths: Paths, place: Path
) -> None:
    store.replace_layers({"segments": paths(3, kind="path")}, keys=KEY)
    new = paths(4, kind="path").assign(kind=["path", "path", "lane", "path"])
    store.update_layers({"segments": new})
    other = apsw.Connection(str(place))
    rows = other.execute("SELECT fid, segment_id, kind FROM segments ORDER BY fid").fetchall()
    other.close()
    stood = [(1, "s0000", "path"), (2, "s0001", "path")]
    assert rows[:2] == stood
    assert [row[1:] for row in rows[2:]] == [("s0002", "lane"), ("s0003", "path")]


def test_one_row_written_alone_equals_an_update_of_it(store: Store, paths: Paths) -> None:
    store.replace_layers({"segments": paths(4, kind="path", n=1, flags=[["a"]] * 4)}, keys=KEY)
    new = paths(5, kind="path", n=1, flags=[["a"]] * 4 + [[]]).assign(
        kind=pd.array(["path", "path", "lane", "path", None], dtype="str")
    )
    place = new.geometry.iloc[4]
    state = store.put_row("segments", {"segment_id": "s0002", "kind": "lane"})
    store.put_row("segments", {"segment_id": "s0004", "n": 1}, place)
    written, rendered = store.layer("segments"), store.features("segments")
    assert state == store.layers_state() - 1
    assert_geodataframe_equal(written, new)
    store.replace_layers({"segments": new}, keys=KEY)
    assert store.features("segments") == rendered
    assert store.verify() == []


def test_an_update_changes_adds_and_removes_rows(store: Store, paths: Paths) -> None:
    store.replace_layers({"segments": paths(3, kind="path")}, keys=KEY)
    before = store.layers_state()
    changed = paths(4, kind="lane").iloc[[1, 3]]
    state = store.update_layers({"segments": changed}, removed={"segments": ["s0000", "gone"]})
    layer = store.layer("segments")
    assert dict(zip(layer["segment_id"], layer["kind"], strict=True)) == {
        "s0001": "lane",
        "s0002": "path",
        "s0003": "lane",
    }
    assert state == store.layers_state() == before + 1
    assert store.verify() == []


def test_an_update_equals_a_replacement(store: Store, paths: Paths) -> None:
    store.replace_layers({"segments": paths(5, n=1)}, keys=KEY)
    store.update_layers({"segments": paths(9, n=2).iloc[3:]}, removed={"segments": ["s0001"]})
    updated, rendered = store.layer("segments"), store.features("segments")
    store.replace_layers({"segments": updated}, keys=KEY)
    assert_geodataframe_equal(store.layer("segments"), updated)
    assert store.features("segments") == rendered


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        pytest.param({}, "other columns", id="a column less"),
        pytest.param({"kind": "path", "more": 1}, "other columns", id="a column more"),
    ],
)
def test_an_update_with_other_columns_is_refused(
    store: Store, paths: Paths, columns: dict[str, Any], why: str
) -> None:
    store.replace_layers({"segments": paths(kind="path")}, keys=KEY)
    with pytest.raises(LayerError, match=why):
        store.update_layers({"segments": paths(**columns)})
    with pytest.raises(LayerError, match="EPSG:3006"):
        store.update_layers({"segments": paths(kind="path").set_crs(3010, allow_override=True)})


@pytest.mark.parametrize(
    ("name", "key", "ids"),
    [
        pytest.param("segments", "segment_id", ["a", "a"], id="repeated key"),
        pytest.param("segments", "segment_id", ["a", None], id="empty key"),
        pytest.param("segments", "number", ["a", "b"], id="no such key"),
        pytest.param('seg"; DROP', "segment_id", ["a", "b"], id="odd name"),
    ],
)
def test_a_frame_that_is_no_layer_is_refused(
    store: Store, paths: Paths, name: str, key: str, ids: list[str | None]
) -> None:
    store.replace_layers({"segments": paths(1)}, keys=KEY)
    frame = paths(2).assign(segment_id=pd.array(ids, dtype="str"))
    with pytest.raises(LayerError):
        store.replace_layers({name: frame}, keys={name: key})
    assert store.count("segments") == 1


def test_layers_that_are_not_named_stay(store: Store, paths: Paths) -> None:
    store.replace_layers({"segments": paths(2)}, keys=KEY)
    store.replace_layers({"streets": paths(3)}, keys={"streets": "segment_id"})
    assert store.layer_names() == ["segments", "streets"]
    assert (store.count("segments"), store.count("streets")) == (2, 3)


def test_a_layer_without_rows_is_read_whatever_its_key_seemed_to_be(
    store: Store, paths: Paths
) -> None:
    empty = paths(0).astype({"segment_id": "float64"})
    store.replace_layers({"segments": empty}, keys=KEY)
    assert store.layer("segments").empty
    assert store.features("segments") == []
    assert store.verify() == []


STAGING = {"geopackage": "gis.store.staging", "postgis": "gis.store.postgis.layers"}
WRITING: Final = {
    "geopackage": "gis.store.layerwriting",
    "postgis": "gis.store.postgis.layers",
}


def test_a_failed_replacement_changes_nothing(
    store: Store, engine: str, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.replace_layers({"segments": paths(2)}, keys=KEY)

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(f"{WRITING[engine]}.registered", fail)
        patch.setattr(f"{WRITING[engine]}._register", fail)
        with pytest.raises(ZeroDivisionError):
            store.replace_layers({"segments": paths(5)}, keys=KEY)
    assert store.count("segments") == 2
    assert store.verify() == []
    store.replace_layers({"segments": paths(5)}, keys=KEY)
    assert store.count("segments") == 5


def test_marks_do_not_wait_for_a_replacement(
    store: Store,
    engine: str,
    paths: Paths,
    mark: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.replace_layers({"segments": paths(2)}, keys=KEY)
    states: list[int] = []

    def between(whole: Whole, start: int, stop: int) -> Piece:
        # A mark of another thread goes through while the new layer stands half-built.
        other = threading.Thread(target=store.append, args=([mark(n=1)],))
        other.start()
        other.join(timeout=5)
        states.append(store.count("segments"))
        return piece(whole, start, stop)

    monkeypatch.setattr(f"{STAGING[engine]}.piece", between)
    store.replace_layers({"segments": paths(50)}, keys=KEY)
    assert states == [2]
    assert len(store.revisions()) == 1
    assert store.count("segments") == 50


def test_two_replacements_do_not_run_together(
    store: Store, engine: str, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught: list[str] = []

    def between(whole: Whole, start: int, stop: int) -> Piece:
        try:
            store.replace_layers({"streets": paths(1)}, keys={"streets": "segment_id"})
        except StoreBusyError as busy:
            caught.append(str(busy))
        return piece(whole, start, stop)

    monkeypatch.setattr(f"{STAGING[engine]}.piece", between)
    store.replace_layers({"segments": paths(3)}, keys=KEY)
    assert len(caught) == 1
    assert "being updated" in caught[0]


def test_other_programs_read_the_layers(
    store: Store, rich: gpd.GeoDataFrame, place: Path, tmp_path: Path
) -> None:
    rich["edited_at"] = rich["edited_at"].dt.floor("s")
    store.replace_layers({"segments": rich}, keys=KEY)
    store.close()
    copy = shutil.copy(place, tmp_path / "copy.gpkg")
    listed = dict(pyogrio.list_layers(copy).tolist())
    assert listed == {"segments": "LineString", "layer_styles": None}
    read = pyogrio.read_dataframe(copy, layer="segments", bbox=(500_090, 0, 500_120, 9e6))
    assert read["segment_id"].tolist() == ["s0001"]
    assert read.crs == rich.crs
    assert pyogrio.read_info(copy, layer="segments")["capabilities"]["fast_spatial_filter"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE segments SET kind = 'lane'",
        "DELETE FROM segments",
        "INSERT INTO segments (segment_id) VALUES ('x')",
    ],
)
def test_an_edit_by_another_program_is_refused(
    store: Store, paths: Paths, place: Path, sql: str
) -> None:
    store.replace_layers({"segments": paths(kind="path")}, keys=KEY)
    other = apsw.Connection(str(place))
    register_functions(other)
    with pytest.raises(apsw.ConstraintError, match="this layer is computed"):
        other.execute(sql)
    other.close()


@given(xy=st.lists(st.tuples(st.floats(-1e7, 1e7), st.floats(-1e7, 1e7)), min_size=2, max_size=6))
def test_a_geometry_survives_its_blob(xy: list[tuple[float, float]]) -> None:
    line = shapely.LineString(xy)
    shapes = np.array([line, None, shapely.Point()], dtype=object)
    back = from_blobs(to_blobs(shapes, 3006))
    assert shapely.to_wkb(back[0]) == shapely.to_wkb(line)
    assert back[1] is None
    assert shapely.is_empty(back[2])


def test_the_blob_of_another_program_is_read() -> None:
    line = shapely.LineString([(1, 2), (3, 4)])
    no_box = b"GP\x00\x01" + (3006).to_bytes(4, "little") + shapely.to_wkb(line)
    assert from_blobs([no_box])[0] == line


def test_a_layer_has_one_style(store: Store, paths: Paths, place: Path) -> None:
    store.replace_layers({"segments": paths()}, keys=KEY)
    store.put_style("segments", "<qgis old/>")
    store.put_style("segments", "<qgis new/>")
    store.replace_layers({"segments": paths()}, keys=KEY)
    with pytest.raises(LayerError):
        store.put_style("nothing", "<qgis/>")
    other = apsw.Connection(str(place))
    styles = other.execute(
        "SELECT f_table_name, styleQML, useAsDefault FROM layer_styles"
    ).fetchall()
    other.close()
    assert styles == [("segments", "<qgis new/>", 1)]
