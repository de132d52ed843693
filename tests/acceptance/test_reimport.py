"""Does every mark live on when the source is delivered again, changed?"""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from gis import areas, inventory, marks
from gis.settings import data_dir
from gis.store import create_store
from tests.acceptance.mutating import mutate
from tests.acceptance.record_world import dice, size

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.store import Store

SAMPLE: Final = data_dir() / "samples" / "helsinki" / "Helsinki.osm.pbf"
MARKS: Final = size(400, 2000)
IMPORTS: Final = size(2, 10)
KILLS: Final = size(1, 20)
GCVAG: Final = Path(sys.executable).parent / "gcvag"
NEAR_M: Final = 20.0
"""How far a mark may lie from the segment it stands at: a way may have moved meanwhile."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Give the sample's inventory."""
    made = create_store(tmp_path / "town.gpkg", areas.load("helsinki").to_json())
    inventory.import_file(made, SAMPLE)
    inventory.update(made)
    return made


def send(store: Store) -> gpd.GeoDataFrame:
    """Mark segments in their middle; give the marks by their note."""
    segments = store.layer("segments", where={"kind": ["path"]})
    drawn = dice(1).choice(len(segments), min(MARKS, len(segments)), replace=False)
    rows = segments.iloc[drawn].reset_index(drop=True)
    middles = rows.geometry.interpolate(0.5, normalized=True)
    degrees = middles.to_crs(4326)
    told = zip(rows["segment_id"], degrees.x, degrees.y, strict=True)
    operations = [_mark(one, number, lon, lat) for number, (one, lon, lat) in enumerate(told)]
    author = store.person("synthetic inspector")
    results = marks.receive(store, operations, author=author, now=datetime.now(UTC))
    assert {one.result for one in results} == {"applied"}
    inventory.update(store)
    return rows[["segment_id"]].set_geometry(middles)


def _mark(segment_id: str, number: int, lon: float, lat: float) -> dict[str, Any]:
    return {
        "op_id": str(uuid.uuid4()),
        "kind": "mark",
        "segment_id": segment_id,
        "base_version": None,
        "fields": {"note": f"synthetic mark {number}", "width_m": 2.5},
        "observed_at": "2026-05-12T08:00:00Z",
        "fix": {"lon": lon, "lat": lat, "accuracy_m": 3, "age_s": 1},
    }


def lost(store: Store, sent: gpd.GeoDataFrame) -> list[str]:
    """Name the marks that neither stand at a living segment beside them nor in the review list."""
    observed = store.layer("observations")
    segments = store.layer("segments")
    live = segments[segments["status"].ne("retired")]
    living = dict(zip(live["segment_id"], live.geometry, strict=True))
    findings = store.table("findings")
    asked = " ".join(findings.loc[findings["state"].eq("open"), "evidence"])
    notes = observed["fields"].map(lambda text: json.loads(text)["note"])
    stands = dict(zip(notes, observed["segment_id"], strict=True))
    names = dict(zip(notes, observed["observation_id"], strict=True))
    faults = []
    for number, place in enumerate(sent.geometry):
        note = f"synthetic mark {number}"
        if note not in stands:
            faults.append(f"{note}: not in the layer")
        elif stands[note] in living:
            if living[stands[note]].distance(place) > NEAR_M:
                faults.append(f"{note}: {stands[note]} lies elsewhere")
        elif names[note] not in asked:
            faults.append(f"{note}: at {stands[note]}, which is gone, and nobody asks")
    return faults


def killed(store: Store, file: Path, after_s: float) -> None:
    """Import a file in a process of its own and kill that, unless it ends before."""
    words = [str(GCVAG), "import", store.location, str(file)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            child.wait(after_s)
        except subprocess.TimeoutExpired:
            child.kill()


def test_every_mark_is_found_after_each_changed_delivery(store: Store, tmp_path: Path) -> None:
    sent = send(store)
    assert lost(store, sent) == []
    before, rng = SAMPLE, dice(99)
    for turn in range(IMPORTS):
        after = tmp_path / f"SYNTETISK_{turn}.osm.pbf"
        mutate(before, after, dice(100 + turn))
        for _ in range(KILLS * (turn + 1) // IMPORTS - KILLS * turn // IMPORTS):
            killed(store, after, rng.uniform(1, 12))
            assert lost(store, sent) == []
        inventory.import_file(store, after)
        inventory.update(store)
        assert lost(store, sent) == []
        before = after
    assert store.verify() == []
