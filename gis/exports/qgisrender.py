"""How does QGIS draw segments by class, findings and marks?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from gis import codes
from gis.exports.qgisxml import options
from gis.marks import packet

if TYPE_CHECKING:
    from gis.exports.drawing import Drawn, Stroke

PLAIN: Final = {"line_color": "74,74,74,255", "line_width": "3", "line_width_unit": "Pixel"}
MARKERS: Final = {
    "findings": {"name": "triangle", "color": "255,255,255,255", "size": "12"},
    packet.MARKS: {"name": "circle", "color": "0,0,0,255", "size": "14"},
}


def renderer(name: str, drawn: Drawn) -> Element:
    """Return the renderer of a layer; segments have a category a class."""
    if name in MARKERS:
        single = Element("renderer-v2", type="singleSymbol", forceraster="0", symbollevels="0")
        marker = MARKERS[name] | {"size_unit": "Pixel", "outline_color": "0,0,0,255"}
        _symbol(SubElement(single, "symbols"), "0", "marker", marker)
        return single
    by_class = Element(
        "renderer-v2",
        type="categorizedSymbol",
        attr="path_class",
        forceraster="0",
        symbollevels="0",
    )
    categories, symbols = SubElement(by_class, "categories"), SubElement(by_class, "symbols")
    for number, (code, label) in enumerate(codes.load("path_class").labels("sv").items()):
        told = {"symbol": str(number), "value": code, "label": label, "render": "true"}
        SubElement(categories, "category", told)
        _symbol(symbols, str(number), "line", _stroke(drawn.get(code)))
    return by_class


def _stroke(line: Stroke | None) -> dict[str, str]:
    """Return the options of a line; a plain one where nothing is told."""
    if line is None:
        return PLAIN
    red, green, blue = (int(line.colour[at : at + 2], 16) for at in (1, 3, 5))
    told = PLAIN | {"line_color": f"{red},{green},{blue},255", "line_width": f"{line.width_px:g}"}
    if not line.dash:
        return told
    # A dash of an odd count is repeated, as a browser does it.
    dash = line.dash * (1 + len(line.dash) % 2)
    return told | {
        "use_custom_dash": "1",
        "customdash": ";".join(f"{part:g}" for part in dash),
        "customdash_unit": "Pixel",
        "capstyle": "flat",
    }


def _symbol(parent: Element, name: str, kind: str, told: dict[str, str]) -> None:
    """Add a symbol of one layer."""
    symbol = SubElement(
        parent, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0"
    )
    drawn = "SimpleLine" if kind == "line" else "SimpleMarker"
    # "pass" is the attribute's name and a word of Python.
    told_layer = {"class": drawn, "enabled": "1", "locked": "0", "pass": "0"}
    options(SubElement(symbol, "layer", told_layer), told)
