"""Does a filter choose what it says, and is everything else refused?"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import Problem
from api.ogc import cql, wire
from api.ogc.filters import chosen
from api.ogc.operands import Table
from gis.contracts import contract
from tests.conftest import SEGMENT, make

if TYPE_CHECKING:
    import geopandas as gpd
    from starlette.testclient import TestClient

ITEMS = "/ogc/collections/segments/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
ROWS = 4


def table() -> Table:
    """Make four segments; the last has neither name nor width."""
    told = {
        **SEGMENT,
        "segment_id": ["a", "b", "c", "d"],
        "name": ["Storgatan", "storgatan", "50% backe_", None],
        "width_m": [1.5, 2.0, 3.0, None],
        "signs": [["D4"], ["D4", "D6"], [], []],
        "severity": [0, 1, 2, 3],
        "decided_at": ["2026-01-01T00:00:00Z", "2026-06-01T12:00:00Z", None, None],
        "geometry": [f"LINESTRING (536592 {6224198 + 100 * n}, 536692 {6224198 + 100 * n})"
                     for n in range(ROWS)],
    }  # fmt: skip
    frame: gpd.GeoDataFrame = make("segments", told)
    return Table(frame, contract("segments"), 3006, wire.LON_LAT)


ALL = table()


def ask(text: str, language: cql.Language = "cql2-text") -> str:
    """Return the ids a filter chooses, as one word."""
    return "".join(ALL.frame["segment_id"][chosen(cql.read(text, language), ALL)])


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("width_m = 2", "b"),
        ("width_m <> 2", "ac"),
        ("NOT (width_m = 2)", "ac"),
        ("2 < width_m", "c"),
        ("width_m <= 2", "ab"),
        ("width_m BETWEEN 1.5 AND 2", "ab"),
        ("width_m NOT BETWEEN 1.5 AND 2", "c"),
        ("width_m IS NULL", "d"),
        ("width_m IS NOT NULL", "abc"),
        ("width_m = 2 OR name IS NULL", "bd"),
        ("width_m > 1 AND severity < 2", "ab"),
        ("severity IN (0, 3)", "ad"),
        ("severity NOT IN (0, 3)", "bc"),
        ("name IN ('Storgatan', 'x')", "a"),
        ("name = 'Storgatan'", "a"),
        ("CASEI(name) = CASEI('STORGATAN')", "ab"),
        ("name < 'T'", "ac"),
        ("name LIKE 'S%'", "a"),
        ("name LIKE '%gat%'", "ab"),
        ("name LIKE '_torgatan'", "ab"),
        ("name LIKE '50\\% backe\\_'", "c"),
        ("name LIKE '%\\%%'", "c"),
        ("name NOT LIKE 'S%'", "bc"),
        ("name LIKE '%tor%tor%'", ""),
        ("severity = width_m", ""),
        ("A_CONTAINS(signs, ('D4'))", "ab"),
        ("A_OVERLAPS(signs, ('D6', 'D5'))", "b"),
        ("A_EQUALS(signs, ('D6', 'D4'))", "b"),
        ("A_CONTAINEDBY(signs, ('D4'))", "acd"),
        ("decided_at > TIMESTAMP('2026-03-01T00:00:00Z')", "b"),
        ("decided_at = TIMESTAMP('2026-06-01T14:00:00+02:00')", "b"),
        ("T_AFTER(decided_at, DATE('2026-03-01'))", "b"),
        ("T_BEFORE(decided_at, DATE('2026-03-01'))", "a"),
        ("T_DURING(decided_at, INTERVAL('2025-01-01', '2026-02-01'))", "a"),
        ("T_INTERSECTS(decided_at, INTERVAL('..', '2026-01-01'))", "a"),
        ("T_DISJOINT(decided_at, INTERVAL('2026-05-01', '..'))", "a"),
        ("S_INTERSECTS(geometry, BBOX(15.5, 56.16, 15.6, 56.1619))", "a"),
        ("S_INTERSECTS(geometry, BBOX(-180, -90, 180, 90))", "abcd"),
        ("S_DISJOINT(geometry, BBOX(15.5, 56.16, 15.6, 56.1619))", "bcd"),
        ("S_WITHIN(geometry, POLYGON((15 56, 16 56, 16 57, 15 57, 15 56)))", "abcd"),
        ("S_INTERSECTS(geometry, POINT(0 0))", ""),
        ("S_INTERSECTS(geometry, BBOX(0, 0, 1, 1))", ""),
    ],
)
def test_a_filter_chooses(text: str, ids: str) -> None:
    assert ask(text) == ids


@pytest.mark.parametrize(
    ("tree", "ids"),
    [
        ({"op": "=", "args": [{"property": "width_m"}, 2]}, "b"),
        ({"op": "isNull", "args": [{"property": "name"}]}, "d"),
        ({"op": "in", "args": [{"property": "severity"}, [1, 2]]}, "bc"),
        ({"op": "and", "args": [True, {"op": "<", "args": [{"property": "severity"}, 1]}]}, "a"),
        ({"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [15, 56, 16, 57]}]},
         "abcd"),
    ],
)  # fmt: skip
def test_the_same_in_json(tree: dict[str, object], ids: str) -> None:
    assert ask(json.dumps(tree), "cql2-json") == ids


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "nope = 1", "width_m = 'two'", "name = 3", "name", "width_m", "x'", "(((",
        "width_m = 1)", "a" * 5000, "(" * 11 + "severity = 1" + ")" * 11,
        "NOT " * 600 + "lit = 'x'",
        "severity = 1e400", "S_DWITHIN(geometry, POINT(1 2), 5)", "geometry = 1",
        "evidence LIKE 'x'", "S_INTERSECTS(geometry, name)",
        "S_INTERSECTS(geometry, BBOX(3,3,1,1))",
        "name LIKE name", "T_AFTER(name, DATE('2026-01-01'))", "decided_at = DATE('2026-99-01')",
        "severity IN ('a', 'b')", "width_m = 1; DROP TABLE segments", "name = 'a' --",
        "A_CONTAINS(name, ('x'))", "severity + 1 = 2", "CASEI(severity) = 1", "foo(name) = 1",
        "segment_id = 'a' AND name = 'x\x00'",
    ],
)  # fmt: skip
def test_what_cannot_be_a_filter_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        ask(text)
    assert refused.value.status_code == 400


@pytest.mark.parametrize(
    "text",
    ["[]", "1", '"x"', "{", '{"op": "="}', '{"op": "=", "args": []}', '{"op": 1, "args": [1]}',
     '{"op": "and", "args": []}', '{"op": "in", "args": [{"property": "severity"}, []]}',
     '{"op": "like", "args": [{"property": "name"}]}', '{"property": "name"}', "null",
     '{"op": "=", "args": [{"property": "severity"}, null]}',
     '{"op": "=", "args": [{"property": "severity"}, {}]}',
     '{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point"}]}',
     '{"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": "x"}]}',
     '{"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [1, 2, 3]}]}',
     '{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "LineString"}]}',
     '{"op": "not", "args": ' * 60 + "[true]" + "}" * 60],
)  # fmt: skip
def test_json_that_cannot_be_a_filter_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        ask(text, "cql2-json")
    assert refused.value.status_code == 400


SIGNS = st.sampled_from(
    ["(", ")", "'", '"', " ", "AND", "NOT ", "=", "name", "severity", "1", "IN", ",", "LIKE", "-",
     "BBOX", "POLYGON((", "S_INTERSECTS", "CASEI(", "TIMESTAMP(", "%", "\\", "é", "\ud800"]
)  # fmt: skip


@given(st.lists(SIGNS, max_size=40).map("".join))
def test_nothing_but_a_refusal_comes_of_noise(text: str) -> None:
    with suppress(Problem):
        assert chosen(cql.read(text, "cql2-text"), ALL).shape == (ROWS,)


@given(st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5)
    | st.fixed_dictionaries({"property": st.sampled_from(["name", "geometry", "signs", "x"])}),
    lambda inner: st.lists(inner, max_size=3) | st.fixed_dictionaries({
        "op": st.sampled_from(["and", "not", "=", "in", "like", "between", "isNull", "casei",
                               "s_within", "t_after", "a_equals"]),
        "args": st.lists(inner, max_size=3)}),
    max_leaves=12,
))  # fmt: skip
def test_nothing_but_a_refusal_comes_of_odd_trees(tree: object) -> None:
    with suppress(Problem):
        assert chosen(tree, ALL).shape == (ROWS,)


@given(st.text(alphabet="ab%_\\", max_size=8), st.text(alphabet="ab%_\\", max_size=8))
def test_a_pattern_matches_as_a_plain_search_would(pattern: str, text: str) -> None:
    def fits(p: str, t: str) -> bool:
        if not p:
            return not t
        if p[0] == "%":
            return fits(p[1:], t) or (bool(t) and fits(p, t[1:]))
        if p[0] == "\\" and len(p) > 1:
            return t[:1] == p[1] and fits(p[2:], t[1:])
        return bool(t) and p[0] in {"_", t[0]} and fits(p[1:], t[1:])

    frame = ALL.frame.assign(name=np.array([text] * ROWS, dtype=object))
    tree = {"op": "like", "args": [{"property": "name"}, pattern]}
    told = chosen(tree, Table(frame, ALL.contract, ALL.epsg, ALL.system))
    assert told.all() == told.any() == fits(pattern, text)


def test_no_filter_stalls_or_ends_the_process() -> None:
    texts = [
        "(" * 24 + "a=1",
        "(" * 2000,
        "NOT " * 900 + "a=1",
        "'" * 3999,
        "a=(" * 300,
        "((1," * 30,
    ]
    code = """if True:
        import sys
        from api.ogc import cql
        from api.errors import Problem
        for text in sys.argv[1:]:
            try:
                cql.read(text, "cql2-text")
            except Problem:
                print("refused")
    """
    done = subprocess.run(
        [sys.executable, "-c", code, *texts], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.split() == ["refused"] * len(texts)


@pytest.mark.parametrize(
    ("query", "matched"),
    [
        ({"segment_id": "s000000000000001"}, 1),
        ({"path_class": "gangbana"}, 7),
        ({"path_class": "cykelbana"}, 0),
        ({"filter": "segment_id > 's000000000000003'"}, 3),
        ({"filter": "segment_id > 's000000000000003'", "bbox": "0,0,1,1"}, 0),
        ({"filter": "S_INTERSECTS(geometry, BBOX(6224190, 536592, 6224199, 536600))",
          "filter-crs": f"{EPSG}3006"}, 1),
        ({"filter": '{"op": "=", "args": [{"property": "segment_id"}, "s000000000000002"]}',
          "filter-lang": "cql2-json"}, 1),
        ({"datetime": "1990-01-01"}, 0),
        ({"datetime": "../.."}, 7),
    ],
)  # fmt: skip
def test_a_collection_is_filtered(client: TestClient, query: dict[str, str], matched: int) -> None:
    answer = client.get(ITEMS, params=query)
    assert answer.json()["numberMatched"] == matched


def test_walking_the_pages_of_a_filter_meets_each_once(client: TestClient) -> None:
    seen: list[str] = []
    address = f"{ITEMS}?limit=2&filter=segment_id > 's000000000000001'&name=Hästö gata"
    while address:
        page = client.get(address).json()
        assert page["numberMatched"] == 5
        seen += [feature["id"] for feature in page["features"]]
        address = next((one["href"] for one in page["links"] if one["rel"] == "next"), "")
    assert seen == [f"s{n:015d}" for n in range(2, 7)]


@pytest.mark.parametrize(
    "query",
    ["filter=((", "filter=secret='x'", "filter=a&filter=b", "filter-lang=sql&filter=a",
     "severity=high", "inspected_at=yesterday", "lanes=2", "filter-crs=EPSG:1&filter=severity=0",
     "datetime=2026-13-01", "datetime=2026-05-01/2026-01-01", "as_of=yesterday", "as_of="],
)  # fmt: skip
def test_a_bad_filter_is_400_and_never_repeated(client: TestClient, query: str) -> None:
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text


@pytest.mark.parametrize("name", ["segments", "findings", "places", "signs", "streets"])
def test_every_queryable_can_be_asked_for(client: TestClient, name: str) -> None:
    told = client.get(f"/ogc/collections/{name}/queryables").json()["properties"]
    assert len(told) > 2
    for column in told:
        answer = client.get(
            f"/ogc/collections/{name}/items", params={"filter": f"{column} IS NULL"}
        )
        assert answer.status_code == 200
