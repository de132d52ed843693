"""The command that writes the yearly report: every promise of the table, only the public view."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pdfplumber
import pytest
from click.testing import CliRunner

from api.cli import build
from api.commands.report import report_of
from gis import promises
from gis.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from gis.words import Language


@pytest.mark.parametrize(("lang", "title"), [("sv", "Medborgarlöftet"), ("en", "citizen promise")])
def test_the_report_is_written(built: Path, tmp_path: Path, lang: Language, title: str) -> None:
    file = tmp_path / "report.pdf"
    words = ["report", str(built), "--year", "2026", "-o", str(file)]
    done = CliRunner().invoke(build(lang), words, catch_exceptions=False)
    assert done.exit_code == 0
    with pdfplumber.open(file) as pdf:
        pages = [" ".join(page.extract_text().split()) for page in pdf.pages]
    assert title in pages[0]
    assert "Karlskrona" in pages[0]


def test_it_tells_what_everybody_sees(built: Path) -> None:
    with closing(open_store(built)) as store:
        told = report_of(store, 2026, "sv")
        seen = promises.answers(store, role="public", year=2026)["promises"]
    assert [dict(row) for row in told.promises] == seen
    assert told.sources


@pytest.mark.parametrize("year", ["1999", "2101", "x", ""])
def test_what_is_no_year_is_refused(built: Path, tmp_path: Path, year: str) -> None:
    words = ["report", str(built), "--year", year, "-o", str(tmp_path / "report.pdf")]
    assert CliRunner().invoke(build("sv"), words).exit_code == 2
    assert not list(tmp_path.iterdir())
