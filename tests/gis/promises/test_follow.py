"""Years beside each other: delivered rows, own promises, and no more than the viewer may know."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gis import areas
from gis.deliveries import Told, import_file
from gis.errors import RuleError
from gis.promises import answers, follow_up, in_force, keep_table, load
from gis.promises.delivered import CRIME, SURVEY, rows_of
from gis.settings import data_dir
from gis.store import create_store
from tests.conftest import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.store import Store

HEAD = "år,område,indikator,index,enhet,antal svar\n"
FIRST = HEAD + '2022,Karlskrona,Oro,"2,1",0-6,812\n2023,Karlskrona,Oro,"2,3",0-6,790\n'
LATER = HEAD + '2023,Karlskrona,Oro,"2,4",0-6,791\n2024,Lyckeby,Oro,"1,9",0-6,90\n'
BROTT = (
    "område,brottstyp,period,antal,preliminär\n"
    "Trossö,Misshandel,2014,41,nej\nTrossö,Misshandel,2015,38,nej\n"
    "Trossö,Misshandel,2024,3,ja\nLyckeby,Misshandel,2024,9,nej\nTrossö,Rån,2024,7,nej\n"
)
OWN = (
    "id,clause,label_sv,unit,period,target,counting_rule,recorded_by,evidence,public_delay\n"
    "training,Two days,Två utbildningsdagar,days,calendar_year,2,one a day,planner,record,P0D\n"
    "skolvagar,Safe ways,Säkra skolvägar,ways,calendar_year,3,by hand,planner,note,P0D\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(create_store(tmp_path / "a.gpkg", areas.load("karlskrona").to_json())) as one:
        one.replace_layers({"segments": make("segments", {})}, keys={"segments": "segment_id"})
        yield one


def deliver(store: Store, file: Path, text: str, kind: str) -> None:
    file.write_text(text, encoding="utf-8")
    import_file(store, file, Told(kind=kind, source=file.stem))


def test_a_later_delivery_corrects_and_adds_years(store: Store, tmp_path: Path) -> None:
    deliver(store, tmp_path / "a.csv", FIRST, SURVEY)
    deliver(store, tmp_path / "b.csv", LATER, SURVEY)
    told = {(row["year"], row["area"]): (row["value"], row["n"]) for row in rows_of(store, SURVEY)}
    assert told == {
        (2022, "Karlskrona"): (2.1, 812.0),
        (2023, "Karlskrona"): (2.4, 791.0),
        (2024, "Lyckeby"): (1.9, 90.0),
    }


def test_a_series_holds_one_question_and_one_area(store: Store, tmp_path: Path) -> None:
    deliver(store, tmp_path / "a.csv", FIRST, SURVEY)
    deliver(store, tmp_path / "b.csv", LATER, SURVEY)
    follow = follow_up(store, year=2026)
    found = {one["area"]: [point["year"] for point in one["points"]] for one in follow["series"]}
    assert found == {"Karlskrona": [2022, 2023], "Lyckeby": [2024]}
    assert follow["years"] == [2022, 2023, 2024]
    assert "safety_survey" not in {row["id"] for row in follow["measures"]}
    assert "inventory_coverage" not in {row["id"] for row in follow["measures"]}


@pytest.mark.parametrize(("role", "told"), [("public", None), ("planner", 3.0)])
def test_crime_in_the_centre_hides_small_numbers_from_the_public(
    store: Store, tmp_path: Path, role: str, told: float | None
) -> None:
    deliver(store, tmp_path / "c.csv", BROTT, CRIME)
    (series,) = follow_up(store, role=role, year=2026)["series"]
    points = {point["year"]: point for point in series["points"]}
    assert (points[2014]["value"], points[2015]["value"]) == (41.0, 38.0)
    assert (points[2024]["value"], points[2024]["hidden"]) == (told, told is None)
    assert [points[year]["preliminary"] for year in (2015, 2024)] == [False, True]
    row = next(
        one for one in answers(store, role=role, year=2015)["promises"]
        if one["id"] == "assaults_centre"
    )  # fmt: skip
    assert row["done"] == 38


def test_nothing_delivered_gives_nothing(store: Store) -> None:
    assert follow_up(store, year=2026) == {"series": [], "years": [], "measures": []}


def test_a_municipality_counts_by_its_own_table_from_its_day_on(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    file.write_text(OWN, encoding="utf-8")
    assert keep_table(store, file, date(2026, 1, 1), author=store.person("system")) == 2
    assert [row.id for row in in_force(store, 2025)] == [row.id for row in load()]
    assert [row.id for row in in_force(store, 2026)] == ["training", "skolvagar"]
    told = {row["id"]: row for row in answers(store, year=2026)["promises"]}
    assert (told["training"]["target"], told["training"]["done"]) == (2, 0)
    assert (told["skolvagar"]["label"], told["skolvagar"]["done"]) == ("Säkra skolvägar", None)


def test_a_file_that_is_no_promise_table_is_refused(store: Store) -> None:
    fines = data_dir() / "rules" / "fines.csv"
    with pytest.raises(RuleError):
        keep_table(store, fines, date(2026, 1, 1), author="o1")
    assert in_force(store, 2026) == load()
