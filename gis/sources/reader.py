"""How is a delivered file read by the reader of its kind?"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gis.errors import SourceError
from gis.sources.recognition import KINDS, recognise

if TYPE_CHECKING:
    from gis.sources.reading import Reading


def read(path: Path, *, kind: str | None = None) -> Reading:
    """Read a delivered file.

    Parameters
    ----------
    path
        The file.
    kind
        One of ``KINDS``; recognised when null.

    Returns
    -------
    reading
        What the file says.

    Raises
    ------
    SourceError
        If the kind is unknown, has no reader of its own, or the file is not what it says.
    """
    known = kind or recognise(path)
    module = f"gis.sources.{known.replace('-', '_')}"
    if known not in KINDS or find_spec(module) is None:
        msg = f"{path.name}: no reader for the kind {known!r}; the kinds are {', '.join(KINDS)}"
        raise SourceError(msg)
    reading: Reading = import_module(module).read(path)
    return reading


def read_bytes(raw: bytes, *, file_name: str, kind: str | None = None) -> Reading:
    """Read a delivery that is kept as bytes; its name tells the format."""
    with TemporaryDirectory(prefix="gcvag-") as folder:
        path = Path(folder, Path(file_name).name)
        path.write_bytes(raw)
        return read(path, kind=kind)
