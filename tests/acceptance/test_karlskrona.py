"""Do the commands of the page about the first week run, in their order, on made-up files?"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyogrio
from click.testing import CliRunner

from api.cli import build

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "karlskrona.md"
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    for line in block.splitlines()
]


def run(line: str) -> str:
    """Run one line of the page as a reader would, and give what it says."""
    program, *words = line.split()
    if program == "python":
        words[0] = str(ROOT / words[0])
        done = subprocess.run([sys.executable, *words], capture_output=True, check=True, text=True)
        return done.stdout
    assert program == "gcvag"
    told = CliRunner().invoke(build("sv"), words, prog_name="gcvag", catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told.output


def test_the_week_runs_from_the_order_to_the_corrections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = {line: run(line) for line in COMMANDS}
    assert len(said) >= 15
    made = [path.name for path in Path("SYNTETISK").iterdir()]
    assert len(made) == 4
    assert all(name.startswith("SYNTETISK") for name in made)
    again = said["gcvag import karlskrona.gpkg SYNTETISK/SYNTETISK_nvdb_per_produkt.gpkg"]
    assert "samma fil" in again
    with Path("fragor.csv").open(encoding="utf-8-sig", newline="") as file:
        asked = list(csv.DictReader(file))
    assert {"2", "3"} <= {row["severity"] for row in asked}
    assert "E01" in {row["check_id"] for row in asked}
    assert Path("granska.html").stat().st_size > 0
    corrections = pyogrio.read_dataframe("rattelser.gpkg")
    assert corrections["GCM_GAMMAL"].ne(corrections["GCM_NY"]).all()
    assert len(corrections) == len(pyogrio.read_dataframe("rattelser.zip")) >= 1
    assert "inga fel" in said["gcvag verify karlskrona.gpkg"]
