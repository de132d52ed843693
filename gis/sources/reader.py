"""How is a delivered file read by the reader of its kind?"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from gis.errors import SourceError
from gis.sources.mapping import parse
from gis.sources.recognition import KINDS, recognise

if TYPE_CHECKING:
    from gis.sources.reading import Reading
    from gis.sources.said import Said

TABLE: Final = "table"


def read(path: Path, *, kind: str | None = None, mapping: str | None = None) -> Reading | Said:
    """Read a delivered file.

    Parameters
    ----------
    path
        The file.
    kind
        One of ``KINDS``; recognised when null.
    mapping
        TOML text that says what the columns of a ``table`` mean.

    Returns
    -------
    reading
        What the file says: a network of ways, or lines and points that are laid on one.

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
    reader = import_module(module)
    said: Reading | Said = (
        reader.read(path, parse(mapping or "")) if known == TABLE else reader.read(path)
    )
    return said


def read_bytes(
    raw: bytes, *, file_name: str, kind: str | None = None, mapping: str | None = None
) -> Reading | Said:
    """Read a delivery that is kept as bytes; its name tells the format."""
    with TemporaryDirectory(prefix="gcvag-") as folder:
        path = Path(folder, Path(file_name).name)
        path.write_bytes(raw)
        return read(path, kind=kind, mapping=mapping)
