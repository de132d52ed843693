"""Does an import that changes a part give what computing the whole gives?"""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

import geopandas as gpd
import osmium
import pandas as pd
import pytest
from osmium.osm import Location, Node, Way
from pandas.testing import assert_frame_equal
from shapely.geometry import Point

from gis import areas, inventory, marks
from gis.inventory import partly
from gis.inventory.differing import differing, same_kinds
from gis.inventory.publish import working
from gis.inventory.recipe import recipe
from gis.inventory.refresh import DERIVED_BY, DERIVED_FROM, why_whole
from gis.network import build
from gis.settings import data_dir
from gis.sources import Reading, read_bytes
from gis.store import create_store

if TYPE_CHECKING:
    from pathlib import Path

    from gis.store import Store

SAMPLE = data_dir() / "samples" / "helsinki" / "Helsinki.osm.pbf"
BOX = (24.938, 60.168, 24.946, 60.172)
NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
SEEDS = range(3, 33) if os.environ.get("GCVAG_SOAK") else (3,)
TAGS = (
    {"bicycle": "designated"},
    {"highway": "cycleway", "foot": "designated", "segregated": "yes"},
    {"traffic_sign": "FI:422"},
    {"surface": "gravel", "width": "2.5"},
)


class Extract:
    """A piece of the sample that can be changed as mappers change it (synthetic)."""

    def __init__(self) -> None:
        self.nodes: dict[int, tuple[float, float, dict[str, str]]] = {}
        self.ways: dict[int, tuple[list[int], dict[str, str]]] = {}
        for thing in osmium.FileProcessor(SAMPLE):
            if isinstance(thing, Node):
                self.nodes[thing.id] = (thing.lon, thing.lat, dict(thing.tags))
            elif isinstance(thing, Way) and any(self.inside(n.ref) for n in thing.nodes):
                self.ways[thing.id] = ([n.ref for n in thing.nodes], dict(thing.tags))
        used = {ref for refs, _ in self.ways.values() for ref in refs}
        self.nodes = {k: v for k, v in self.nodes.items() if k in used or self.inside(k)}

    def inside(self, ref: int) -> bool:
        """Tell whether a node lies in the box."""
        lon, lat, _ = self.nodes.get(ref, (0.0, 0.0, {}))
        return BOX[0] < lon < BOX[2] and BOX[1] < lat < BOX[3]

    def paths(self) -> list[int]:
        """Name the ways people walk and cycle on."""
        wanted = ("footway", "cycleway", "path")
        return [way for way, (_, tags) in self.ways.items() if tags.get("highway") in wanted]

    def signs(self) -> list[int]:
        """Name the nodes that carry a sign."""
        return [ref for ref, (_, _, tags) in self.nodes.items() if "traffic_sign" in tags]

    def shift(self, ref: int, dice: Random) -> None:
        """Move a node some metres."""
        lon, lat, tags = self.nodes[ref]
        self.nodes[ref] = (lon + dice.uniform(-9e-5, 9e-5), lat + dice.uniform(-5e-5, 5e-5), tags)

    def edit(self, dice: Random) -> None:
        """Move, retag, delete and add ways, and move signs."""
        moved, told, gone = dice.sample(self.paths(), 3)
        for ref in self.ways[moved][0]:
            self.shift(ref, dice)
        self.ways[told] = (self.ways[told][0], {**self.ways[told][1], **dice.choice(TAGS)})
        del self.ways[gone]
        ends = dice.sample(sorted(set(self.ways[moved][0] + self.ways[told][0])), 2)
        self.ways[max(self.ways) + 1] = (ends, {"highway": "path", "bicycle": "designated"})
        if signs := self.signs():
            self.shift(dice.choice(signs), dice)
        new = max(self.nodes) + 1
        lon, lat, _ = self.nodes[ends[0]]
        self.nodes[new] = (lon + 2e-5, lat, {"traffic_sign": dice.choice(["FI:422", "FI:421"])})

    def save(self, path: Path) -> Path:
        """Write it down."""
        with osmium.SimpleWriter(str(path), overwrite=True) as writer:
            for ref in sorted(self.nodes):
                lon, lat, tags = self.nodes[ref]
                place = Location(lon, lat)
                writer.add_node(osmium.osm.mutable.Node(id=ref, location=place, tags=tags))
            for way in sorted(self.ways):
                refs, tags = self.ways[way]
                writer.add_way(osmium.osm.mutable.Way(id=way, nodes=refs, tags=tags))
        return path


def written(store: Store) -> dict[str, tuple[pd.DataFrame, list[bytes]]]:
    """Read every layer: its rows, and what is shown of them."""
    return {
        name: (pd.DataFrame(store.layer(name)), store.features(name))
        for name in store.layer_names()
    }


def said(store: Store, dice: Random) -> list[str]:
    """Mark two segments, decide a third and accept a finding; return the touched ones."""
    ids = sorted(store.table("segments").query("status != 'retired'")["segment_id"])
    touched = dice.sample(ids, 3)
    told = [
        {
            "op_id": str(UUID(int=dice.getrandbits(128))),
            "kind": "mark",
            "segment_id": one,
            "base_version": None,
            "fields": {"path_class": "gangbana"},
            "observed_at": NOW.isoformat(),
        }
        for one in touched[:2]
    ]
    marks.receive(store, told, author="anna", now=NOW)
    marks.decide_segment(store, touched[2], "cykelbana", reason=None, author="planner")
    return touched


