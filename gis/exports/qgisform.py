"""How is a mark filled in: which widget, which list, which first value has each field?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from gis.exports.qgisxml import options
from gis.marks import packet
from gis.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LIST_OF: Final = {
    "path_class": "path_class",
    "signs": "signs",
    "signs_end": "signs",
    "separation": "separation",
    "surface": "surface",
    "lit": "lit",
}
HIDDEN: Final = ("observation_id", packet.VERSION)
FIRST: Final = {
    "observation_id": "uuid('WithoutBraces')",
    "segment_id": "array_first(overlay_nearest('{segments}', \"segment_id\", limit:=1))",
    packet.VERSION: "attribute(get_feature('{segments}', 'segment_id', \"segment_id\"), 'version')",
    "observed_at": "format_date(now(), 'yyyy-MM-ddTHH:mm:ss')",
    "accuracy_m": "@position_horizontal_accuracy",
}
FOLLOWS: Final = (packet.VERSION,)
"""Values that are looked up again when another field changes."""
NAMING: Final = f"'{packet.PHOTOS}/' || format_date(now(), 'yyyyMMdd_HHmmsszzz') || '.jpg'"


def form(words: Sequence[str], layer_id: Callable[[str], str]) -> list[Element]:
    """Describe the form of the layer of marks.

    Parameters
    ----------
    words
        Lists that stand as tables.
    layer_id
        Gives the id of a layer in the project.

    Returns
    -------
    elements
        Widgets, names, first values and what QField is told.
    """
    fields, aliases, defaults = map(Element, ("fieldConfiguration", "aliases", "defaults"))
    segments = layer_id("segments")
    for index, name in enumerate(packet.COLUMNS):
        field = SubElement(fields, "field", name=name, configurationFlags="None")
        field.append(_widget(name, words, layer_id))
        alias = say("exports", f"field_{name}", "sv")
        SubElement(aliases, "alias", field=name, index=str(index), name=alias)
        first = FIRST.get(name, "").replace("{segments}", segments)
        again = "1" if name in FOLLOWS else "0"
        SubElement(defaults, "default", field=name, expression=first, applyOnUpdate=again)
    return [fields, aliases, defaults, _for_qfield()]


def _widget(name: str, words: Sequence[str], layer_id: Callable[[str], str]) -> Element:
    """Choose how one field is filled in."""
    if name in LIST_OF and LIST_OF[name] in words:
        return _edit("ValueRelation", _relation(name, layer_id))
    if name in HIDDEN:
        return _edit("Hidden", {})
    if name == "photo":
        return _edit("ExternalResource", _attachment())
    many = name == "note"
    return _edit("TextEdit", {"IsMultiline": many, "UseHtml": False})


def _relation(name: str, layer_id: Callable[[str], str]) -> dict[str, str | bool]:
    """Offer the words of a code list; several where a field is a list."""
    table = f"code_{LIST_OF[name]}"
    return {
        "Layer": layer_id(table),
        "LayerName": table,
        "LayerProviderName": "ogr",
        "LayerSource": f"./{packet.FILE}|layername={table}",
        "Key": "code",
        "Value": "label",
        "AllowMulti": name in packet.LISTS,
        "AllowNull": True,
        "OrderByValue": False,
        "UseCompleter": False,
    }


def _attachment() -> dict[str, str | bool]:
    """Keep a photograph beside the project, by a relative path; 1 is an image, then relative."""
    return {
        "DocumentViewer": "1",
        "FileWidget": True,
        "FileWidgetButton": True,
        "RelativeStorage": "1",
        "StorageMode": "0",
    }


def _edit(kind: str, told: dict[str, str | bool]) -> Element:
    widget = Element("editWidget", type=kind)
    options(SubElement(widget, "config"), told)
    return widget


def _for_qfield() -> Element:
    """Tell QField where photographs go."""
    told = Element("customproperties")
    naming = json.dumps({"photo": NAMING})
    names = ("QFieldSync/photo_naming", "QFieldSync/attachment_naming")
    options(told, dict.fromkeys(names, naming))
    return told
