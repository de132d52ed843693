"""Do the parts of a network, put together, give what the whole gives?"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import numpy as np
import pytest
import shapely
from click.testing import CliRunner
from distributed import LocalCluster
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from api.cli import build
from gis import areas, checks, inventory, layers
from gis.errors import GisError
from gis.inventory import daskengine, partitions
from gis.inventory.around import WORKING
from gis.inventory.derive import derive
from gis.inventory.engines import Engine
from gis.inventory.publish import network_of, public_segments
from gis.inventory.refresh import seen_by
from gis.store import create_store
from tests.gis import osmtext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from gis.store import Store

Given = TypeVar("Given")
Answer = TypeVar("Answer")


def here(ask: Callable[[Given], Answer], parts: Iterable[Given]) -> Iterator[Answer]:
    """Ask one part after the other in this process."""
    return map(ask, parts)


def layers_of(store: Store, engine: Engine | None) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Compute the segments and findings of a store's network anew."""
    area = areas.from_json(store.area_json())
    network = network_of({name: store.layer(name) for name in WORKING})
    seen = seen_by(store)
    found = derive(network, seen, area, engine=engine)
    findings = layers.conform(found.findings, "findings")
    ordered = findings.sort_values("finding_id", ignore_index=True)
    return public_segments(found, seen, area), ordered


def test_parts_give_what_the_whole_gives(store: Store) -> None:
    segments, findings = layers_of(store, None)
    parted, told = layers_of(store, Engine(spread=here, part_rows=400))
    assert_frame_equal(parted, segments)
    assert_frame_equal(told, findings)


@given(
    st.lists(
        st.tuples(st.floats(0, 9e5, width=32), st.floats(0, 9e5, width=32)), min_size=0, max_size=60
    ),
    st.integers(1, 70),
)
def test_each_segment_is_owned_once(places: list[tuple[float, float]], rows: int) -> None:
    lines = [shapely.LineString([(x, y), (x + 1, y + 1)]) for x, y in places]
    cells = partitions.cells(gpd.GeoDataFrame(geometry=lines), rows)
    owned = np.concatenate([np.empty(0, dtype=np.intp), *cells])
    assert sorted(owned) == list(range(len(places)))
    assert all(0 < len(own) <= rows for own in cells)


def test_only_what_a_part_cannot_tell_is_left_to_the_whole() -> None:
    assert {"D04", "D05", "D06"} <= set(partitions.FAR)
    assert not set(partitions.FAR) & set(partitions.NEAR)
    assert {*partitions.FAR, *partitions.NEAR} == {c.check_id for c in checks.all_checks()}
    assert np.isfinite(partitions.REACH_M)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Give a small store without layers."""
    path = tmp_path / "town.gpkg"
    source = osmtext.line(("highway", "footway"))
    with closing(create_store(str(path), areas.load("karlskrona").to_json())) as store:
        inventory.import_file(store, source.save(tmp_path))
    return path


@pytest.mark.enable_socket
def test_dask_gives_what_is_computed_here(store: Store) -> None:
    before = {name: store.features(name) for name in ("segments", "findings")}
    with (
        LocalCluster(n_workers=2, processes=False, dashboard_address=None) as cluster,
        daskengine.dask(cluster.scheduler_address, part_rows=900) as engine,
    ):
        inventory.update(store, engine=engine)
    assert {name: store.features(name) for name in before} == before


@pytest.mark.enable_socket
def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daskengine, "WAIT_S", 1)
    with pytest.raises(GisError, match=r"127\.0\.0\.1:9"), daskengine.dask("tcp://127.0.0.1:9"):
        pass


def test_a_scheduler_without_dask_is_refused(town: Path) -> None:
    words = ["update", str(town), "--scheduler", "tcp://127.0.0.1:9"]
    told = CliRunner().invoke(build("en"), words)
    assert told.exit_code == 2
    assert "--engine dask" in told.output
