"""Refuse modules over 400 lines: one module answers one question."""

from __future__ import annotations

import sys
from pathlib import Path

LIMIT = 400


def too_long(root: Path) -> list[str]:
    """Return one sentence for each module of the product above the limit."""
    found = []
    for package in ("gis", "maps", "api"):
        for path in sorted((root / package).rglob("*.py")):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LIMIT:
                found.append(f"{path.relative_to(root)}: {lines} lines, at most {LIMIT}; split it.")
    return found


if __name__ == "__main__":
    faults = too_long(Path(__file__).resolve().parent.parent)
    print("\n".join(faults) or "module sizes: ok")
    sys.exit(1 if faults else 0)
