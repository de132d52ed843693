"""Draw the exported QField project as QGIS shows it: the map and the form of a mark.

Usage: ``/usr/bin/python3 tools/qfield_pictures.py FOLDER`` with Debian's ``python3-qgis``; FOLDER
is what ``gcvag export STORE qfield -o FOLDER`` wrote. QField draws the same project with the same
libraries; its own buttons are not in the pictures.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsVectorLayerUtils,
)
from qgis.gui import QgsAttributeEditorContext, QgsAttributeForm, QgsGui
from qgis.PyQt.QtCore import QSize

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PROJECT = "gcvag.qgs"
MARKS = "gcvag_observations"
SEGMENTS = "gcvag_segments"
SIZE = QSize(390, 500)
FORM = QSize(390, 760)
STREETS_M = 400


def draw_map(project: QgsProject) -> None:
    """Draw the layers of the project around the middle of the segments."""
    settings = QgsMapSettings()
    layers = [layer for layer in project.layerTreeRoot().checkedLayers() if layer.isSpatial()]
    settings.setLayers(layers)
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(SIZE)
    box = project.mapLayer(SEGMENTS).extent()
    box.scale(STREETS_M / max(box.width(), 1))
    settings.setExtent(box)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(str(PICTURES / "qfield-karta.png"))


def draw_form(project: QgsProject) -> None:
    """Draw the form of a new mark."""
    layer = project.mapLayer(MARKS)
    layer.startEditing()
    form = QgsAttributeForm(layer, QgsVectorLayerUtils.createFeature(layer))
    form.setMode(QgsAttributeEditorContext.AddFeatureMode)
    form.resize(FORM)
    form.show()
    QgsApplication.processEvents()
    form.grab().save(str(PICTURES / "qfield-formular.png"))
    layer.rollBack()


def main() -> None:
    """Open the project and draw both pictures."""
    application = QgsApplication([], GUIenabled=True)
    application.initQgis()
    QgsGui.editorWidgetRegistry().initEditors()
    project = QgsProject.instance()
    if not project.read(str(Path(sys.argv[1]) / PROJECT)):
        sys.exit(f"{sys.argv[1]}: {PROJECT} cannot be read; export the folder anew")
    draw_map(project)
    draw_form(project)
    application.exitQgis()


if __name__ == "__main__":
    main()
