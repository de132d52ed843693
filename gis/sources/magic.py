"""Is a file what its ending says, so that no other driver is tried on it?

GDAL looks at the content and may take a file for a list of other files or addresses (a virtual
layer, a service). Only content that begins as its ending promises is handed on.
"""

from __future__ import annotations

import re
from typing import Final

from gis.errors import SourceError

LOOKED_AT: Final = 4096
_REFERS: Final = re.compile(rb"<\s*(OGRVRT|OGRWFS|VRTDataset|GDAL_W|OGRWCTS)", re.IGNORECASE)
_BEGINS: Final[dict[str, tuple[bytes, ...]]] = {
    ".gpkg": (b"SQLite format 3\x00",),
    ".fgb": (b"fgb",),
    ".shp": (b"\x00\x00\x27\x0a",),
    ".geojson": (b"{", b"["),
    ".json": (b"{", b"["),
    ".gml": (b"<",),
    ".kml": (b"<",),
    ".xlsx": (b"PK",),
    ".ods": (b"PK",),
}


def check_content(name: str, head: bytes) -> None:
    """Refuse content that does not begin as the ending says, or that refers to other files.

    Parameters
    ----------
    name
        The file's name, for its ending and the message.
    head
        Its first bytes.

    Raises
    ------
    SourceError
        If it is something else.

    Examples
    --------
    >>> check_content("a.geojson", b' {"type": "FeatureCollection"')
    >>> check_content("a.gml", b"<OGRVRTDataSource>")
    Traceback (most recent call last):
    ...
    gis.errors.SourceError: a.gml: the content is not what the ending .gml says; export it again
    """
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip() if ending != ".shp" else head
    wanted = _BEGINS.get(ending)
    if _REFERS.search(head) or (wanted and not plain.startswith(wanted)):
        msg = f"{name}: the content is not what the ending {ending} says; export it again"
        raise SourceError(msg)
