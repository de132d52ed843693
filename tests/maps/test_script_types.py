"""Do the scripts of the pages use each other, Leaflet and the browser as these are declared?

TypeScript reads the plain scripts with their JSDoc and writes nothing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from maps.assets import STATIC

HERE = Path(__file__).parent
CONFIG = HERE / "tsconfig.json"


def checked(config: Path) -> str:
    """Return what TypeScript has to say."""
    program = shutil.which("tsc")
    if program is None:
        pytest.skip("TypeScript is not installed; 'make setup-system' installs it")
    told = subprocess.run([program, "-p", config], capture_output=True, text=True, check=False)
    assert (told.returncode == 0) == (not told.stdout)
    return told.stdout


def test_every_script_fits_what_it_uses() -> None:
    assert json.loads(CONFIG.read_text("utf-8"))["include"] == ["../../maps/static/*.js"]
    assert checked(CONFIG) == ""


FAULTS = {
    "falt-map.js": ("L.polylin([]);", "Property 'polylin' does not exist"),
    "falt-marks.js": ("takingBack({}, 1);", "Expected 0-1 arguments, but got 2"),
    "gcvag-map.js": ("function idle() { var never = 1; }", "'never' is declared but"),
    "gcvag-data.js": ("document.titel;", "Property 'titel' does not exist"),
}


def test_every_fault_is_named(tmp_path: Path) -> None:
    static = shutil.copytree(STATIC, tmp_path / "maps" / "static")
    for script, (line, _) in FAULTS.items():
        with (static / script).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    for part in ("maps/tsconfig.json", "maps/gcvag.d.ts", "maps/idb.d.ts"):
        target = tmp_path / "tests" / part
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE.parent / part, target)
    shutil.copytree(HERE.parent / "vendor", tmp_path / "tests" / "vendor")
    lines = checked(tmp_path / "tests" / "maps" / "tsconfig.json").splitlines()
    for script, (_, fault) in FAULTS.items():
        assert [line for line in lines if script in line and fault in line]
