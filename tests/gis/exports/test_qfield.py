"""Does the project folder hold what QGIS and QField need, and nothing of a person?"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, parse

import pyogrio
import pytest

from gis import codes
from gis.errors import GisError
from gis.exports import Cut, export
from gis.exports.qfield import PROJECT
from gis.marks import packet
from gis.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from gis.store import Store


@dataclass(frozen=True, slots=True)
class Line:
    """A stroke as the maps tell it."""

    colour: str
    dash: tuple[float, ...]
    width_px: float


DRAWN = {
    "gangbana": Line("#822E4F", (4.0, 4.0), 5.0),
    "cykelbana": Line("#4243B2", (), 5.0),
    "parkvag": Line("#4A4A4A", (3.0, 2.0, 1.0), 2.5),
}


@pytest.fixture(scope="module")
def folder(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project folder of the town, which nobody changes."""
    made = tmp_path_factory.mktemp("project") / "falt"
    with closing(open_store(str(town))) as opened:
        export(opened, "qfield", made, drawn=DRAWN)
    return made


@pytest.fixture
def project(folder: Path) -> Element:
    """Give the project's XML."""
    return parse(folder / PROJECT).getroot()


def test_the_folder_holds_data_project_and_a_place_for_photographs(folder: Path) -> None:
    assert sorted(one.name for one in folder.iterdir()) == [packet.FILE, PROJECT, packet.PHOTOS]


def test_marks_are_written_in_an_empty_layer_of_points(folder: Path, store: Store) -> None:
    file = folder / packet.FILE
    told = pyogrio.read_info(file, layer=packet.MARKS)
    assert (told["features"], told["geometry_type"], told["crs"]) == (0, "Point", "EPSG:3006")
    assert tuple(told["fields"]) == packet.COLUMNS
    assert pyogrio.read_info(file, layer="segments")["features"] == store.count("segments")
    assert pyogrio.read_info(file, layer="findings")["features"] == store.count("findings")


def test_lists_offer_the_words_that_a_mark_may_hold(folder: Path) -> None:
    file = folder / packet.FILE
    classes = pyogrio.read_dataframe(file, layer="code_path_class")
    assert tuple(classes["code"]) == codes.load("path_class").assignable
    signs = pyogrio.read_dataframe(file, layer="code_signs")["code"]
    assert {"SE:D4", "SE:D5", "SE:D6"} <= set(signs)


def test_every_layer_of_the_project_lies_in_the_file_by_a_relative_path(
    folder: Path, project: Element
) -> None:
    held = {str(name) for name, _ in pyogrio.list_layers(folder / packet.FILE)}
    sources = [layer.findtext("datasource", "") for layer in project.iter("maplayer")]
    assert sources == [
        f"./{packet.FILE}|layername={source.partition('layername=')[2]}" for source in sources
    ]
    assert {source.partition("layername=")[2] for source in sources} == held
    assert project.findtext("properties/Paths/Absolute") == "false"


def test_only_marks_and_the_lines_of_segments_can_be_written(project: Element) -> None:
    open_ones = {x.findtext("id") for x in project.iter("maplayer") if x.get("readOnly") == "0"}
    assert open_ones == {"gcvag_observations", "gcvag_segments"}


def test_a_class_is_drawn_as_the_maps_draw_it(project: Element) -> None:
    renderer = next(x for x in project.iter("renderer-v2") if x.get("attr") == "path_class")
    number = {x.get("value"): x.get("symbol") for x in renderer.iter("category")}
    assert set(number) == set(codes.load("path_class").codes)
    drawn = {
        x.get("name"): {o.get("name"): o.get("value") for o in x.iter("Option")}
        for x in renderer.iter("symbol")
    }
    foot = drawn[number["gangbana"]]
    assert (foot["line_color"], foot["customdash"]) == ("130,46,79,255", "4;4")
    assert "customdash" not in drawn[number["cykelbana"]]
    assert drawn[number["parkvag"]]["customdash"] == "3;2;1;3;2;1"


def test_each_field_has_a_widget_and_a_list_where_there_is_one(project: Element) -> None:
    named = {x.findtext("id"): x for x in project.iter("maplayer")}
    form = named["gcvag_observations"]
    widgets = {
        str(field.get("name")): str(field[0].get("type"))
        for field in form.iterfind("fieldConfiguration/field")
    }
    assert tuple(widgets) == packet.COLUMNS
    assert widgets["path_class"] == widgets["signs"] == "ValueRelation"
    assert widgets["photo"] == "ExternalResource"
    assert widgets["base_version"] == "Hidden"
    asked = {o.get("value") for o in form.iter("Option") if o.get("name") == "Layer"}
    assert asked <= {x.findtext("id") for x in project.iter("maplayer")}


@pytest.mark.parametrize("held", ["folder", "file"])
def test_a_place_that_holds_something_is_left_alone(
    store: Store, tmp_path: Path, held: str
) -> None:
    place = tmp_path / "falt"
    work = place / "foto.jpg" if held == "folder" else place
    work.parent.mkdir(exist_ok=True)
    work.write_bytes(b"kept")
    with pytest.raises(GisError, match="something here already"):
        export(store, "qfield", place)
    assert work.read_bytes() == b"kept"


def test_an_empty_folder_is_filled(store: Store, tmp_path: Path) -> None:
    (tmp_path / "falt").mkdir()
    assert export(store, "qfield", tmp_path / "falt", Cut(classes=["cykelbana"])) > 0
