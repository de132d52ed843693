"""What stands in a QGIS project that shows segments and takes marks?

The XML of QGIS 3.22, which later versions and QField read. Paths are relative: the folder may lie
anywhere. Only the layer of marks can be written in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pyproj import CRS

from gis.exports import qgisform, qgisrender
from gis.exports.qgisxml import add
from gis.marks import packet
from gis.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from gis.areas import Area
    from gis.exports.drawing import Drawn

VERSION: Final = "3.22.16"
DOCTYPE: Final = b"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
SHAPES: Final = {"segments": "Line", "findings": "Point", packet.MARKS: "Point"}
WRITTEN: Final = (packet.MARKS, "segments")
"""Layers that may be changed: of segments the line alone comes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What a project shows: its area, strokes of classes, lists to choose from, its window."""

    area: Area
    drawn: Drawn
    words: Mapping[str, pd.DataFrame]
    box: npt.NDArray[np.float64] | None


def project(told: Project) -> bytes:
    """Write the project file.

    Parameters
    ----------
    told
        What it shows; `box` is in the area's CRS, null for an empty layer.

    Returns
    -------
    xml
        The content of a ``.qgs``.
    """
    title = say("exports", "project", "sv", area=told.area.name)
    root = Element("qgis", projectname=title, version=VERSION)
    add(root, "title", title)
    _system(SubElement(root, "projectCrs"), told.area)
    tables = [f"code_{name}" for name in told.words]
    tree = SubElement(root, "layer-tree-group")
    for name in (packet.MARKS, "findings", "segments", *tables):
        _in_tree(tree, name, shown=name in SHAPES)
    _canvas(root, told)
    layers = SubElement(root, "projectlayers")
    for name in (*SHAPES, *tables):
        layers.append(_layer(name, told))
    _properties(root)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8")
    return DOCTYPE + written + b"\n"


def layer_id(name: str) -> str:
    """Return the id of a layer in the project.

    Examples
    --------
    >>> layer_id("code_path_class")
    'gcvag_code_path_class'
    """
    return f"gcvag_{name}"


def label_of(name: str) -> str:
    """Return what a layer is called in the tree."""
    return say("exports", f"layer_{name}", "sv") if name in SHAPES else name


def _source(name: str) -> str:
    return f"./{packet.FILE}|layername={name}"


def _in_tree(tree: Element, name: str, *, shown: bool) -> None:
    """Add a layer to the tree of layers."""
    SubElement(
        tree,
        "layer-tree-layer",
        id=layer_id(name),
        name=label_of(name),
        checked="Qt::Checked" if shown else "Qt::Unchecked",
        expanded="0",
        providerKey="ogr",
        source=_source(name),
    )


def _system(parent: Element, area: Area) -> None:
    """Say which CRS; QGIS reads the text before the number."""
    system = SubElement(parent, "spatialrefsys")
    add(system, "wkt", CRS.from_epsg(area.crs).to_wkt())
    add(system, "authid", f"EPSG:{area.crs}")


def _canvas(root: Element, told: Project) -> None:
    """Open on the segments."""
    canvas = SubElement(root, "mapcanvas", name="theMapCanvas")
    add(canvas, "units", "meters")
    if told.box is not None:
        extent = SubElement(canvas, "extent")
        for name, side in zip(("xmin", "ymin", "xmax", "ymax"), told.box, strict=True):
            add(extent, name, f"{float(side):.3f}")
    _system(SubElement(canvas, "destinationsrs"), told.area)


def _layer(name: str, told: Project) -> Element:
    """Describe one layer: where it lies, how it is drawn, how it is filled in."""
    spatial = name in SHAPES
    layer = Element("maplayer", type="vector", geometry=SHAPES.get(name, "No geometry"))
    layer.set("readOnly", "0" if name in WRITTEN else "1")
    add(layer, "id", layer_id(name))
    add(layer, "datasource", _source(name))
    add(layer, "layername", label_of(name))
    add(layer, "provider", "ogr").set("encoding", "UTF-8")
    if spatial:
        _system(SubElement(layer, "srs"), told.area)
        layer.append(qgisrender.renderer(name, told.drawn))
    if name == packet.MARKS:
        layer.extend(qgisform.form(list(told.words), layer_id))
    return layer


def _properties(root: Element) -> None:
    """Say that paths are relative to the project, and that its CRS counts."""
    held = SubElement(root, "properties")
    add(SubElement(held, "Paths"), "Absolute", "false").set("type", "bool")
    add(SubElement(held, "SpatialRefSys"), "ProjectionsEnabled", "1").set("type", "int")
