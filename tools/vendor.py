"""Are the vendored libraries exactly the files that their publishers released?

``make vendor`` fetches each library of ``maps/vendor/manifest.json`` (shipped) and
``tests/vendor/manifest.json`` (for tests only) with the ordinary package client, compares version,
licence and checksums with the manifest and writes the files. A difference ends with exit 1 and
changes nothing; ``--accept NAME`` takes a new release after its version was changed in the manifest
and somebody has read what changed.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDERS: Final = (ROOT / "maps" / "vendor", ROOT / "tests" / "vendor")


def checksum(data: bytes) -> str:
    """Return the sub-resource integrity text of `data`."""
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()


def fetch(name: str, version: str, folder: Path) -> tuple[Path, str]:
    """Download one released package and return its archive and the client's checksum."""
    command = ["npm", "pack", f"{name}@{version}", "--json", "--pack-destination", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout)[0]
    return folder / answer["filename"], answer["integrity"]


def members(archive: Path, wanted: list[str]) -> dict[str, bytes]:
    """Read the wanted files and ``package.json`` out of a package archive."""
    with tarfile.open(archive) as tar:
        files = {}
        # Most archives call their one folder "package"; those of types have names of their own.
        folder = tar.getnames()[0].partition("/")[0]
        for path in [*wanted, "package.json"]:
            handle = tar.extractfile(f"{folder}/{path}")
            if handle is None:
                msg = f"{archive.name}: {path} is no file; name one that the package holds"
                raise SystemExit(msg)
            files[path] = handle.read()
    return files


def faults(library: dict[str, Any], integrity: str, found: dict[str, bytes]) -> list[str]:
    """List every difference between a manifest row and the downloaded package."""
    package = json.loads(found["package.json"])
    pairs = [
        ("version", library["version"], package["version"]),
        ("licence", library["licence"], package["license"]),
        ("archive", library["integrity"], integrity),
    ]
    pairs += [(f["from"], f["integrity"], checksum(found[f["from"]])) for f in library["files"]]
    return [
        f"{library['name']}: {what} is {is_now!r}, the manifest says {said!r}"
        for what, said, is_now in pairs
        if said != is_now
    ]


def accept(library: dict[str, Any], integrity: str, found: dict[str, bytes]) -> None:
    """Write what was downloaded into the manifest row."""
    library["licence"] = json.loads(found["package.json"])["license"]
    library["integrity"] = integrity
    for file in library["files"]:
        file["integrity"] = checksum(found[file["from"]])
        file["bytes"] = len(found[file["from"]])


def update(library: dict[str, Any], vendor: Path, *, accepted: bool) -> list[str]:
    """Fetch one library, compare it and write its files when nothing differs."""
    with tempfile.TemporaryDirectory() as folder:
        archive, integrity = fetch(library["name"], library["version"], Path(folder))
        found = members(archive, [file["from"] for file in library["files"]])
    if accepted:
        accept(library, integrity, found)
    wrong = faults(library, integrity, found)
    if not wrong:
        for file in library["files"]:
            (vendor / file["name"]).write_bytes(found[file["from"]])
    return wrong


def renew(vendor: Path, accepted: list[str]) -> list[str]:
    """Fetch and verify every library of one folder's manifest."""
    path = vendor / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    wrong: list[str] = []
    for library in manifest["libraries"]:
        wrong += update(library, vendor, accepted=library["name"] in accepted)
        print(f"{library['name']} {library['version']} {library['licence']}")
    if not wrong:
        path.write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    return wrong


def main() -> int:
    """Fetch and verify every library."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accept", action="append", default=[], metavar="NAME")
    accepted = parser.parse_args().accept
    wrong = [fault for folder in FOLDERS for fault in renew(folder, accepted)]
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