@pytest.mark.parametrize("seed", SEEDS)
def test_a_part_computed_anew_equals_the_whole(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partly, "MOST", 0.95)
    dice, extract = Random(seed), Extract()
    path = tmp_path / "town.gpkg"
    with closing(create_store(str(path), areas.load("helsinki").to_json())) as store:
        inventory.import_file(store, extract.save(tmp_path / "town.osm.pbf"))
        assert inventory.update(store).whole == "first"
        inventory.refresh(store, said(store, dice))
        # Nobody refreshed what these say: the update must not pass over it.
        said(store, dice)
        extract.edit(dice)
        inventory.import_file(store, extract.save(tmp_path / "town.osm.pbf"))
        done = inventory.update(store)
        assert done.whole == ""
        assert 0 < done.recomputed < done.segments
        part = written(store)
        assert inventory.update(store).whole == "asked"
        whole = written(store)
    assert part.keys() == whole.keys()
    for name, (frame, shown) in whole.items():
        assert_frame_equal(part[name][0], frame, obj=name)
        assert part[name][1] == shown, name


def test_another_engine_or_settings_ask_for_the_whole(store: Store) -> None:
    assert why_whole(store, None) == "asked"
    store.set_meta(DERIVED_FROM, "another delivery")
    assert why_whole(store, None) == ""
    store.set_meta(DERIVED_BY, "another program")
    assert why_whole(store, None) == "rules"


@pytest.mark.parametrize("name", ["languages", "bbox"])
def test_the_recipe_is_another_for_other_settings(name: str) -> None:
    told = areas.load("helsinki").to_json()
    assert recipe(told) == recipe(told) != recipe(told.replace(name, "other"))


def rows(**columns: list[object]) -> gpd.GeoDataFrame:
    """Lay out rows a, b, c."""
    places = gpd.GeoSeries.from_wkt(pd.Series(["POINT (0 0)", "POINT (1 0)", None], dtype=object))
    return gpd.GeoDataFrame({"key": ["a", "b", "c"], **columns}, geometry=places, crs=3006)


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (["x", None, "z"], ["x", None, "z"], []),
        (["x", None, "z"], ["x", "y", "z"], ["b"]),
        (["x", "y", "z"], ["x", None, "z"], ["b"]),
        ([1.0, float("nan"), 3.0], [1.0, float("nan"), 3.5], ["c"]),
        ([True, False, True], [True, True, True], ["b"]),
        ([["p"], [], None], [["p"], None, []], []),
        ([{"p": 1}, None, None], [{"p": 2}, None, None], ["a"]),
    ],
)
def test_a_row_differs_by_any_cell(
    old: list[object], new: list[object], changed: list[str]
) -> None:
    found = differing(rows(cell=new), rows(cell=old), "key")
    assert (found.rows["key"].tolist(), found.gone) == (changed, [])


def test_rows_that_came_moved_and_went_are_told_with_both_grounds() -> None:
    old, new = rows(cell=[1, 2, 3]), rows(cell=[1, 2, 3]).iloc[[1, 0]]
    moved = new.assign(key=["b", "d"]).set_geometry([Point(9, 9), Point(5, 5)], crs=3006)
    found = differing(moved, old, "key")
    assert (sorted(found.rows["key"]), found.gone) == (["b", "d"], ["a", "c"])
    assert {(p.x, p.y) for p in found.ground} == {(9, 9), (5, 5), (1, 0), (0, 0)}


def test_a_column_of_another_kind_is_no_part() -> None:
    assert same_kinds(rows(cell=["x", None, "z"]), rows(cell=["q", "r", "s"]))
    assert not same_kinds(rows(cell=[1.0, 2.0, 3.0]), rows(cell=["q", "r", "s"]))
    assert not same_kinds(rows(cell=[1.0, 2.0, 3.0]), rows())


def barriers_of(xml: bytes) -> list[str]:
    """Name the barriers of an extract."""
    reading = read_bytes(xml, file_name="a.osm", kind="osm")
    assert isinstance(reading, Reading)
    network = build(reading, areas.load("karlskrona"))
    return working(network)["network_barriers"]()["barrier_id"].tolist()


def test_what_has_no_id_of_its_own_keeps_its_name_when_others_come() -> None:
    text = b"""<osm version='0.6'>
      <node id='1' lon='15.0' lat='56.0'><tag k='barrier' v='bollard'/></node>
      <node id='2' lon='15.1' lat='56.0'><tag k='barrier' v='gate'/></node></osm>"""
    one = text.replace(
        b"<node id='1' lon='15.0' lat='56.0'><tag k='barrier' v='bollard'/></node>", b""
    )
    assert barriers_of(text) == ["osm:node/1", "osm:node/2"]
    assert barriers_of(one) == ["osm:node/2"]
