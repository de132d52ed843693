"""What does a file of somebody else say, read in a process apart?

Only the frames come back, as Parquet in a folder that the caller made; the file is never opened
in the process that holds the store.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyogrio

from gis import sources
from gis.errors import GisError, SourceError
from gis.jail import Apart, Limits
from gis.sources.blobs import from_blobs, to_blobs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gis.sources.reading import Reading
    from gis.sources.said import Said

TASK: Final = "gis.sources.worker:read_file"
FORMATS: Final = ("GPKG", "ESRI Shapefile", "GeoJSON", "FlatGeobuf", "OpenFileGDB", "XLSX")
BLOB: Final = ".parquet"


class Found(NamedTuple):
    """Kind of a file, and what it says."""

    kind: str
    reading: Reading | Said


def limits() -> Limits:
    """Return the limits under which an uploaded file is read."""
    without = sorted(set(pyogrio.list_drivers()) - set(FORMATS))
    return Limits(without=",".join(without))


def read(
    apart: Apart, path: Path, folder: Path, *, kind: str | None = None, mapping: str | None = None
) -> Found:
    """Read a file apart.

    Parameters
    ----------
    apart
        The process, with its limits.
    path
        The file; it passed ``gis.sources.gate``.
    folder
        An empty folder for what comes back.
    kind, mapping
        As in ``gis.deliveries.Told``.

    Raises
    ------
    SourceError
        If the file is not what it says, or takes too much to read.
    """
    order = {"path": str(path), "folder": str(folder), "kind": kind, "mapping": mapping}
    try:
        done = apart.run(TASK, order, lambda _: None)
    except GisError as error:
        raise SourceError(str(error)) from error
    blobs = {one.stem: one.read_bytes() for one in folder.glob(f"*{BLOB}")}
    return Found(done["kind"], from_blobs(blobs))


def read_file(order: Mapping[str, Any], _: Callable[[str], None]) -> dict[str, Any]:
    """Read the file here, inside the limits, and leave its frames in the folder."""
    path = Path(order["path"])
    kind = order["kind"] or ("table" if order["mapping"] else sources.recognise(path))
    reading = sources.read(path, kind=kind, mapping=order["mapping"])
    for name, blob in to_blobs(reading).items():
        Path(order["folder"], name + BLOB).write_bytes(blob)
    return {"kind": kind}
