"""How does QGIS write an option in XML?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from collections.abc import Mapping


def add(parent: Element, name: str, text: str) -> Element:
    """Add an element that holds text."""
    child = SubElement(parent, name)
    child.text = text
    return child


def options(parent: Element, told: Mapping[str, str | bool]) -> Element:
    """Add a map of options, each with its type."""
    held = SubElement(parent, "Option", type="Map")
    for name, value in told.items():
        kind = "bool" if isinstance(value, bool) else "QString"
        text = str(value).lower() if isinstance(value, bool) else value
        SubElement(held, "Option", type=kind, name=name, value=text)
    return held
