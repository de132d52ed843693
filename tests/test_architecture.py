"""Do imports point one way, and would the contracts notice if they did not?"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT = Path(sys.executable).parent / "lint-imports"
SHARED = {
    f"gis.checks.{name}"
    for name in ("base", "graph", "sign_posts", "table", "told_classes", "told_lines")
}
QUESTIONS = sorted((ROOT / "gis" / "checks").glob("[a-e][0-9][0-9]_*.py"))


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    """Hold the tree in a folder against its contracts."""
    return subprocess.run(
        [str(LINT), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the packages to spoil."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in ("gis", "maps", "api"):
        shutil.copytree(ROOT / package, folder / package)
    return folder


def test_the_contracts_hold(copy: Path) -> None:
    done = contracts(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        pytest.param("gis/classify/table.py", "import gis.inventory", id="upwards inside gis"),
        pytest.param("gis/status.py", "import maps.style", id="gis knows maps"),
        pytest.param("gis/decide.py", "import fastapi", id="gis knows the web"),
        pytest.param("maps/style.py", "import fastapi", id="maps know the web"),
        pytest.param("maps/page.py", "import api.app", id="maps know api"),
    ],
)
def test_a_planted_wrong_import_is_noticed(copy: Path, module: str, planted: str) -> None:
    path = copy / module
    sound = path.read_text(encoding="utf-8")
    path.write_text(f"{sound}\n{planted}\n", encoding="utf-8")
    done = contracts(copy)
    path.write_text(sound, encoding="utf-8")
    assert done.returncode == 1
    assert "BROKEN" in done.stdout


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_no_check_imports_another(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    assert {name for name in named if name.startswith("gis.checks")} <= SHARED
