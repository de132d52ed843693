"""How is one delivery of a source kept?

The file is kept as it came; what a reader made of it is a cache beside it, keyed by the reader's
version, so that a better reader can read the same file again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from gis import sources
from gis.errors import SourceError
from gis.store import Delivery

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from gis.sources import Reading
    from gis.store import Store

READER: Final = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one file; `new` is false when the same file was there already."""

    delivery_id: str | None
    new: bool
    kind: str
    source: str
    counts: dict[str, int]
    faults: pd.DataFrame = field(compare=False)


def import_file(
    store: Store,
    path: Path,
    *,
    kind: str | None = None,
    source: str | None = None,
    date: str | None = None,
    dry_run: bool = False,
) -> Imported:
    """Read a file and keep it as one delivery; nothing is computed yet.

    Parameters
    ----------
    store
        The public store.
    path
        A file in one of the known formats.
    kind
        ``osm``; recognised by content when null.
    source
        A name for the source; its kind when null. The newest delivery of a source stands.
    date
        The day the file was true (ISO); today when null.
    dry_run
        Read and report, keep nothing.

    Raises
    ------
    SourceError
        If the file is missing, empty, truncated or not what it says; nothing is kept then.
    """
    if not path.is_file():
        msg = f"{path}: there is no such file; give the path of a delivered file."
        raise SourceError(msg)
    known = kind or sources.recognise(path)
    reading = sources.read(path, kind=known)
    name = source or known
    counts = {"ways": len(reading.ways), "nodes": len(reading.nodes), "areas": len(reading.areas)}
    if dry_run:
        return Imported(
            delivery_id=None,
            new=False,
            kind=known,
            source=name,
            counts=counts,
            faults=reading.faults,
        )
    delivery = Delivery(
        kind=known,
        source=name,
        file_name=path.name,
        date=date or datetime.now(UTC).date().isoformat(),
        meta={"counts": counts, "faults": len(reading.faults)},
    )
    kept = store.keep_delivery(
        delivery, path.read_bytes(), sources.to_parquet_blobs(reading), reader_version=READER
    )
    return Imported(
        delivery_id=kept.delivery_id,
        new=kept.new,
        kind=known,
        source=name,
        counts=counts,
        faults=reading.faults,
    )


def standing(store: Store) -> list[Delivery]:
    """Return the newest delivery of each source, in order of the sources' first appearance."""
    newest: dict[str, Delivery] = {}
    for delivery in store.deliveries():
        newest[delivery.source] = delivery
    return list(newest.values())


def reading_of(store: Store, delivery: Delivery) -> Reading:
    """Return what the reader made of a delivery, reading the kept file again when it must."""
    blobs = store.delivery_blobs(delivery.delivery_id, READER)
    if not blobs:
        raw = store.delivery_raw(delivery.delivery_id)
        reading = sources.read_bytes(raw, file_name=delivery.file_name, kind=delivery.kind)
        store.put_delivery_blobs(delivery.delivery_id, sources.to_parquet_blobs(reading), READER)
        return reading
    return sources.from_parquet_blobs(blobs)
