"""Is a decision stale exactly when what it rested on has changed?"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

from gis.classify.decided import decided_facts
from gis.sources.basis import MATCHED, changes, in_words

SAID = {"bicycle": "yes", "foot": "designated"}
DAY = pd.Timestamp("2026-03-01T10:00Z")
STATEMENTS = st.dictionaries(
    st.sampled_from(["bicycle", "foot", "raw", *MATCHED[:2]]), st.sampled_from(["yes", "no", "1"])
)


def facts(tags: dict[str, Any], **decision: object) -> dict[str, Any]:
    segments = gpd.GeoDataFrame(
        [{"segment_id": "s1", "basis_hash": "a", **tags}, {"segment_id": "s2", "basis_hash": "a"}],
        geometry=[LineString([(0, 0), (1, 0)])] * 2,
        crs=3006,
    )
    taken = {"segment_id": "s1", "path_class": "gangbana", "decided_at": DAY, **decision}
    told = decided_facts(segments, pd.DataFrame([taken]))
    assert told["decided_class"].notna().tolist() == [True, False]
    assert not told["decided_stale"].iloc[1]
    return {str(name): value for name, value in told.iloc[0].items()}


@pytest.mark.parametrize(
    ("tags", "decision", "stale", "words"),
    [
        pytest.param(SAID, {"said": SAID}, False, None, id="the same"),
        pytest.param(
            SAID | {"bicycle": "no"},
            {"said": SAID},
            True,
            "bicycle: yes → no",
            id="a tag changed",
        ),
        pytest.param(SAID | {"foot": None}, {"said": SAID}, True, "foot: designated → nothing"),
        pytest.param(SAID | {"raw": "SE:D6"}, {"said": SAID}, True, "sign: nothing → SE:D6"),
        pytest.param(
            SAID | {"said_gcm": "115"},
            {"said": SAID | {"said_gcm": "100"}},
            True,
            "NVDB GCM type: 100 → 115",
            id="NVDB changed",
        ),
        pytest.param(SAID | {"said_gcm": "115"}, {"said": SAID}, False, None, id="NVDB is new"),
        pytest.param(
            SAID, {"said": SAID, "basis_hash": "b"}, False, None, id="words before digest"
        ),
        pytest.param(SAID, {"said": None, "basis_hash": "b"}, True, None, id="an older decision"),
        pytest.param(SAID, {"said": None, "basis_hash": "a"}, False, None, id="older, the same"),
        pytest.param(SAID, {"basis_hash": None}, False, None, id="no evidence was noted"),
    ],
)
def test_stale(
    tags: dict[str, Any], decision: dict[str, Any], words: str | None, *, stale: bool
) -> None:
    row = facts(tags, **decision)
    assert bool(row["decided_stale"]) is stale
    assert (row["changes_en"] if pd.notna(row["changes_en"]) else None) == words
    assert row["decided_on"] == "2026-03-01"


@pytest.mark.parametrize(("reason", "given"), [("sedd på platsen", True), (None, False)])
def test_a_reason_is_known(reason: str | None, *, given: bool) -> None:
    assert bool(facts(SAID, reason=reason)["decided_reason"]) is given


@given(then=STATEMENTS, now=STATEMENTS)
def test_changes_lead_from_then_to_now(then: dict[str, str], now: dict[str, str]) -> None:
    found = changes(then, now)
    assert all(one.before == then.get(one.key) and one.now == now.get(one.key) for one in found)
    untold = {key for key in {*then, *now} if then.get(key) != now.get(key)}
    untold -= {one.key for one in found}
    assert all(key in MATCHED and key not in then for key in untold)
    assert changes(now, now) == []
    assert in_words(found, "sv").count("→") == len(found)
