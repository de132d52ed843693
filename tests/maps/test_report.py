"""The yearly report as a reader of PDF finds it: every row, no break of a row, any text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pdfplumber
import pytest

from maps.report import Report, draw
from maps.report_flow import CHART_HIGH_MM, Flow

if TYPE_CHECKING:
    from pathlib import Path

NASTY = ("<b>$\\frac{1}{2}$</b>", "\u202eشارع الملك", "å" * 10_000, "a\n\x00b")


def promise(label: str = "Kontroller", **more: object) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "label": label,
        "unit": "kontroller",
        "target": 10,
        "done": 4,
        "remaining": 6,
        "on_schedule": False,
        "not_counted": [{"reason": "Utan skäl", "n": 2}],
        "evidence": {"notes": ["Löftets tid är inte inlagd"]},
    }
    return usual | more


def report(**more: object) -> Report:
    usual = Report(
        place="Karlskrona",
        year=2026,
        made="2027-01-08",
        lang="sv",
        promises=[promise(), promise("Utan mål", target=None, remaining=None, on_schedule=None)],
        figures={
            "classes": [{"path_class": "cykelbana", "count": 3, "length_m": 12_340.0}],
            "status": [
                {"status": "inspected", "length_m": 2_000.0},
                {"status": "proposed", "length_m": 10_340.0},
            ],
        },
        questions=[("Är banan delad?", 7)],
        sources=["Källan & Söner"],
    )
    changes: dict[str, Any] = dict(more)
    return replace(usual, **changes)


def texts(told: Report, file: Path) -> list[str]:
    pages = draw(told, file)
    with pdfplumber.open(file) as pdf:
        assert len(pdf.pages) == pages
        for page in pdf.pages:
            assert all(word["x1"] <= page.width for word in page.extract_words())
            assert {char["fontname"].split("+")[-1][:6] for char in page.chars} == {"DejaVu"}
        return [page.extract_text() for page in pdf.pages]


def test_the_report_tells_all_that_it_must(tmp_path: Path) -> None:
    title, *rest = texts(report(), tmp_path / "r.pdf")
    for said in ("Medborgarlöftet 2026", "Karlskrona", "2027-01-08", "0 av 1 löften med mål"):
        assert said in title
    body = "\n".join(rest)
    for said in (
        "Kontroller kontroller 10 4 6 Nej",
        "Räknas inte: Utan skäl (2)",
        "Löftets tid är inte inlagd",
        "12,3 km, varav 2,0 km",
        "Cykelbana (påbjuden) 3 12,3",
        "Är banan delad? 7",
        "Källan & Söner",
    ):
        assert said in body


def test_a_promise_is_kept_when_nothing_remains(tmp_path: Path) -> None:
    kept = [promise(done=10, remaining=0, on_schedule=True), promise()]
    assert "1 av 2 löften" in texts(report(promises=kept), tmp_path / "r.pdf")[0]


def test_english(tmp_path: Path) -> None:
    body = "\n".join(texts(report(lang="en"), tmp_path / "r.pdf"))
    for said in ("The citizen promise 2026", "12.3 km", "Not counted", "page 2 of"):
        assert said in body


def test_a_table_goes_on_under_its_heads_and_breaks_no_row(tmp_path: Path) -> None:
    many = [promise(f"Löfte{n}", evidence={"notes": [f"Not{n}."]}) for n in range(40)]
    pages = [page for page in texts(report(promises=many), tmp_path / "r.pdf") if "Not0" in page
             or "Not39" in page]  # fmt: skip
    assert len(pages) == 2
    assert all("Löfte Enhet Mål Gjort Kvar" in page for page in pages)
    whole = "\n".join(texts(report(promises=many), tmp_path / "r.pdf"))
    assert [n for n in range(40) if f"Not{n}." in whole] == list(range(40))
    for page in texts(report(promises=many), tmp_path / "r.pdf"):
        assert all((f"Löfte{n} " in page) == (f"Not{n}." in page) for n in range(40))


def test_nothing_counted_and_nothing_asked(tmp_path: Path) -> None:
    empty: dict[str, list[dict[str, Any]]] = {"classes": [], "status": []}
    told = report(promises=[], figures=empty, questions=[], sources=[])
    assert "Inga frågor är öppna." in "\n".join(texts(told, tmp_path / "r.pdf"))


@pytest.mark.parametrize("name", NASTY, ids=["formula", "arabic", "long", "control"])
def test_any_text_is_printed_as_text(tmp_path: Path, name: str) -> None:
    told = report(place=name, sources=[name], questions=[(name, 1)], promises=[promise(name)])
    assert len(texts(told, tmp_path / "r.pdf")) >= 3


def test_series_stand_beside_the_measures_and_claim_no_cause(tmp_path: Path) -> None:
    point = {"n": None, "hidden": False, "preliminary": False}
    follow = {
        "series": [
            {
                "label": "Oro för brott",
                "unit": "0-6",
                "area": "Karlskrona",
                "points": [
                    {**point, "year": 2024, "value": 2.1, "n": 812},
                    {**point, "year": 2025, "value": None, "hidden": True, "preliminary": True},
                ],
            }
        ],
        "years": [2024, 2025],
        "measures": [{"label": "Kontroller", "unit": "kontroller", "done": {2024: 4, 2025: 7}}],
    }
    body = "\n".join(texts(report(follow=follow), tmp_path / "r.pdf"))
    for said in (
        "Oro för brott · 0-6 · Karlskrona",
        "2024 2,1 812",
        "2025 under 5 – Preliminär",
        "Kontroller 4 7",
        "inte att en åtgärd har lett till en förändring",
    ):
        assert said in " ".join(body.split("\n"))
    assert "Uppföljning" not in "\n".join(texts(report(), tmp_path / "r.pdf"))


@pytest.mark.parametrize(
    ("values", "high"),
    [
        ([2.0, 4.0], [0.5, 1.0]),
        ([2.0, None, 4.0], [0.5, 1.0]),
        ([4.0, None], None),
        ([0.0, 0.0], [0.0, 0.0]),
    ],
)
def test_a_series_is_drawn_from_zero_where_there_are_two_values(
    values: list[float | None], high: list[float] | None
) -> None:
    flow = Flow()
    flow.chart({2020 + year: value for year, value in enumerate(values)})
    (figure,) = flow.drawn("Titel", "{n}")
    lines = figure.axes[0].lines
    if high is None:
        assert not lines
        return
    base, curve = lines
    ground = np.asarray(base.get_ydata(), dtype=float)[0]
    drawn = np.asarray(curve.get_ydata(), dtype=float)
    assert np.isnan(drawn).tolist() == [value is None for value in values]
    told = ((drawn - ground) / CHART_HIGH_MM)[~np.isnan(drawn)]
    assert told == pytest.approx(high)
    assert [one.get_text() for one in figure.axes[0].texts][:2] == [
        "2020", str(2019 + len(values)),
    ]  # fmt: skip
