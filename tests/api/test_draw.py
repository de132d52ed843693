"""Is a map in one file cut to a district, and refused where no browser would draw it in time?"""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner

from api.cli import build
from api.commands import draw
from gis.store import open_store
from tests.api.conftest import COUNT, EAST, NORTH
from tests.conftest import make

if TYPE_CHECKING:
    from pathlib import Path

WAMO = shapely.box(EAST - 9, NORTH - 9, EAST + 9, NORTH + 209)
DISTRICT = {"district_id": "d1", "name": "Wämö", "geometry": WAMO.wkt}
GROUND = gpd.GeoDataFrame(
    {"area_id": ["a1"], "role": ["water"], "name": ["Borgmästarefjärden"]},
    geometry=[WAMO.buffer(9)],
    crs=3006,
)
ISLAND = re.compile(r'<script type="application/json" id="gcvag-data">(.*?)</script>', re.DOTALL)


@pytest.fixture
def town(location: Path) -> Path:
    """Make a store whose first two segments lie in a district."""
    layers = {"districts": make("districts", DISTRICT), "areas": GROUND}
    with closing(open_store(str(location))) as store:
        store.replace_layers(layers, keys={"districts": "district_id", "areas": "area_id"})
    return location


def drawn(location: Path, *more: str, kind: str = "inventory") -> tuple[int, str]:
    """Draw a map; exit code, and the file or what is said."""
    file = location.with_suffix(".html")
    words = ["map", str(location), kind, *more, "-o", str(file)]
    told = CliRunner().invoke(build("sv"), words)
    return told.exit_code, file.read_text("utf-8") if file.exists() else str(told.exception)


def shown(html: str) -> set[str]:
    """Name the segments that a file draws."""
    told = json.loads(ISLAND.findall(html)[0])
    return {
        told["texts"][at] if isinstance(at, int) else at for at in told["segments"]["segment_id"]
    }


@pytest.mark.parametrize("kind", ["inventory", "review", "promises"])
def test_a_district_is_drawn_alone(town: Path, kind: str) -> None:
    code, html = drawn(town, "--district", "Wämö", kind=kind)
    assert code == 0
    assert shown(html) == {"s000000000000000", "s000000000000001"}
    assert "Karlskrona, Wämö" in html


def test_a_district_that_is_not_there_is_said(town: Path) -> None:
    code, said = drawn(town, "--district", "Ingenstans")
    assert code == 1
    assert "Ingenstans" in said
    assert "Wämö" in said


def test_too_many_segments_are_refused_and_a_district_of_them_is_drawn(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw, "MOST_IN_A_FILE", COUNT - 1)
    code, said = drawn(town)
    assert code == 1
    assert str(COUNT) in said
    assert "--district" in said
    assert drawn(town, "--district", "Wämö")[0] == 0
