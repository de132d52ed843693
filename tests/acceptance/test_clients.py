"""Do QGIS itself and checkers from outside take this server for what it says it is?

Runs with GCVAG_SOAK=1, the QGIS of the distribution (``apt-get install python3-qgis
qgis-providers``) and checkers in environments of their own, made from the package registry.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import venv
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gis.store import open_store
from tests.acceptance.serving import served, stocked, town
from tests.api.conftest import KEYS, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.server, pytest.mark.enable_socket]

PYTHON = "/usr/bin/python3"
CHECKER = "ogctests==0.1.15"
SCHEMATHESIS = "schemathesis==4.32.5"
EXPECTED = Path(__file__).with_name("schemathesis.toml")
CHECKS = (
    "--include-path-regex", "/api/|/ogc|/metrics",
    "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "20",
    "--generation-deterministic", "--suppress-health-check", "all", "--max-response-time", "60",
)  # fmt: skip
"""Every check but what the settings leave out; times are measured by other experiments, pages have
tests of their own."""

PUBLIC = ("segments", "findings", "crossings", "signs", "places", "districts", "streets")
BOX = (15.589, 56.161, 15.5909, 56.1641)
"""Longitude and latitude around the first two segments."""

VISIT = """
import json, sys
from qgis.core import (QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform,
    QgsFeatureRequest, QgsProject, QgsRectangle, QgsVectorLayer)
app = QgsApplication([], False)
app.initQgis()
address, keys, box = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
near = QgsFeatureRequest(QgsRectangle(*box))
told = {}
for name, key in keys.items():
    layer = QgsVectorLayer(f"url='{address}' typename='{name}'", name, "OAPIF")
    metres = QgsCoordinateReferenceSystem("EPSG:3006")
    turn = QgsCoordinateTransform(layer.crs(), metres, QgsProject.instance())
    rows = {}
    for row in layer.getFeatures():
        shape = row.geometry()
        shape.transform(turn)
        rows[row[key]] = [shape.boundingBox().xMinimum(), shape.boundingBox().yMinimum()]
    told[name] = {"valid": layer.isValid(), "count": layer.featureCount(), "rows": rows,
                  "near": sorted(row[key] for row in layer.getFeatures(near))}
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def location(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("clients")
    made = str(folder / "town.gpkg")
    stocked(made, folder)
    return made


@pytest.fixture(scope="module")
def address(location: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(location, tmp_path_factory.mktemp("served")) as server:
        yield f"http://127.0.0.1:{server.port}/ogc"


def visit(address: str) -> dict[str, Any]:
    """Read every collection with QGIS's own provider."""
    asked = [PYTHON, "-c", "import qgis.core"]
    if subprocess.run(asked, capture_output=True, check=False, timeout=120).returncode:
        pytest.skip("python3-qgis of the distribution is not installed")
    keys = json.dumps({name: KEYS[name] for name in PUBLIC})
    told = subprocess.run(
        [PYTHON, "-c", VISIT, address, keys, json.dumps(BOX)],
        capture_output=True,
        check=True,
        timeout=300,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    seen: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return seen


def test_qgis_reads_every_collection_where_it_lies(location: str, address: str) -> None:
    seen = visit(address)
    with closing(open_store(location)) as store:
        for name in PUBLIC:
            key, read = KEYS[name], seen[name]
            there = store.layer(name).set_index(key)
            assert (read["valid"], read["count"]) == (True, len(there)), name
            corners = there.geometry.bounds[["minx", "miny"]]
            assert set(read["rows"]) == set(there.index)
            for one, place in read["rows"].items():
                assert place == pytest.approx(corners.loc[one].tolist(), abs=0.05), name
    assert [one[-1] for one in seen["segments"]["near"]] == ["0", "1"]


def brought(home: Path, package: str) -> str:
    """Make an environment with one package and return its interpreter; skip without a registry."""
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    words = [python, "-m", "pip", "install", "--quiet", package]
    if subprocess.run(words, capture_output=True, check=False, timeout=600).returncode:
        pytest.skip(f"{package} could not be installed from the package registry")
    return python


def test_the_checker_of_the_standard_finds_no_fault(address: str, tmp_path: Path) -> None:
    call = (
        "import sys; from ogctests.main import run_ogctests; "
        "sys.exit(run_ogctests('features/core', instance_url=sys.argv[1], "
        "flags=['-q', '--no-header', '-p', 'no:cacheprovider', '--tb=no', '-rfE']))"
    )
    told = subprocess.run(
        [brought(tmp_path / "checker", CHECKER), "-c", call, address],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        cwd=tmp_path,
    )
    failed = re.findall(r"(?:FAILED|ERROR) \S*::(\w+)", told.stdout)
    assert (failed, told.returncode) == ([], 0)


@pytest.fixture(scope="module")
def schemathesis(tmp_path_factory: pytest.TempPathFactory) -> str:
    return brought(tmp_path_factory.mktemp("schemathesis"), SCHEMATHESIS)


@pytest.mark.parametrize("role", [None, *ROLES])
def test_whatever_the_document_allows_is_answered_as_it_says(
    schemathesis: str, role: str | None, tmp_path: Path
) -> None:
    location = str(tmp_path / "town.gpkg")
    town(location, tmp_path)
    words = [] if role is None else ["-H", f"Authorization: Bearer {role}-token"]
    with served(location, tmp_path, "--police-store", str(tmp_path / "police.gpkg")) as server:
        there = f"http://127.0.0.1:{server.port}/ogc/api"
        told = subprocess.run(
            [schemathesis, "-m", "schemathesis.cli", "--config-file", str(EXPECTED), "run", there,
             *words, *CHECKS],
            capture_output=True,
            text=True,
            check=False,
            timeout=1800,
            cwd=tmp_path,
        )  # fmt: skip
        answers = [line for line in server.lines() if line.get("event") == "request"]
    assert told.returncode == 0, told.stdout[-3000:]
    assert [line["route"] for line in answers if line["status"] in {500, 501, 502}] == []
