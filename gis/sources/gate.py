"""May this uploaded file be opened at all?

Ending, first bytes and, of a zip, its list are looked at; nothing is unpacked. What passes is
read in a process apart (``gis.sources.worker``).
"""

from __future__ import annotations

import re
import stat
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from gis.errors import SourceError
from gis.sources.magic import LOOKED_AT, check_content

if TYPE_CHECKING:
    from pathlib import Path

TAKEN: Final = (
    ".gpkg", ".geojson", ".json", ".fgb", ".zip", ".osm", ".pbf", ".csv", ".txt", ".tsv", ".xlsx",
)  # fmt: skip
ZIPS: Final = (".zip", ".xlsx")
MOST_MEMBERS: Final = 200
MOST_BYTES: Final = 200 * 1024**2
MOST_RATIO: Final = 100
RATIO_FROM: Final = 1024**2
NESTED: Final = (
    ".zip",
    ".gz",
    ".bz2",
    ".xz",
    ".7z",
    ".rar",
    ".tar",
    ".tgz",
    ".zst",
    ".vrt",
    ".xlsx",
)
ENCRYPTED: Final = 0x1
CHUNK: Final = 1024**2
LONGEST_NAME: Final = 80
_BEGINS: Final = {".zip": b"PK\x03\x04", ".xlsx": b"PK\x03\x04", ".osm": b"<"}
_DECLARES: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_STRANGE: Final = re.compile(r"[^\w.\- ]")


def plain_name(name: str) -> str:
    r"""Return a file name that names nothing but a file.

    Examples
    --------
    >>> plain_name("../../etc/a b;c.gpkg"), plain_name("C:\\x\\.y.csv"), plain_name("")
    ('a b_c.gpkg', 'y.csv', 'file')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    return _STRANGE.sub("_", last).lstrip(". ")[-LONGEST_NAME:].lstrip(". ") or "file"


def check_upload(path: Path) -> None:
    """Refuse a file that is of no kind taken, refers to others, or unpacks to too much.

    Raises
    ------
    SourceError
        Always about the file as a whole; its content is not repeated.
    """
    ending = path.suffix.lower()
    if ending not in TAKEN:
        _refuse(path, f"the ending is none of {', '.join(TAKEN)}")
    with path.open("rb") as stream:
        head = stream.read(LOOKED_AT)
    if not head:
        _refuse(path, "the file is empty; deliver it again")
    check_content(path.name, head)
    if not head.lstrip().startswith(_BEGINS.get(ending, b"")):
        _refuse(path, f"the content is not what the ending {ending} says; export it again")
    if ending == ".osm":
        _check_xml(path)
    if ending in ZIPS:
        _check_zip(path)


def _check_xml(path: Path) -> None:
    """Refuse XML that declares entities or hides them in another encoding."""
    tail = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if b"\0" in chunk or _DECLARES.search(tail + chunk):
                _refuse(path, "the XML declares entities; export it again without them")
            tail = chunk[-16:]


def _check_zip(path: Path) -> None:
    """Refuse a zip by its list."""
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
    # zipfile raises NotImplementedError for a list that asks for a newer zip than it reads.
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        _refuse(path, "the zip is damaged or cut off; pack it again")
    if not 0 < len(members) <= MOST_MEMBERS:
        _refuse(path, f"a zip holds 1–{MOST_MEMBERS} files")
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked / max(1, path.stat().st_size)
    if unpacked > MOST_BYTES or (unpacked > RATIO_FROM and ratio > MOST_RATIO):
        _refuse(path, f"the zip unpacks to more than {MOST_BYTES // 1024**2} MiB or 100 times")
    if any(map(_is_unsafe, members)):
        _refuse(path, "the zip holds links, paths out of it, other archives or secrets")


def _is_unsafe(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a link, an archive, encrypted, or lies outside the zip."""
    name = PurePosixPath(member.orig_filename.replace("\\", "/"))
    kind = stat.S_IFMT(member.external_attr >> 16)
    return (
        name.is_absolute()
        or ".." in name.parts
        or ":" in member.orig_filename
        or "\0" in member.orig_filename
        or kind not in (0, stat.S_IFREG, stat.S_IFDIR)
        or bool(member.flag_bits & ENCRYPTED)
        or name.suffix.lower() in NESTED
    )


def _refuse(path: Path, why: str) -> None:
    """Refuse a file."""
    msg = f"{path.name}: {why}"
    raise SourceError(msg)
