"""Do the code lists say what they should, and refuse what they do not know?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gis import codes
from gis.errors import CodeError

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ",".join(codes.COLUMNS)


@pytest.mark.parametrize("name", codes.names())
def test_every_code_has_both_labels_a_meaning_and_a_source(name: str) -> None:
    for code in codes.load(name).rows:
        assert code.label_sv
        assert code.label_en
        assert code.definition_sv
        assert code.definition
        assert code.source
        assert code.verified in codes.load("verified")


@pytest.mark.parametrize("name", codes.names())
def test_the_order_is_that_of_the_file(name: str) -> None:
    listed = codes.load(name)
    assert [listed[code].order for code in listed.codes] == list(range(len(listed.codes)))


def test_the_23_classes_are_there_and_every_one_is_in_the_catalogue() -> None:
    classes = codes.load("path_class")
    assert len(classes.codes) == 23
    assert "okand" in classes


def test_a_private_road_is_known_but_no_class() -> None:
    classes = codes.load("path_class")
    assert "enskild_vag" in classes
    assert set(classes.codes) - set(classes.assignable) == {"enskild_vag"}


@pytest.mark.parametrize("code", codes.load("path_class").codes)
def test_a_resident_reads_no_paragraphs(code: str) -> None:
    more = codes.load("path_class")[code].more
    for plain in (more["plain_sv"], more["plain_en"]):
        assert 10 < len(plain) < 200
        assert not {"§", "TF", "FVTD", "LTF"} & set(plain.replace(".", " ").split())


@pytest.mark.parametrize(
    ("gcm", "path_class", "beside"),
    [
        pytest.param("100", "gc_gemensam", "", id="shared"),
        pytest.param("1", "gc_gemensam", "", id="old cycle path reads as shared"),
        pytest.param("12", "gangbana", "", id="old pavement"),
        pytest.param("130", "cykeloverfart", "overgangsstalle", id="two crossings"),
        pytest.param("165", "okand", "", id="other cyclable link"),
        pytest.param("170", "stig_led", "", id="other non-cyclable link"),
        pytest.param("8", "", "", id="connector carries no class"),
    ],
)
def test_nvdb_types_are_resolved_to_classes(gcm: str, path_class: str, beside: str) -> None:
    more = codes.load("nvdb_gcm")[gcm].more
    assert (more["path_class"], more["path_class_beside"]) == (path_class, beside)


def test_nvdb_holds_both_series() -> None:
    series = [code.more["series"] for code in codes.load("nvdb_gcm").rows]
    assert (series.count("new"), series.count("old")) == (16, 29)


def test_a_column_of_its_own_leads_to_the_code() -> None:
    assert codes.load("separation").by("nvdb_code")["1"] == "kerb"
    assert codes.load("separation").by("no such column") == {}


def test_labels_come_in_both_languages() -> None:
    assert codes.label("side", "left") == "Vänster"
    assert codes.label("side", "left", "en") == "Left"
    assert codes.load("side").labels("en") == {"none": "No side", "left": "Left", "right": "Right"}


@pytest.mark.parametrize(
    ("name", "code", "lang", "said"),
    [
        pytest.param("side", "up", "sv", "'up' is no side", id="unknown code"),
        pytest.param("sides", "left", "sv", "no code list 'sides'", id="unknown list"),
        pytest.param("../codes/side", "left", "sv", "no code list", id="path instead of name"),
        pytest.param("nvdb_columns", "x", "sv", "no column 'code'", id="a table that is no list"),
        pytest.param("side", "left", "fi", "language 'fi'", id="unknown language"),
    ],
)
def test_the_unknown_is_refused_by_name(name: str, code: str, lang: str, said: str) -> None:
    with pytest.raises(CodeError, match=said):
        codes.label(name, code, lang)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        pytest.param("a,A,A,d,d,s,V\na,B,B,d,d,s,V", "row 3: code 'a'", id="repeated"),
        pytest.param(",A,A,d,d,s,V", "row 2: code ''", id="empty"),
        pytest.param("a,A", "row 2: 2 cells", id="short row"),
    ],
)
def test_a_list_at_fault_names_the_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: str, said: str
) -> None:
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "made_up.csv").write_text(f"{HEADER}\n{cells}\n", encoding="utf-8")
    monkeypatch.setattr(codes, "data_dir", lambda: tmp_path)
    with pytest.raises(CodeError, match=said):
        codes.load("made_up")
