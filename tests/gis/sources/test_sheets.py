"""Are regulations, accidents, schools, surveys and statistics of crime read as they come?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pyogrio
import pytest

from gis.errors import SourceError
from gis.sources import accidents, crime, regulations, schools, survey

if TYPE_CHECKING:
    from pathlib import Path

    from gis.sources.said import Said

STRADA = (
    "Olycksnummer;Olyckstyp;År;Månad;Dag;Klockslag grupp (timme);X;Y;Positionskvalitet;"
    "Ålder;Kön;Händelseförlopp (P)"
)


def sheet(folder: Path, text: str, *, encoding: str = "utf-8-sig") -> Path:
    path = folder / "blad.csv"
    path.write_bytes(text.encode(encoding))
    return path


def faults(said: Said) -> set[str]:
    return set(said.faults["fault"])


def test_accidents_keep_type_year_and_place(tmp_path: Path) -> None:
    rows = "1;G3;2023;5;12;07;536000;6224000;säker;42;Man;Anna Andersson cyklade"
    said = accidents.read(sheet(tmp_path, f"{STRADA}\n{rows}\n"))
    layer = accidents.accident_layer(said)
    assert layer[["accident_type", "year", "injured"]].to_numpy().tolist() == [["G3", 2023, 1]]
    assert layer.to_crs(3006).geometry.x.iloc[0] == pytest.approx(536000, abs=0.01)
    assert said.faults.empty


def test_nothing_that_tells_who_it_was_is_kept(tmp_path: Path) -> None:
    rows = "1;G3;2023;5;12;07;536000;6224000;säker;42;Man;Anna Andersson cyklade"
    said = accidents.read(sheet(tmp_path, f"{STRADA}\n{rows}\n"))
    kept = said.points.drop(columns="geometry").astype(str).to_csv()
    assert "Anna" not in kept
    assert "Man" not in kept
    assert "42" not in json.loads(said.points["details"].iloc[0]).values()


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("G1", "G1"),
        ("G1 (cykel singel)", "G1"),
        ("C: cykel/moped", "C"),
        ("Cykel singel", "G1"),
        ("Q9", None),
    ],
)
def test_accident_types_are_read_by_code_or_word(
    told: str, code: str | None, tmp_path: Path
) -> None:
    rows = f"1;{told};2023;5;12;07;536000;6224000;säker;;;"
    said = accidents.read(sheet(tmp_path, f"{STRADA}\n{rows}\n", encoding="cp1252"))
    got = said.points["code"].iloc[0]
    assert (None if pd.isna(got) else got) == code
    assert faults(said) == (set() if code else {"unknown_word"})


@pytest.mark.parametrize(
    ("rows", "fault", "kept"),
    [
        (["1;G3;2023;5;12;07;;;säker;;;"], "unplaced", 0),
        (["1;G3;2023;5;12;07;536000;6224000;Obestämbar;;;"], "unplaced", 0),
        (["1;G3;2023;5;12;07;536000;6224000;;;;"] * 2, "repeated_id", 1),
        (["1;G3;2023;5;12;07;536000;6224000;;;;", "2;G3;2023;5;12;07;536000;6224000;;;;"],
         "possible_twin", 2),
        (["1;G3;2023;5;12;07;536000;6224000;;;;", "2;G3;2023;5;13;07;536000;6224000;;;;"], None, 2),
        ([";G3;2023;5;12;07;536000;6224000;;;;"], "missing_value", 0),
    ],
    ids=["no place", "cannot be told", "twice", "twin", "another day", "no number"],
)  # fmt: skip
def test_faulty_accidents_are_named(
    rows: list[str], fault: str | None, kept: int, tmp_path: Path
) -> None:
    said = accidents.read(sheet(tmp_path, "\n".join([STRADA, *rows])))
    assert faults(said) == ({fault} if fault else set())
    assert len(said.points) == kept


def test_an_export_without_types_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="accident_type"):
        accidents.read(sheet(tmp_path, "Olycksnummer;År\n1;2023\n"))


def test_schools_come_from_a_table(tmp_path: Path) -> None:
    text = (
        "Skolenhetskod;Skolenhetsnamn;Status;Skolform;Latitud;Longitud\n"
        "1;Påhittade skolan;Aktiv;Grundskola;56.16;15.58\n"
        "2;Stängda skolan;Upphört;Grundskola;56.17;15.59\n"
        "3;Lilla förskolan;Aktiv;Förskola;56.18;15.6\n"
    )
    said = schools.read(sheet(tmp_path, text))
    assert said.points[["source_id", "kind", "name"]].to_numpy().tolist() == [
        ["schools:1", "school", "Påhittade skolan"],
        ["schools:3", "preschool", "Lilla förskolan"],
    ]
    assert faults(said) == {"closed"}


def test_schools_come_from_the_register(tmp_path: Path) -> None:
    unit = {
        "schoolUnitCode": "74523114",
        "displayName": "Påhittade skolan",
        "status": "AKTIV",
        "address": {"geoCoordinates": {"latitude": "56.16", "longitude": "15.58"}},
    }
    lost = {"schoolUnitCode": "5", "displayName": "Utan läge", "status": "AKTIV"}
    path = tmp_path / "skolor.json"
    path.write_text(json.dumps({"data": {"attributes": [unit, lost]}}), encoding="utf-8")
    said = schools.read(path)
    assert said.points["name"].tolist() == ["Påhittade skolan"]
    assert said.points.geometry.iloc[0].coords[0] == (15.58, 56.16)
    assert faults(said) == {"unplaced"}


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}'])
def test_a_register_without_units_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "skolor.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=r"skolor\.json"):
        schools.read(path)


@pytest.mark.parametrize(
    ("subject", "path_class"),
    [
        ("Kommunens föreskrifter om gågata på Ronnebygatan", "gagata"),
        ("gång- och cykelbana", "gc_gemensam"),
        ("cykelbana", "cykelbana"),
        ("cykelgata", "cykelgata"),
        ("gangfartsomrade", "gangfartsomrade"),
        ("förbud mot parkering", None),
    ],
)
def test_regulations_tell_their_class(subject: str, path_class: str | None, tmp_path: Path) -> None:
    text = f'Beteckning;Innebörd;WKT\n1080 2019-12;{subject};"LINESTRING (15.5 56.1, 15.6 56.1)"\n'
    said = regulations.read(sheet(tmp_path, text))
    got = said.lines["ltf_class"].iloc[0]
    assert (None if pd.isna(got) else got) == path_class
    assert said.lines["source_id"].tolist() == ["ltf:1080 2019-12"]
    assert faults(said) == (set() if path_class else {"unknown_word"})


def test_a_regulation_without_a_line_is_a_record(tmp_path: Path) -> None:
    said = regulations.read(sheet(tmp_path, "Beteckning;Innebörd\n1080 2019-12;gågata\n"))
    assert said.lines.empty
    assert said.records[["kind", "ltf_id", "ltf_class"]].to_numpy().tolist() == [
        ["regulation", "1080 2019-12", "gagata"]
    ]
    assert faults(said) == {"unplaced_regulation"}


def test_surveys_are_records(tmp_path: Path) -> None:
    text = "År;Indikator;Värde;Enhet\n2022;trygg ute sent;61,5;%\n2022;otrygg;x;%\n"
    said = survey.read(sheet(tmp_path, text))
    assert said.records[["kind", "year", "indicator", "value"]].fillna("").to_numpy().tolist() == [
        ["survey", "2022", "otrygg", ""],
        ["survey", "2022", "trygg ute sent", "61.5"],
    ]
    assert faults(said) == {"bad_number"}


def test_crime_is_read_long_or_wide(tmp_path: Path) -> None:
    long = "Brottstyp;Period;Antal\nCykelstöld;2022;1 200\nCykelstöld;2023;900\n"
    wide = "Brottstyp;2022;2023\nCykelstöld;1 200;900\n"
    one = crime.read(sheet(tmp_path, long)).records
    two = crime.read(sheet(tmp_path, wide)).records
    assert one["count"].tolist() == ["1200", "900"]
    pd.testing.assert_frame_equal(one, two)


def test_a_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "strada.xlsx"
    frame = pd.DataFrame(
        {
            "Olycksnummer": ["1"],
            "Olyckstyp": ["F"],
            "År": ["2023"],
            "X": ["536000"],
            "Y": ["6224000"],
        }
    )
    pyogrio.write_dataframe(frame, path, layer="Olyckor", driver="XLSX")
    said = accidents.read(path)
    assert said.points[["source_id", "code", "year"]].to_numpy().tolist() == [
        ["strada:1", "F", 2023]
    ]
