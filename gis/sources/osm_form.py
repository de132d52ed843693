"""Is this file what its name says, and which form of OSM is it?

Only the first bytes are looked at. A name and a content that differ are refused: a file that was
renamed by hand is more often the wrong file than a right one.
"""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Final

from gis.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

GZIP: Final = b"\x1f\x8b"
HEAD: Final = 1024
# Ending of the name → form; the longer endings first.
ENDINGS: Final = {
    ".osm.pbf": "pbf",
    ".osm.gz": "osm.gz",
    ".osm.json": "json",
    ".json.gz": "json.gz",
    ".pbf": "pbf",
    ".osm": "osm",
    ".xml": "osm",
    ".json": "json",
}
RIGHT: Final = ".osm, .osm.gz, .osm.pbf or Overpass .json"


def form(path: Path) -> str:
    """Tell the form of an OSM file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    form
        ``pbf``, ``osm``, ``osm.gz``, ``json`` or ``json.gz``.

    Raises
    ------
    SourceError
        If the file is absent, empty, no OSM data, or something else than its name says.
    """
    found = content(path)
    if found is None:
        msg = f"{path.name}: the content is no OpenStreetMap data; give {RIGHT}"
        raise SourceError(msg)
    said = next((form for end, form in ENDINGS.items() if path.name.lower().endswith(end)), None)
    if said != found and path.suffix:
        right = next(end for end, form in ENDINGS.items() if form == found)
        msg = f"{path.name}: the content is {found}, which the name does not say; end it in {right}"
        raise SourceError(msg)
    return found


def content(path: Path) -> str | None:
    """Tell the form by the first bytes alone; None when they are not OSM."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        msg = f"{path.name}: the file cannot be opened ({error.strerror})"
        raise SourceError(msg) from error
    if not head:
        msg = f"{path.name}: the file is empty; download it again"
        raise SourceError(msg)
    if head.startswith(GZIP):
        found = _plain(_unpacked(path))
        return f"{found}.gz" if found else None
    return "pbf" if b"OSMHeader" in head[:64] else _plain(head)


def _unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path) as stream:
            return stream.read(HEAD)
    except (OSError, EOFError, zlib.error) as error:
        msg = f"{path.name}: the file is truncated or damaged (gzip); download it again"
        raise SourceError(msg) from error


def _plain(head: bytes) -> str | None:
    """Tell XML from JSON in unpacked bytes."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<") and (b"<osm>" in text or b"<osm " in text or b"<osm\n" in text):
        return "osm"
    marks = (b'"elements"', b'"osm3s"', b'"generator"', b'"version"')
    return "json" if text.startswith(b"{") and any(mark in text for mark in marks) else None
