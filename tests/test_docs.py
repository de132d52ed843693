"""Do the pages of the documentation say what the tables and commands say?"""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES: dict[str, str] = runpy.run_path(str(ROOT / "tools" / "docs.py"))["pages"]()


@pytest.mark.parametrize("name", list(PAGES))
def test_a_reference_page_is_what_its_tables_say(name: str) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == PAGES[name], "run: make docs"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/index.md"])
def test_every_file_that_a_page_points_to_is_there(name: str) -> None:
    page = ROOT / name
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    missing = [to for to in links if "://" not in to and not (page.parent / to).exists()]
    assert missing == []


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    home = re.compile("/" + "root/|/" + "work/|/" + "farm/")
    texts = [p for kind in ("*.md", "*.py", "*.toml", "*.csv") for p in tracked(kind)]
    assert [p for p in texts if home.search(p.read_text(encoding="utf-8"))] == []


def tracked(kind: str) -> list[Path]:
    """List the project's own files of a kind."""
    folders = ("docs", "gis", "maps", "api", "tests", "tools", "data")
    return [*ROOT.glob(kind), *(p for f in folders for p in (ROOT / f).rglob(kind))]
