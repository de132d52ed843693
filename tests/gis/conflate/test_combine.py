"""Do sources land on the network, and does what is new in them become segments?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis import classify, codes, network
from gis.conflate import Part, conflate, evidence_of
from gis.sources import osm
from gis.sources.said import make_lines, make_points, nothing_said

if TYPE_CHECKING:
    from gis.network import Network
    from gis.sources.said import Said

EAST, NORTH = 536_000.0, 6_224_000.0


@dataclass(frozen=True)
class Place:
    """A working CRS and a language."""

    crs: int = 3006
    languages: tuple[str, ...] = ("sv",)


def line(*places: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in places])


def wgs84(shapes: list[Any]) -> list[Any]:
    return list(gpd.GeoSeries(shapes, crs=3006).to_crs(4326))


PATHS = {
    1: line((0, 0), (100, 0)),
    2: line((100, 0), (200, 0)),
    3: line((0, 200), (100, 200)),
    4: line((0, 400), (12, 400)),
}
TAGS = {1: "footway", 2: "cycleway", 3: "footway", 4: "footway"}


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Network:
    """Build a network of four paths from OSM made for the test."""
    nodes: dict[tuple[float, float], int] = {}
    ways = []
    for number, shape in PATHS.items():
        points = wgs84([shapely.Point(place) for place in shape.coords])
        refs = [nodes.setdefault((round(p.x, 7), round(p.y, 7)), len(nodes) + 1) for p in points]
        more = '<tag k="footway" v="crossing"/>' if number == 4 else ""
        inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        tag = f'<tag k="highway" v="{TAGS[number]}"/>'
        ways.append(f'<way id="{number}" version="1">{inner}{tag}{more}</way>')
    dots = [f'<node id="{n}" version="1" lon="{x}" lat="{y}"/>' for (x, y), n in nodes.items()]
    path = tmp_path_factory.mktemp("osm") / "SYNTETISK.osm"
    path.write_text(f'<osm version="0.6">{"".join(dots + ways)}</osm>', encoding="utf-8")
    return network.build(osm.read(Path(path)), Place())


def said(rows: list[dict[str, Any]], shapes: list[Any]) -> Said:
    known = [
        {"element_id": f"e{i}", "m_from": 0.0, "m_to": 1.0, "kind": "path"} | row
        for i, row in enumerate(rows)
    ]
    told = pd.DataFrame([{"source_id": f"nvdb:{row['element_id']}"} | row for row in known])
    return nothing_said(lines=make_lines(told, wgs84(shapes)))


def cells(table: pd.DataFrame, source: str, *columns: str) -> list[Any]:
    """Return some cells of one segment."""
    return [table[column][source] for column in columns]


def moved(number: int, x: float, y: float) -> shapely.LineString:
    return shapely.transform(PATHS[number], lambda xy: xy + np.array([x, y]))


def by_way(segments: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(segments.drop(columns="geometry")).set_index("source_id")


def test_facts_land_on_their_segments(net: Network) -> None:
    told = said([{"gcm": "100"}, {"gcm": "115"}], [moved(1, 3, 4), moved(3, -2, 5)])
    out = by_way(conflate(net, [Part(source="nvdb", said=told)]).network.segments)
    assert cells(out, "osm:way/1", "said_gcm", "element_id", "matched_source") == [
        "100", "e0", "nvdb",
    ]  # fmt: skip
    assert out.loc["osm:way/1", "source_ids"] == ["osm:way/1", "nvdb:e0"]
    assert out.loc["osm:way/1", "sources"] == ["osm", "nvdb"]
    assert out.loc["osm:way/2", "lacking"] == ["nvdb"]
    assert out["said_gcm"].isna()["osm:way/2"]


def test_what_no_segment_is_becomes_one(net: Network) -> None:
    told = said([{"gcm": "100", "name": "Nya stigen"}], [line((200, 3), (200, 120))])
    out = conflate(net, [Part(source="nvdb", said=told)]).network.segments
    own = by_way(out).loc[["nvdb:e0"]]
    assert cells(own, "nvdb:e0", "kind", "side", "name", "said_gcm", "matched_source") == [
        "path", "none", "Nya stigen", "100", "nvdb",
    ]  # fmt: skip
    assert own["lacking"]["nvdb:e0"] == ["osm"]
    assert own["from_node"]["nvdb:e0"] in set(out["to_node"])
    assert own["to_node"]["nvdb:e0"] < 0
    assert own["length_m"]["nvdb:e0"] == pytest.approx(117, abs=0.1)
    assert list(out.columns[: len(net.segments.columns) - 1]) == list(net.segments.columns[:-1])
    assert out["segment_id"].is_unique


def test_a_source_may_be_laid_on_without_segments_of_its_own(net: Network) -> None:
    told = said([{"gcm": "100"}], [line((500, 500), (700, 500))])
    out = conflate(net, [Part(source="nvdb", said=told, own=False)]).network.segments
    assert len(out) == len(net.segments)


def test_the_earlier_source_holds_and_the_later_fills(net: Network) -> None:
    city = said(
        [{"document_class": "gangbana", "width_m": 2.0, "source_id": "staden:1"}], [moved(1, 1, 1)]
    )
    nvdb = said([{"gcm": "100", "width_m": 3.0, "keeper": "2"}], [moved(1, 3, 4)])
    parts = [Part(source="staden", said=city), Part(source="nvdb", said=nvdb)]
    row = by_way(conflate(net, parts).network.segments)
    names = ("said_width_m", "said_document_class", "said_gcm", "said_keeper")
    assert cells(row, "osm:way/1", *names) == [2.0, "gangbana", "100", "2"]
    assert row["source_ids"]["osm:way/1"] == ["osm:way/1", "staden:1", "nvdb:e0"]


def test_a_regulation_without_a_line_meets_its_id(net: Network) -> None:
    street = said(
        [{"nvdb_street": "gagata", "ltf_id": "1080 2019-12", "kind": "street"}], [moved(3, 2, 2)]
    )
    records = pd.DataFrame(
        {"record_id": ["ltf:1"], "kind": ["regulation"], "ltf_id": ["1080 2019-12"],
         "ltf_class": ["gagata"]}
    )  # fmt: skip
    parts = [
        Part(source="nvdb", said=street),
        Part(source="regulations", said=nothing_said(records=records)),
    ]
    row = by_way(conflate(net, parts).network.segments)
    assert cells(row, "osm:way/3", "said_ltf_id", "said_ltf_class") == ["1080 2019-12", "gagata"]


def test_a_passage_belongs_to_the_nearest_crossing(net: Network) -> None:
    point = make_points(
        pd.DataFrame({"source_id": ["nvdb:p"], "role": ["passage"], "passage": ["2"]}),
        wgs84([shapely.Point(EAST + 6, NORTH + 408)]),
    )
    out = by_way(
        conflate(net, [Part(source="nvdb", said=nothing_said(points=point))]).network.segments
    )
    assert out.loc["osm:way/4", "said_passage"] == "2"
    assert out["said_passage"].notna().sum() == 1


def test_schools_become_places_and_mark_what_is_near(net: Network) -> None:
    point = make_points(
        pd.DataFrame({"source_id": ["schools:1"], "role": ["school"], "kind": ["school"],
                      "name": ["Påhittade skolan"]}),
        wgs84([shapely.Point(EAST + 50, NORTH + 660)]),
    )  # fmt: skip
    out = conflate(net, [Part(source="schools", said=nothing_said(points=point))]).network
    assert "Påhittade skolan" in out.places["name"].tolist()
    assert by_way(out.segments)["near_school"].to_dict() == {
        "osm:way/1": False, "osm:way/2": False, "osm:way/3": False, "osm:way/4": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    "code", [r.code for r in codes.load("nvdb_gcm").rows if r.more["path_class"]]
)
def test_each_code_classifies_as_a_segment_of_its_own(code: str, net: Network) -> None:
    kinds = {row.code: row.more["kind"] for row in codes.load("path_class").rows}
    expected = codes.load("nvdb_gcm")[code].more["path_class"]
    kind = kinds[expected].replace("any", "path")
    told = said([{"gcm": code, "kind": kind}], [line((900, 900), (940, 900))])
    out = conflate(net, [Part(source="nvdb", said=told)]).network
    own = out.segments[out.segments["source_id"].eq("nvdb:e0")]
    facts = evidence_of(own).assign(kind=own["kind"]).rename(columns={"segment_id": "id"})
    assert classify.classify(facts, "SE")["path_class"].tolist() == [expected]


def test_the_order_of_rows_does_not_matter(net: Network) -> None:
    rows = [{"gcm": "100", "element_id": "a"}, {"gcm": "115", "element_id": "b"}]
    shapes = [moved(1, 3, 4), line((300, 300), (400, 300))]
    one = conflate(net, [Part(source="nvdb", said=said(rows, shapes))])
    two = conflate(net, [Part(source="nvdb", said=said(rows[::-1], shapes[::-1]))])
    pd.testing.assert_frame_equal(one.network.segments, two.network.segments)
    pd.testing.assert_frame_equal(one.matches, two.matches)


def test_without_sources_the_network_stays_as_it_is(net: Network) -> None:
    out = conflate(net, []).network.segments
    pd.testing.assert_frame_equal(
        pd.DataFrame(out[net.segments.columns]), pd.DataFrame(net.segments)
    )
    assert evidence_of(out).drop(columns="segment_id").isna().all(axis=None)
