"""Is a table of reported crime read as BRÅ lays it out? Synthetic numbers in real layouts."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import SourceError
from gis.sources import crime

MONTHS = """Tabell P3;;;;
13 Hallands län;;;;
Anmälda brott, efter brottstyp och månad, t.o.m. mars 2026. Preliminära uppgifter.;;;;
Brottstyp;Antal anmälda brott, månad för anmälan;;;Hittills
;Januari;Februari;Mars;under året
SAMTLIGA BROTT;1 200;1100;1300;3600
Misshandel;10;-;12;22
Mord;.;..;1;1
1 Fotnot utan tal;;;;
"""
YEARS = """Område: Karlskrona
Brottstyp;År 2024;;;;År 2025;;;
;Antal;Förändring;;/100 000 inv;Antal;Förändring;;/100 000 inv
;;Absolut;Procent;;;Absolut;Procent;
Misshandel;200;1;2;300,5;210;10;5;310
"""
# The head of Tabell P1 as printed, cut over five rows.
RUNNING = """Tabell P1;;;;;;;
06 Jönköpings län;;;;;;;
Anmälda brott, december 2007 samt ackumulerat under året. Preliminära uppgifter.;;;;;;;
Brottstyp;Aktuell månad;;;Ackumulerat under innevarande kalenderår;;;Senaste 12 månaderna
;Antal;Förändring jämfört;;Antal;Förändring jämfört;;Antal
;brott;med motsvarande;;brott;med motsvarande;;brott
(siffror inom parentes avser;Dec 2007;månad föregående år;;Jan-Dec 2007;period föregående år;;
paragrafnummer);;Absolut;Procent;;Absolut;Procent;
SAMTLIGA BROTT;2974;80;3;36861;4460;14;36861
Misshandel;547;-27;-5;6539;536;9;6539
"""
AREAS = """Anmälda brott 2025
Brottstyp;Område;Antal;/100 000 inv
Misshandel;1080 Karlskrona;200;300
;;;
Cykelstöld;;90;x
"""


def told(folder: Path, text: str) -> list[list[str]]:
    """Read a table and show what stands in its records."""
    path = folder / "bra.csv"
    path.write_text(text, encoding="utf-8-sig")
    columns = ["area_code", "area", "offence", "period", "count", "per_100k", "preliminary"]
    return crime.read(path).records[columns].fillna("").to_numpy().tolist()


def test_months_side_by_side(tmp_path: Path) -> None:
    where = ["13", "Hallands län"]
    assert told(tmp_path, MONTHS) == [
        [*where, "Misshandel", "2026-01", "10", "", "ja"],
        [*where, "Misshandel", "2026-02", "0", "", "ja"],
        [*where, "Misshandel", "2026-03", "12", "", "ja"],
        [*where, "Mord", "2026-03", "1", "", "ja"],
        [*where, "SAMTLIGA BROTT", "2026-01", "1200", "", "ja"],
        [*where, "SAMTLIGA BROTT", "2026-02", "1100", "", "ja"],
        [*where, "SAMTLIGA BROTT", "2026-03", "1300", "", "ja"],
    ]


def test_years_with_change_and_rate_below_them(tmp_path: Path) -> None:
    assert told(tmp_path, YEARS) == [
        ["", "Karlskrona", "Misshandel", "2024", "200", "300.5", ""],
        ["", "Karlskrona", "Misshandel", "2025", "210", "310", ""],
    ]


def test_the_month_of_a_table_with_running_sums_is_that_month_alone(tmp_path: Path) -> None:
    assert told(tmp_path, RUNNING) == [
        ["06", "Jönköpings län", "Misshandel", "2007-12", "547", "", "ja"],
        ["06", "Jönköpings län", "SAMTLIGA BROTT", "2007-12", "2974", "", "ja"],
    ]


def test_a_plain_sheet_with_an_empty_offence_keeps_its_other_rows(tmp_path: Path) -> None:
    text = "Brottstyp;Period;Antal\n;2022;5\nCykelstöld;2023;900\n"
    assert [row[3:5] for row in told(tmp_path, text)] == [["2023", "900"]]
    assert crime.read(tmp_path / "bra.csv").faults["fault"].tolist() == ["missing_value"]


def test_a_column_of_areas_goes_on_until_the_next_name(tmp_path: Path) -> None:
    assert told(tmp_path, AREAS) == [
        ["1080", "Karlskrona", "Cykelstöld", "2025", "90", "", ""],
        ["1080", "Karlskrona", "Misshandel", "2025", "200", "300", ""],
    ]
    found = crime.read(tmp_path / "bra.csv").faults
    assert found[["feature", "fault"]].to_numpy().tolist() == [["row 5", "bad_number"]]


def test_a_workbook_is_read_like_a_sheet(tmp_path: Path) -> None:
    rows = [line.split(";") for line in MONTHS.splitlines()]
    frame = pd.DataFrame(rows).fillna("")
    frame.columns = [f"c{n}" for n in frame.columns]
    path = tmp_path / "bra.xlsx"
    pyogrio.write_dataframe(frame.iloc[1:].set_axis(rows[0][:1] + list("bcde"), axis=1), path)
    in_book = crime.read(path).records
    told(tmp_path, MONTHS)
    pd.testing.assert_frame_equal(in_book, crime.read(tmp_path / "bra.csv").records)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Område: Karlskrona\nBrottstyp;Antal\nMisshandel;200\n", "no column tells its year"),
        ("År 2024 och 2025\nBrottstyp;Antal\nMisshandel;200\n", "no column tells its year"),
        ("År 2025\nBrottstyp;Antal män;Antal kvinnor\nRån;2;1\n", "two columns count 2025"),
        ('Brottstyp;År 2025\n;Antal\n"' + "x" * 140_000 + '";2\n', "quotes do not match"),
    ],
    ids=["no year", "two years", "two counts", "broken quotes"],
)
def test_what_cannot_be_told_apart_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        told(tmp_path, text)


@given(
    st.dictionaries(
        st.integers(1996, 2030),
        st.dictionaries(st.sampled_from(["Cykelstöld", "Misshandel", "Rån"]), st.integers(0, 9999)),
        min_size=1,
    )
)
def test_a_table_says_what_the_plain_rows_say(years: dict[int, dict[str, int]]) -> None:
    names = sorted({name for counts in years.values() for name in counts})
    plain = [
        f"{name};{year};{counts[name]}"
        for year, counts in years.items()
        for name in names
        if name in counts
    ]
    head = ["Brottstyp;" + ";".join(f"År {year};" for year in years)]
    head += [";" + ";".join("Antal;Förändring" for _ in years)]
    laid = [
        name + ";" + ";".join(f"{counts.get(name, '..')};1" for counts in years.values())
        for name in names
    ]
    with TemporaryDirectory() as folder:
        one, other = Path(folder, "one.csv"), Path(folder, "other.csv")
        one.write_text("\n".join(["Brottstyp;Period;Antal", *plain, ""]), encoding="utf-8")
        other.write_text("\n".join(["Anmälda brott", *head, *laid, ""]), encoding="utf-8")
        pd.testing.assert_frame_equal(crime.read(one).records, crime.read(other).records)
