"""Does QGIS itself open the project folder, draw it, fill in a mark, and does the mark come back?

Runs with GCVAG_SOAK=1 and the QGIS of the distribution (``apt-get install python3-qgis``).
"""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from gis import areas, inventory
from gis.exports import export
from gis.exports.qfield import PROJECT
from gis.inventory.returned import import_marks
from gis.marks import packet
from gis.store import create_store
from maps import style
from tests.gis import osmtext

if TYPE_CHECKING:
    from pathlib import Path

PYTHON = "/usr/bin/python3"
VISIT = """
import json, sys
from qgis.core import QgsApplication, QgsProject, QgsVectorLayerUtils
app = QgsApplication([], False)
app.initQgis()
project = QgsProject.instance()
read = project.read(sys.argv[1])
layers = {layer.id(): layer for layer in project.mapLayers().values()}
marks, segments = layers["gcvag_observations"], layers["gcvag_segments"]
first = next(segments.getFeatures())
place = first.geometry().interpolate(first.geometry().length() / 2)
marks.startEditing()
chosen = {marks.fields().indexOf("path_class"): "cykelbana"}
mark = QgsVectorLayerUtils.createFeature(marks, place, chosen, marks.createExpressionContext())
marks.addFeature(mark)
kept = marks.commitChanges()
categories = segments.renderer().categories()
print(json.dumps({
    "read": read,
    "kept": kept,
    "crs": project.crs().authid(),
    "valid": {name: layer.isValid() for name, layer in layers.items()},
    "read_only": {name: layer.readOnly() for name, layer in layers.items()},
    "widgets": {f.name(): marks.editorWidgetSetup(i).type() for i, f in enumerate(marks.fields())},
    "segment": first["segment_id"],
    "chosen": mark["segment_id"],
    "version": mark["base_version"],
    "colours": {c.value(): c.symbol().symbolLayer(0).color().name() for c in categories},
    "dashes": {c.value(): c.symbol().symbolLayer(0).customDashVector() for c in categories},
}))
"""


def visit(project: Path) -> dict[str, Any]:
    """Open a project in QGIS, write one mark and tell what was seen."""
    found = subprocess.run(
        [PYTHON, "-c", "import qgis.core"], capture_output=True, check=False, timeout=120
    )
    if found.returncode:
        pytest.skip("python3-qgis of the distribution is not installed")
    told = subprocess.run(
        [PYTHON, "-c", VISIT, str(project)],
        capture_output=True,
        check=True,
        timeout=300,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    seen: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return seen


def test_a_mark_written_in_qgis_comes_back(tmp_path: Path) -> None:
    path = str(tmp_path / "town.gpkg")
    with closing(create_store(path, areas.load("karlskrona").to_json())) as store:
        inventory.import_file(store, osmtext.line(("highway", "footway")).save(tmp_path))
        inventory.update(store)
        export(store, "qfield", tmp_path / "falt", drawn=style.lines("class"))
        seen = visit(tmp_path / "falt" / PROJECT)
        assert (seen["read"], seen["kept"], seen["crs"]) == (True, True, "EPSG:3006")
        assert all(seen["valid"].values())
        assert [name for name, held in seen["read_only"].items() if not held] == [
            "gcvag_observations"
        ]
        assert seen["widgets"]["path_class"] == "ValueRelation"
        assert seen["widgets"]["photo"] == "ExternalResource"
        assert (seen["chosen"], seen["version"]) == (seen["segment"], 1)
        lines = style.lines("class")
        assert seen["colours"] == {code: line.colour.lower() for code, line in lines.items()}
        assert seen["dashes"]["gangbana"] == list(lines["gangbana"].dash)
        returned = import_marks(store, tmp_path / "falt" / packet.FILE, author="a1")
        assert [row.result for row in returned.rows] == ["applied"]
        row = store.layer("segments").iloc[0]
        assert (row["path_class"], row["status"]) == ("cykelbana", "inspected")
