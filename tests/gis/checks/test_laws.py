"""Do findings depend only on what the data say?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.checks import Layers, all_checks, load_table, run, run_rows
from gis.errors import RuleError
from gis.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Maker = Callable[[dict[str, Any]], Layers]

CASES = pd.DataFrame(
    [
        ("J01", 1, None, "Ingen skylt.", "No sign."),
        ("J04", 2, 3, "Olika skyltar.", "Different signs."),
        ("J06", 2, None, "Uppdelning.", "Division."),
        ("J20", 2, None, "Cykelfält.", "Cycle lane."),
    ],
    columns=["code", "grade", "grade_clash", "message_sv", "message_en"],
).set_index("code", drop=False)

VALUES: dict[str, list[str | None]] = {
    "highway": ["cycleway", "footway", "path", "steps", "residential"],
    "bicycle": [None, "no", "yes", "designated", "official"],
    "foot": [None, "no", "yes", "designated"],
    "segregated": [None, "yes", "no"],
    "sign_class": [None, "gangbana", "gc_gemensam", "gc_atskild", "cykelbana"],
    "sign_class_end": [None, "gangbana", "gc_gemensam"],
    "path_class": ["okand", "gangbana", "cykelbana", "gc_gemensam"],
    "runner_up": [None, "gc_gemensam"],
    "kind": ["path", "crossing", "lane"],
    "surface": [None, "asphalt", "ground"],
    "width": [None, "2", "bred"],
    "traffic_sign": [None, "SE:D6", "skylt D6"],
    "footway": [None, "sidewalk"],
}
ROWS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})


@given(rows=st.lists(ROWS, min_size=1, max_size=8), data=st.data())
@settings(deadline=None, derandomize=True, max_examples=12)
def test_findings_do_not_depend_on_the_order_of_rows(
    make_layers: Maker, rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    told = [row | {"segment_id": f"s{n}"} for n, row in enumerate(rows)]
    for n, row in enumerate(told):
        row["line"] = [[(n % 3) * 40, n * 3], [(n % 3) * 40 + 60, n * 7]]
    mixed = data.draw(st.permutations(told))
    one = run(make_layers({"segments": told}), cases=CASES)
    two = run(make_layers({"segments": mixed}), cases=CASES)
    text = ["finding_id", "severity", "message_sv", "state"]
    pd.testing.assert_frame_equal(
        one[text].drop(columns="message_sv"), two[text].drop(columns="message_sv")
    )


@given(rows=st.lists(ROWS, min_size=1, max_size=8))
@settings(deadline=None, derandomize=True, max_examples=12)
def test_two_runs_are_equal(make_layers: Maker, rows: list[dict[str, Any]]) -> None:
    layers = make_layers({"segments": rows})
    pd.testing.assert_frame_equal(run(layers, cases=CASES), run(layers, cases=CASES))


@given(rows=st.lists(ROWS, min_size=1, max_size=8))
@settings(deadline=None, derandomize=True, max_examples=12)
def test_one_row_asks_what_the_whole_asks(make_layers: Maker, rows: list[dict[str, Any]]) -> None:
    layers = make_layers({"segments": rows})
    local = [check.check_id for check in all_checks() if check.row_local]
    found = run(layers, local, cases=CASES)
    whole = found[["segment_id", "check_id", "severity"]].drop_duplicates()
    decided = layers.segments[["path_class", "runner_up", "flags"]]
    facts = layers.segments.drop(columns=["path_class", "runner_up", "flags", "geometry"])
    rows_ = run_rows(pd.DataFrame(facts), pd.DataFrame(decided)).drop_duplicates()
    named = rows_.assign(segment_id="s" + rows_["row"].astype("str"))
    left = set(whole.itertuples(index=False, name=None))
    right = set(named[["segment_id", "check_id", "severity"]].itertuples(index=False, name=None))
    assert left == right


def test_untagged_unopposed_footway_is_a_note(make_layers: Maker) -> None:
    row = {"path_class": "gangbana", "runner_up": "gc_gemensam", "near_school": True}
    found = run(make_layers({"segments": [row]}), cases=CASES)
    assert found["severity"].max() == 1


def test_ids_tell_two_subjects_apart(make_layers: Maker) -> None:
    found = run(make_layers({"segments": [{"bicycle": "official", "foot": "official"}]}), ["A20"])
    assert found["finding_id"].is_unique
    assert len(found) == 2


def test_legal_case_becomes_a_finding(make_layers: Maker) -> None:
    found = run(make_layers({"segments": [{"flags": ["J20"]}]}), ["J20"], cases=CASES)
    assert found[["check_id", "severity", "message_sv"]].to_numpy().tolist() == [
        ["J20", 2, "Cykelfält."]
    ]


def test_legal_case_is_told_once_where_a_check_tells_it(make_layers: Maker) -> None:
    told = {"sign_class": "gc_gemensam", "segregated": "yes", "flags": ["J06"]}
    found = run(make_layers({"segments": [told]}), ["B04", "J06"], cases=CASES)
    assert found["check_id"].tolist() == ["B04"]


@pytest.mark.parametrize(
    ("clashes", "severity"),
    [
        pytest.param([], 2, id="nothing seen against it"),
        pytest.param(["J01"], 2, id="another case clashes"),
        pytest.param(["J04"], 3, id="two seen things clash"),
    ],
)
def test_legal_case_is_a_contradiction_only_in_a_clash(
    make_layers: Maker, clashes: list[str], severity: int
) -> None:
    layers = make_layers({"segments": [{"flags": ["J04"], "clashes": clashes}]})
    assert run(layers, ["J04"], cases=CASES)["severity"].tolist() == [severity]


def test_a_lower_grade_keeps_the_check(make_layers: Maker) -> None:
    table = load_table()
    table.loc["A04", "grade"] = 1
    told = {"segments": [{"highway": "footway", "bicycle": "designated"}]}
    found = run(make_layers(told), ["A04"], table=table, cases=CASES)
    assert found["severity"].tolist() == [1]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param(lambda text: text + text.splitlines()[1] + "\n", "A01", id="twice"),
        pytest.param(lambda text: text.replace(",2,,high,", ",4,,high,", 1), "A01", id="grade 4"),
    ],
)
def test_a_wrong_table_is_refused_by_name(
    tmp_path: Path, change: Callable[[str], str], named: str
) -> None:
    text = (data_dir() / "rules" / "checks.csv").read_text(encoding="utf-8")
    wrong = tmp_path / "checks.csv"
    wrong.write_text(change(text), encoding="utf-8")
    with pytest.raises(RuleError, match=named):
        load_table(wrong)
