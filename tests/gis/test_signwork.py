"""Which paths need work on signs, and what is kept of it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gis import areas, signwork
from gis.errors import CodeError, NotFoundError
from gis.store import create_store
from tests.conftest import SEGMENT, make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from gis.store import Store

PATH: dict[str, Any] = {
    **SEGMENT,
    "segment_id": "s1",
    "path_class": "gc_gemensam",
    "confidence": "medium",
    "status": "proposed",
    "signs": [[]],
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Make an empty store."""
    made = create_store(tmp_path / "s.gpkg", areas.load("karlskrona").to_json())
    yield made
    made.close()


def work(path: dict[str, Any], finding: dict[str, Any] | None = None) -> pd.DataFrame:
    findings = make("findings", {"segment_id": "s1", "check_id": "A01", **(finding or {})})
    return signwork.rows(make("segments", {**PATH, **path}), findings, "SE")


@pytest.mark.parametrize(
    ("path", "needed"),
    [
        pytest.param({}, True, id="known class without a sign"),
        pytest.param({"signs": [["SE:D6"]]}, False, id="signed"),
        pytest.param({"confidence": "low"}, False, id="class not certain"),
        pytest.param({"confidence": "low", "status": "decided"}, True, id="decided"),
        pytest.param({"path_class": "gangbana"}, False, id="a class that needs no sign"),
        pytest.param({"kind": "lane"}, False, id="no path"),
        pytest.param({"status": "retired"}, False, id="retired"),
    ],
)
def test_a_known_class_without_a_sign_is_work(path: dict[str, Any], *, needed: bool) -> None:
    found = work(path)
    assert found["work_id"].tolist() == (["s1:unsigned"] if needed else [])
    if needed:
        assert "D6" in found["need_sv"].iloc[0]
        assert "D6" in found["need_en"].iloc[0]


@pytest.mark.parametrize(
    ("finding", "needed"),
    [
        pytest.param({"check_id": "B07", "severity": 3}, True, id="a sign settles it"),
        pytest.param({"check_id": "C01", "severity": 3}, False, id="no matter of signs"),
        pytest.param({"check_id": "B07", "state": "accepted"}, False, id="accepted"),
        pytest.param({"check_id": "B07", "segment_id": "s2"}, False, id="segment is gone"),
    ],
)
def test_an_open_contradiction_is_work(finding: dict[str, Any], *, needed: bool) -> None:
    found = work({"signs": [["SE:D6"]]}, {"state": "open", **finding})
    assert found["work_id"].tolist() == (["s1:B07"] if needed else [])
    if needed:
        assert found["stands"].tolist() == ["SE:D6"]
        assert found["need_sv"].iloc[0]


def test_the_state_is_kept_in_the_history(store: Store) -> None:
    store.replace_layers(
        {
            "segments": make("segments", PATH),
            "findings": make("findings", {"segment_id": "s1", "check_id": "A01"}),
        },
        keys={"segments": "segment_id", "findings": "finding_id"},
    )
    author = store.person("planner")
    told = signwork.Change("ordered", "Gatuenheten", "")
    signwork.change(store, "s1:unsigned", told, author)
    listed = signwork.listed(store, "SE")
    assert listed[["state", "responsible"]].to_numpy().tolist() == [["ordered", "Gatuenheten"]]
    assert len(store.revisions("sign_work")) == 1
    for wrong in ("s9:unsigned", "s1:C01", "s1", ""):
        with pytest.raises(NotFoundError, match="take an id"):
            signwork.change(store, wrong, told, author)
    with pytest.raises(CodeError):
        signwork.change(store, "s1:unsigned", told._replace(state="lost"), author)
