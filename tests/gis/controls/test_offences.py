"""Which offences are told, on which ground, and never an amount that nobody verified."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from gis.controls.offences import possible

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 5, 4)
HEAD = (
    "offence,label_sv,label_en,paragraph,road_user,amount_sek,valid_from,valid_to,source,read_at,"
    "verified\n"
)


def codes(kind: str, *classes: str, country: str = "SE") -> dict[str, str | None]:
    told = possible(kind, classes, country=country, day=DAY)
    return {one["offence"]: one["ground"] for one in told}


@pytest.mark.parametrize(
    ("kind", "classes", "told", "absent"),
    [
        ("cyclist", ("gangbana",), "cycling_on_footway", "driving_on_path"),
        ("cyclist", ("gc_gemensam",), "no_yield_from_path", "cycling_on_footway"),
        ("cyclist", ("gc_atskild", "cykelpassage"), "no_care_at_passage", "cycling_on_footway"),
        ("driver", ("gangbana", "overgangsstalle"), "no_yield_at_zebra", "cycling_on_footway"),
        ("school", ("overgangsstalle",), "speeding", "cycling_without_light"),
    ],
)
def test_class_and_kind_decide(kind: str, classes: tuple[str, ...], told: str, absent: str) -> None:
    found = codes(kind, *classes)
    assert told in found
    assert absent not in found


def test_the_ground_is_the_class_it_rests_on() -> None:
    found = codes("driver", "cykelbana", "overgangsstalle")
    assert found["no_yield_at_zebra"] == "overgangsstalle"
    assert found["driving_on_path"] == "cykelbana"
    assert found["speeding"] is None


def test_other_countries_have_no_law_here() -> None:
    assert codes("driver", "overgangsstalle", country="FI") == {}


def test_no_amount_is_shipped() -> None:
    told = possible("driver", ("cykelgata", "gagata", "gangbana"), country="SE", day=DAY)
    assert told
    assert {one["amount_sek"] for one in told} == {None}


@pytest.mark.parametrize(
    ("row", "amount"),
    [
        ("2026-01-01,,s,2026-01-02,V", 500),
        ("2026-01-01,2026-05-04,s,2026-01-02,V", 500),
        ("2026-01-01,2026-05-03,s,2026-01-02,V", None),
        ("2026-05-05,,s,2026-01-02,V", None),
        ("2026-01-01,,s,2026-01-02,V2", None),
    ],
)
def test_only_a_verified_amount_in_force_is_told(
    tmp_path: Path, row: str, amount: int | None
) -> None:
    file = tmp_path / "fines.csv"
    file.write_text(f"{HEAD}speeding,x,x,p,driver,500,{row}\n", encoding="utf-8")
    told = possible("driver", (), country="SE", day=DAY, fines=file)
    assert {one["offence"]: one["amount_sek"] for one in told} == {"speeding": amount}
