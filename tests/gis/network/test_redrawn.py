"""What do rows become by cuts, moves and joins, and do these forget nothing when one is undone?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.network.redrawn import Joint, Move, meet, replay, unjoinable
from gis.network.splits import Cut

if TYPE_CHECKING:
    from gis.network.redrawn import Edit, Replay

AT = datetime(2026, 5, 12, tzinfo=UTC)
Places = list[tuple[float, float]]
WEST: Places = [(0, 0), (50, 0), (100, 0)]
EAST: Places = [(100, 0), (160, 0)]


def rows(*lines: Places, side: str = "none") -> gpd.GeoDataFrame:
    """Lay lines out as segments a, b …; ends at one place share their node."""
    nodes = {
        place: number for number, place in enumerate(sorted({p for one in lines for p in one}), 1)
    }
    shapes = [shapely.LineString(one) for one in lines]
    return gpd.GeoDataFrame(
        {
            "segment_id": list("abcdef"[: len(lines)]),
            "kind": "path",
            "side": side,
            "from_node": [nodes[one[0]] for one in lines],
            "to_node": [nodes[one[-1]] for one in lines],
            "length_m": shapely.length(shapes),
            "source_ids": [[f"osm:way/{number}"] for number, _ in enumerate(lines, 1)],
        },
        geometry=shapes,
        crs=3006,
    )


BOTH = rows(WEST, EAST)


def move(op_id: str, line: Places, before: Places | None = WEST, segment_id: str = "a") -> Move:
    drawn = None if before is None else shapely.LineString(before)
    return Move(
        op_id=op_id, segment_id=segment_id, line=shapely.LineString(line), before=drawn, at=AT
    )


def cut(op_id: str, x: float, y: float = 0, segment_id: str = "a") -> Cut:
    return Cut(op_id=op_id, segment_id=segment_id, point=shapely.Point(x, y), before=None, at=AT)


def join(op_id: str, segment_id: str = "a", other_id: str = "b") -> Joint:
    return Joint(op_id=op_id, segment_id=segment_id, other_id=other_id, at=AT)


def up(line: Places, by: float = 5) -> Places:
    return [(x, y + by) for x, y in line]


def done(
    *edits: Edit, undone: str = "", clashing: str = "", base: gpd.GeoDataFrame = BOTH
) -> Replay:
    names = {one.op_id for one in edits} - set(undone) - set(clashing)
    return replay(base, edits, standing=names, clashing=set(clashing))


def lines(told: Replay) -> dict[str, Places]:
    pairs = zip(told.rows["segment_id"], told.rows.geometry, strict=True)
    return {name: [(x, y) for x, y in line.coords] for name, line in pairs}


def asked(told: Replay) -> list[tuple[str, str]]:
    return [(one.what, one.edit.op_id) for one in told.asked]


def test_a_segment_lies_where_it_was_last_drawn() -> None:
    told = done(move("1", up(WEST)), move("2", up(WEST, 8), before=up(WEST)))
    assert lines(told) == {"a": up(WEST, 8), "b": EAST}
    assert asked(told) == []


@pytest.mark.parametrize("undone", ["1", "2", "12"])
def test_a_move_outlives_the_one_before_it_and_the_one_after(undone: str) -> None:
    told = done(move("1", up(WEST)), move("2", up(WEST, 8), before=up(WEST)), undone=undone)
    assert lines(told)["a"] == {"1": up(WEST, 8), "2": up(WEST), "12": WEST}[undone]
    assert asked(told) == []


@pytest.mark.parametrize(
    ("before", "stale"),
    [(WEST, False), (up(WEST, 0.5), False), (up(WEST, 0.6), True), (None, True)],
)
def test_a_move_waits_where_its_ground_is_another(before: Places | None, *, stale: bool) -> None:
    told = done(move("1", up(WEST), before=before))
    assert asked(told) == ([("stale", "1")] if stale else [])
    assert lines(told)["a"] == (WEST if stale else up(WEST))


def test_a_line_that_the_source_took_over_is_no_question() -> None:
    told = done(move("1", up(WEST)), base=rows(up(WEST), EAST))
    assert (asked(told), lines(told)["a"]) == ([], up(WEST))


def test_a_line_drawn_the_other_way_round_keeps_its_direction() -> None:
    assert lines(done(move("1", up(WEST)[::-1])))["a"] == up(WEST)


def test_a_clashing_line_waits_until_somebody_draws_anew() -> None:
    first, other = move("1", up(WEST)), move("2", up(WEST, 9))
    assert asked(done(first, other, clashing="2")) == [("clashing", "2")]
    assert lines(done(first, other, clashing="2"))["a"] == up(WEST)
    last = move("3", up(WEST, 7), before=up(WEST))
    assert asked(done(first, other, last, clashing="2")) == []


def test_a_cut_falls_at_its_share_where_the_line_it_was_said_on_is_taken_back() -> None:
    far = up(WEST, 40)
    told = done(move("1", far), cut("2", 25, 40), undone="1")
    assert sorted(len(line) for line in lines(told).values()) == [2, 2, 3]
    assert (25.0, 0.0) in lines(told)["a"]


def test_a_joined_segment_runs_through_and_keeps_what_is_said_of_the_first() -> None:
    told = done(join("1"))
    assert lines(told) == {"a": [*WEST, (160.0, 0.0)]}
    row = told.rows.iloc[0]
    assert (row["length_m"], row["from_node"]) == (160, BOTH["from_node"].iloc[0])
    assert row["to_node"] == BOTH["to_node"].iloc[1]
    assert row["source_ids"] == ["osm:way/1", "osm:way/2"]
    assert lines(done(join("1", "b", "a")))["b"] == [*WEST, (160.0, 0.0)]


def test_what_was_moved_apart_is_not_joined_and_asked_about() -> None:
    told = done(move("1", up(WEST)), join("2"))
    assert asked(told) == [("stale", "2")]
    assert set(lines(told)) == {"a", "b"}


@pytest.mark.parametrize(
    ("other", "side", "wrong"),
    [
        (EAST, "none", None),
        (EAST[::-1], "none", None),
        ([(101, 0), (160, 0)], "none", None),
        ([(101.1, 0), (160, 0)], "none", "join_apart"),
        ([(50, 0), (50, 40)], "none", "join_apart"),
        (EAST, "left", "join_side"),
    ],
)
def test_only_what_meets_end_to_end_on_one_side_can_be_joined(
    other: Places, side: str, wrong: str | None
) -> None:
    own = rows(WEST)
    assert unjoinable(own, rows(other, side=side)) == wrong


def test_ends_drawn_elsewhere_leave_their_node_and_meet_what_is_there() -> None:
    told = done(move("1", [(0, 0), (50, 0), (200, 30)]))
    around = rows([(300, 0), (301, 0)], EAST, [(200.5, 30), (260, 60)])
    met = meet(told.rows, told.loose, around.assign(segment_id=["x", "y", "z"]))
    assert told.loose == {("a", "to_node")}
    assert met["from_node"].tolist() == BOTH["from_node"].tolist()
    assert met["to_node"].iloc[0] == around["from_node"].iloc[2]
    alone = meet(told.rows, told.loose, around.iloc[:1])
    assert alone["to_node"].iloc[0] < 0


def test_two_ends_drawn_to_one_place_share_a_node() -> None:
    told = done(
        move("1", [(0, 0), (120, 30)]), move("2", [(120.5, 30), (160, 0)], EAST, segment_id="b")
    )
    met = meet(told.rows, told.loose, told.rows)
    assert met["to_node"].iloc[0] == met["from_node"].iloc[1]


steps = st.sampled_from("mcj")


@settings(max_examples=25)
@given(st.lists(st.tuples(steps, st.floats(3, 97), st.floats(-9, 9)), max_size=6), st.data())
def test_taking_everything_back_gives_what_the_sources_gave(
    told: list[tuple[str, float, float]], data: st.DataObject
) -> None:
    edits: list[Edit] = []
    for number, (what, along, by) in enumerate(told):
        name = chr(ord("A") + number)
        now = lines(done(*edits))
        if what == "m":
            edits.append(move(name, up(now["a"], by), before=now["a"]))
        else:
            edits.append(cut(name, along) if what == "c" else join(name))
    undone = data.draw(st.sets(st.sampled_from([one.op_id for one in edits] or ["-"])))
    some = done(*edits, undone="".join(undone))
    assert some.rows["segment_id"].is_unique
    assert {"a"} <= set(some.rows["segment_id"])
    assert done(*edits, undone="".join(one.op_id for one in edits)).rows.equals(BOTH)
