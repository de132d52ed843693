"""Does a decision whose source changed tell what was said then and what is said now?"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from gis import areas, explain, inventory, marks
from gis.store import Entry, create_store
from tests.gis import osmtext

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.store import Store

WAY = (("highway", "footway"), ("bicycle", "yes"))
ASPHALT = {"key": "surface", "before": "asphalt", "now": "gravel"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give a store without layers."""
    area = areas.load("karlskrona").to_json()
    with closing(create_store(str(tmp_path / "town.gpkg"), area)) as opened:
        yield opened


def delivered(store: Store, folder: Path, surface: str, **tags: str) -> str:
    """Deliver the way with a surface; its segment."""
    town = osmtext.line(*(dict(WAY) | {"surface": surface} | tags).items())
    inventory.import_file(store, town.save(folder, f"{surface}{len(tags)}.osm"))
    inventory.update(store)
    return str(store.table("segments")["segment_id"].iloc[0])


def told(store: Store, segment_id: str) -> tuple[str, list[dict[str, Any]], list[str]]:
    """Tell status, changes, and what E04 says."""
    answer = explain.explain(store, segment_id)
    asked = [one["message_en"] for one in answer["findings"] if one["check_id"] == "E04"]
    return answer["segment"]["status"], answer["changes"], asked


def test_it_tells_before_and_now_until_it_is_confirmed(store: Store, tmp_path: Path) -> None:
    segment_id = delivered(store, tmp_path, "asphalt")
    assert told(store, segment_id)[1:] == ([], [])
    marks.decide_segment(store, segment_id, "gangbana", reason=None, author="planner")
    inventory.refresh(store, [segment_id])
    assert told(store, segment_id) == ("decided", [], [])
    assert delivered(store, tmp_path, "gravel", bicycle="designated") == segment_id
    status, changes, asked = told(store, segment_id)
    assert (status, changes[1:]) == ("stale", [ASPHALT])
    assert "bicycle: yes → designated, surface: asphalt → gravel" in asked[0]
    lines = list(explain.sentences(explain.explain(store, segment_id), "en"))
    assert any("surface: asphalt → gravel" in line for line in lines)
    marks.decide_segment(store, segment_id, "gangbana", reason="sedd", author="planner")
    inventory.refresh(store, [segment_id])
    assert told(store, segment_id) == ("decided", [], [])


def test_an_older_decision_tells_what_the_public_columns_said(store: Store, tmp_path: Path) -> None:
    segment_id = delivered(store, tmp_path, "asphalt")
    digest = store.layer("network", ids=[segment_id])["basis_hash"].iloc[0]
    body = {"path_class": "gangbana", "basis_hash": digest, "segment_version": 2}
    old = Entry(entity="decision", entity_id=segment_id, op="decide", body=body, author="planner")
    store.append([old])
    delivered(store, tmp_path, "gravel")
    status, changes, asked = told(store, segment_id)
    assert (status, changes) == ("stale", [ASPHALT])
    assert "was not kept" in asked[0]
