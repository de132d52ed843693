"""Does a map get its columns, and does it hear where something has changed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.store import tilereading

if TYPE_CHECKING:
    from gis.store.base import Box, Store

KEYS = {"segments": "segment_id"}
WINDOW: Box = (500_000.0, 6_200_000.0, 500_250.0, 6_200_100.0)


def frame(told: dict[int, int]) -> gpd.GeoDataFrame:
    """Make a layer of points a hundred metres apart; one of number 9 has no place."""
    columns = {
        "segment_id": pd.Series([f"s{number}" for number in told], dtype="str"),
        "n": pd.Series(list(told.values()), dtype="int64"),
        "lit": pd.Series([n > 1 for n in told.values()], dtype="bool"),
        "name": pd.Series([None if n == 1 else "Å" for n in told.values()], dtype="str"),
    }
    numbers = np.array(list(told))
    points = np.array(shapely.points(500_000 + 100 * numbers, 6_200_000), dtype=object)
    points[numbers == 9] = None
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=points, crs=3006)


def east(store: Store, state: int) -> list[float]:
    """Tell where a layer has changed since a state, by the first side of each box."""
    boxes = store.changed_since("segments", state)
    assert boxes is not None
    return sorted(set(boxes[:, 0].round().tolist()))


def test_a_window_comes_as_columns_null_as_none(store: Store) -> None:
    store.replace_layers({"segments": frame({0: 1, 1: 2, 5: 3})}, keys=KEYS)
    found = store.narrow("segments", ["segment_id", "lit", "name", "gone"], bbox=WINDOW)
    order = np.argsort(found.columns["segment_id"])
    told = {name: [cells[at] for at in order] for name, cells in found.columns.items()}
    assert told == {
        "segment_id": ["s0", "s1"], "lit": [False, True], "name": [None, "Å"], "gone": [None] * 2
    }  # fmt: skip
    assert shapely.get_x(found.shapes[order]).tolist() == [500_000, 500_100]
    nowhere = store.narrow("segments", ["n"], bbox=(0.0, 0.0, 1.0, 1.0))
    assert (len(nowhere.shapes), list(nowhere.columns["n"])) == (0, [])


def test_pages_come_in_the_order_of_the_key(store: Store) -> None:
    store.replace_layers({"segments": frame({3: 1, 1: 2, 2: 3, 9: 4})}, keys=KEYS)
    found = store.narrow("segments", ["segment_id"], limit=2, after="s1")
    assert list(found.columns["segment_id"]) == ["s2", "s3"]
    (last,) = store.narrow("segments", [], after="s3").shapes
    assert last is None


@pytest.mark.parametrize("way", ["replaced", "updated"])
def test_a_change_is_told_where_it_was_and_where_it_is(store: Store, way: str) -> None:
    first = store.replace_layers({"segments": frame({0: 1, 1: 1, 2: 1, 9: 1})}, keys=KEYS)
    assert east(store, first) == []
    after = frame({0: 1, 1: 2, 4: 1, 9: 2})
    if way == "replaced":
        second = store.replace_layers({"segments": after}, keys=KEYS)
    else:
        changed = after[after["segment_id"] != "s0"]
        second = store.update_layers({"segments": changed}, removed={"segments": ["s2"]})
    assert east(store, first) == [500_100, 500_200, 500_400]
    assert east(store, second) == []
    store.update_layers({"segments": frame({0: 2})})
    assert east(store, second) == [500_000]
    assert east(store, first) == [500_000, 500_100, 500_200, 500_400]


def test_where_much_has_changed_all_has(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tilereading, "MANY", 3)
    first = store.replace_layers({"segments": frame({0: 1, 1: 1, 2: 1})}, keys=KEYS)
    store.update_layers({"segments": frame({0: 2})})
    assert east(store, first) == [500_000]
    store.update_layers({"segments": frame({1: 2})})
    assert store.changed_since("segments", first) is None


def test_a_layer_of_other_columns_has_changed_everywhere(store: Store) -> None:
    first = store.replace_layers({"segments": frame({0: 1})}, keys=KEYS)
    store.replace_layers({"segments": frame({0: 1}).drop(columns="n")}, keys=KEYS)
    assert store.changed_since("segments", first) is None
    assert store.changed_since("segments", 10**9) is None
