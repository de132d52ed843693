"""Does a computed layer stay readable as it was recorded at every earlier time?"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import LayerError
from gis.store import create_store, restore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gis.store.base import Box, Store

KEYS = {"segments": "segment_id"}
SOAK = os.environ.get("GCVAG_SOAK") == "1"
WINDOW: Box = (500_000.0, 6_200_000.0, 500_250.0, 6_200_100.0)
rows = st.dictionaries(st.integers(0, 5), st.integers(0, 2), max_size=6)
steps = st.lists(st.tuples(st.booleans(), rows, st.sets(st.integers(0, 5))), max_size=6)


def frame(told: dict[int, int]) -> gpd.GeoDataFrame:
    """Make a layer of points a hundred metres apart, with a number that may change."""
    columns = {
        "segment_id": pd.Series([f"s{number}" for number in told], dtype="str"),
        "n": pd.Series(list(told.values()), dtype="int64"),
        "signs": pd.Series([["D4"] * n for n in told.values()], dtype=object),
    }
    points = [shapely.Point(500_000 + 100 * number, 6_200_000 + n) for number, n in told.items()]
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=points, crs=3006)


def seen(store: Store, as_of: datetime | None = None) -> list[Any]:
    """Read all that a store says of the layer."""
    return [
        store.features("segments", as_of=as_of),
        store.features("segments", bbox=WINDOW, as_of=as_of),
        store.features("segments", limit=2, after="s1", as_of=as_of),
        store.feature("segments", "s2", as_of=as_of),
        store.count("segments", as_of=as_of),
        store.count("segments", bbox=WINDOW, as_of=as_of),
        store.layer("segments", as_of=as_of).to_json(),
        store.layer("segments", ids=["s1", "s4"], where={"n": [1, 2]}, as_of=as_of).to_json(),
    ]


def step(store: Store, change: tuple[bool, dict[int, int], set[int]]) -> None:
    """Replace the layer, or change some of its rows."""
    whole, told, gone = change
    if whole:
        store.replace_layers({"segments": frame(told)}, keys=KEYS)
    else:
        store.update_layers(
            {"segments": frame(told)}, removed={"segments": [f"s{n}" for n in gone - {*told}]}
        )


@settings(
    max_examples=60 if SOAK else 5, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=steps)
def test_every_state_is_read_later_as_it_was(
    somewhere: Callable[[], str], tmp_path: Path, changes: list[Any]
) -> None:
    store = create_store(somewhere(), "{}")
    store.replace_layers({"segments": frame({0: 1, 3: 2})}, keys=KEYS)
    states = [(datetime.now(UTC), seen(store))]
    for change in changes:
        step(store, change)
        states.append((datetime.now(UTC), seen(store)))
    assert [seen(store, moment) for moment, _ in states] == [said for _, said in states]
    kept = store.backup(tmp_path / f"kept{store.store_id}").parent
    store.close()
    middle, said = states[len(states) // 2]
    back = restore(kept, somewhere(), at=middle)
    assert seen(back, middle) == said
    back.replace_layers({"segments": frame({5: 1})}, keys=KEYS)
    assert seen(back, middle) == said
    back.close()


def test_nothing_stood_before_the_first_state(store: Store) -> None:
    before = datetime.now(UTC)
    store.replace_layers({"segments": frame({0: 1})}, keys=KEYS)
    assert seen(store, before)[:6] == [[], [], [], None, 0, 0]
    assert list(store.layer("segments", as_of=before).columns) == [
        "segment_id",
        "n",
        "signs",
        "geometry",
    ]


def test_what_is_only_worked_on_has_no_past(store: Store) -> None:
    store.replace_layers({"network": frame({0: 1})}, keys={"network": "segment_id"})
    with pytest.raises(LayerError, match="has no past"):
        store.features("network", as_of=datetime.now(UTC))
    with pytest.raises(LayerError, match="no layer elsewhere"):
        store.count("elsewhere", as_of=datetime.now(UTC))


def test_a_layer_that_got_other_columns_is_read_with_those_it_had(store: Store) -> None:
    store.replace_layers({"segments": frame({0: 1, 1: 1})}, keys=KEYS)
    before = (datetime.now(UTC), seen(store))
    other = frame({1: 1, 2: 2}).drop(columns="signs").assign(name="a")
    store.replace_layers({"segments": other}, keys=KEYS)
    after = (datetime.now(UTC), store.features("segments"))
    store.replace_layers({"segments": frame({0: 1, 1: 1})}, keys=KEYS)
    assert seen(store, before[0]) == before[1]
    assert store.features("segments", as_of=after[0]) == after[1]
    assert seen(store, datetime.now(UTC)) == seen(store)


def test_a_forgotten_name_leaves_the_past_too(store: Store) -> None:
    ann, bo = store.person("Ann Ek"), store.person("Bo Ek")
    rows = frame({0: 1, 1: 1}).assign(author=["Ann Ek", "Bo Ek"])
    store.replace_layers({"segments": rows}, keys=KEYS)
    before = datetime.now(UTC)
    store.update_layers({"segments": rows.assign(n=2)})
    store.forget(ann)
    told = [json.loads(one) for one in store.features("segments", as_of=before)]
    assert [one["properties"]["author"] for one in told] == ["borttagen", "Bo Ek"]
    assert store.layer("segments")["author"].tolist() == ["borttagen", "Bo Ek"]
    now = store.features("segments")
    store.update_layers({"segments": rows.assign(n=2, author=["borttagen", "Bo Ek"])})
    assert store.features("segments") == now
    assert store.names() == {bo: "Bo Ek"}
    assert store.verify() == []


def test_a_moved_row_is_found_in_the_window_where_it_lay(store: Store) -> None:
    store.replace_layers({"segments": frame({0: 0})}, keys=KEYS)
    before = datetime.now(UTC)
    moved = frame({0: 0})
    store.update_layers({"segments": moved.set_geometry(moved.translate(5000))})
    assert store.count("segments", bbox=WINDOW) == 0
    assert store.count("segments", bbox=WINDOW, as_of=before) == 1
    assert store.layer("segments", bbox=WINDOW, as_of=before).geometry.x.tolist() == [500_000]
