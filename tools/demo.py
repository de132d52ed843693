"""Do the real job on the shipped sample: store, maps and summary into one folder.

Usage: ``python tools/demo.py OUT``. An older demo in that folder is made anew.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GCVAG = Path(sys.executable).parent / "gcvag"
SAMPLE = ROOT / "data" / "geo" / "samples" / "helsinki" / "Helsinki.osm.pbf"
MAPS = ("inventory", "review", "sites", "promises")


def gcvag(*words: str | Path) -> str:
    """Run one command of the product; what it prints on stderr is shown, a failure ends all."""
    done = subprocess.run(
        [str(GCVAG), *map(str, words)], check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def main(folder: Path) -> None:
    """Make store, maps and summary, each by the command a user would type."""
    started = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    store = folder / "helsinki.gpkg"
    for old in folder.glob("helsinki*.gpkg*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    gcvag("init", store, "--area", "helsinki")
    print(gcvag("import", store, SAMPLE, "--source", "osm"), end="")
    for name in MAPS:
        print(gcvag("map", store, name, "-o", folder / f"{name}.html"), end="")
    summary = gcvag("status", store, "--json")
    (folder / "summary.json").write_text(summary, encoding="utf-8")
    print(gcvag("status", store))
    seconds = time.perf_counter() - started
    length_m = json.loads(summary)["coverage"]["path_length_m"]
    print(
        f"{length_m / 1000:.1f} km of real paths in {seconds:.0f} s; open {folder}/inventory.html"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
