"""How is one delivery of a source kept, and which deliveries stand?

The file is kept as it came; what a reader made of it is a cache beside it, keyed by the reader's
version, so that a better reader can read the same file again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from gis import sources
from gis.errors import SourceError
from gis.sources import Reading, mapping_of
from gis.sources.blobs import from_blobs, to_blobs
from gis.store import Delivery
from gis.store.schedule import back_up_beside

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from gis.sources import Said
    from gis.store import Store

READER: Final = "1"
MAPPING: Final = "mapping"
ACCIDENTS: Final = "accidents"
"""The kind that no public store ever holds."""
POLICE: Final = "police"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a person says of a file.

    Parameters
    ----------
    kind
        One of ``gis.sources.KINDS``; recognised by content when null.
    source
        A name for the source; the mapping's, or its kind, when null. The newest delivery of a
        source stands.
    date
        The day the file was true (ISO); today when null.
    mapping
        TOML text that says what the columns of a ``table`` mean.
    """

    kind: str | None = None
    source: str | None = None
    date: str | None = None
    mapping: str | None = None


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
    store: Store, path: Path, told: Told | None = None, *, dry_run: bool = False
) -> Imported:
    """Read a file and keep it as one delivery; nothing is computed yet.

    Parameters
    ----------
    store
        The public store, or the police store for accidents.
    path
        A file in one of the known formats.
    told
        What is known about it beside its content.
    dry_run
        Read and report, keep nothing.

    Raises
    ------
    SourceError
        If the file is missing, empty, truncated, not what it says, or holds accidents and the
        store is not the police's; nothing is kept then.
    """
    about = told or Told()
    kind = kind_of(path, about)
    check_place(store, kind, path)
    reading = sources.read(path, kind=kind, mapping=about.mapping)
    return keep_reading(store, path, replace(about, kind=kind), reading, dry_run=dry_run)


def check_place(store: Store, kind: str, path: Path) -> None:
    """Refuse accidents anywhere but in the police store.

    Raises
    ------
    SourceError
        If the store is not the police's.
    """
    if kind == ACCIDENTS and store.kind != POLICE:
        msg = f"{path.name}: accidents are kept in the police store alone; name it as the store."
        raise SourceError(msg)


def keep_reading(
    store: Store, path: Path, about: Told, reading: Reading | Said, *, dry_run: bool = False
) -> Imported:
    """Keep a file and what a reader made of it as one delivery; `about` names the kind.

    What stands is backed up first.
    """
    kind = about.kind or ""
    name = about.source or (mapping_of(about.mapping).source if about.mapping else kind)
    counts = _counts(reading)
    if dry_run:
        return Imported(
            delivery_id=None,
            new=False,
            kind=kind,
            source=name,
            counts=counts,
            faults=reading.faults,
        )
    meta = {"counts": counts, "faults": len(reading.faults)}
    delivery = Delivery(
        kind=kind,
        source=name,
        file_name=path.name,
        date=about.date or datetime.now(UTC).date().isoformat(),
        meta=meta | ({MAPPING: about.mapping} if about.mapping else {}),
    )
    back_up_beside(store)
    kept = store.keep_delivery(
        delivery, path.read_bytes(), to_blobs(reading), reader_version=READER
    )
    return Imported(
        delivery_id=kept.delivery_id,
        new=kept.new,
        kind=kind,
        source=name,
        counts=counts,
        faults=reading.faults,
    )


def kind_of(path: Path, told: Told) -> str:
    """Tell the kind of a file: as said, else a table with its mapping, else by content.

    Raises
    ------
    SourceError
        If there is no such file, or nothing recognises it.
    """
    if not path.is_file():
        msg = f"{path}: there is no such file; give the path of a delivered file."
        raise SourceError(msg)
    return told.kind or ("table" if told.mapping else sources.recognise(path))


def standing(store: Store) -> list[Delivery]:
    """Return the newest delivery of each source, in order of the sources' first appearance."""
    newest: dict[str, Delivery] = {}
    for delivery in store.deliveries():
        newest[delivery.source] = delivery
    return list(newest.values())


def reading_of(store: Store, delivery: Delivery) -> Reading | Said:
    """Return what the reader made of a delivery, reading the kept file again when it must."""
    blobs = store.delivery_blobs(delivery.delivery_id, READER)
    if blobs:
        return from_blobs(blobs)
    raw = store.delivery_raw(delivery.delivery_id)
    reading = sources.read_bytes(
        raw,
        file_name=delivery.file_name,
        kind=delivery.kind,
        mapping=delivery.meta.get(MAPPING),
    )
    store.put_delivery_blobs(delivery.delivery_id, to_blobs(reading), READER)
    return reading


def _counts(reading: Reading | Said) -> dict[str, int]:
    """Count what a reader found."""
    if isinstance(reading, Reading):
        return {
            "ways": len(reading.ways),
            "nodes": len(reading.nodes),
            "areas": len(reading.areas),
        }
    return {
        "lines": len(reading.lines),
        "points": len(reading.points),
        "records": len(reading.records),
    }
