"""Build the wheel, install it alone in a clean environment and run the real job with it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def run(*words: str | Path, cwd: Path) -> str:
    """Run one command in a folder; its output goes back, a failure stops everything."""
    done = subprocess.run(
        [str(w) for w in words], cwd=cwd, check=True, capture_output=True, text=True
    )
    return done.stdout


def main() -> None:
    """Prove that the wheel carries all it needs, the data folder included."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, ".", cwd=ROOT)
        wheel = next(folder.glob("*.whl"))
        venv.create(folder / "env", with_pip=False)
        python = folder / "env" / "bin" / "python"
        install = (BIN / "uv", "pip", "install", "--quiet", "--python", python)
        run(*install, "--require-hashes", "-r", ROOT / "requirements" / "run.txt", cwd=folder)
        run(*install, "--no-deps", wheel, cwd=folder)
        gcvag = folder / "env" / "bin" / "gcvag"
        print(run(gcvag, "tables", "--check", cwd=folder).strip())
        where = run(
            python, "-c", "from gis.settings import data_dir; print(data_dir())", cwd=folder
        )
        sample = Path(where.strip()) / "samples" / "helsinki" / "Helsinki.osm.pbf"
        run(gcvag, "init", "s.gpkg", "--area", "helsinki", cwd=folder)
        run(gcvag, "import", "s.gpkg", sample, cwd=folder)
        found = json.loads(run(gcvag, "status", "s.gpkg", "--json", cwd=folder))
        run(gcvag, "map", "s.gpkg", "inventory", "-o", "map.html", cwd=folder)
        total = sum(row["count"] for row in found["classes"])
        print(f"wheel {wheel.name}: {total} segments, map {(folder / 'map.html').stat().st_size} B")


if __name__ == "__main__":
    main()
