"""Which files came in, and what did a reader make of them?

A file is kept as it came, for ever, in pieces, packed where that helps. What a reader made of it
is a cache by reader version. The revision of a delivery carries the file's SHA-256.
"""

from __future__ import annotations

import zlib
from base64 import b32encode
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from gis.errors import NotFoundError
from gis.store.canonical import now, read_time, write_time
from gis.store.history import HistoryPart
from gis.store.records import Delivery, Entry, Kept, Lineage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from gis.store.database import Row, Tx
    from gis.store.records import Revision

ENTITY: Final = "delivery"
_PIECE: Final = 8 * 2**20
_ID_LETTERS: Final = 15
# Worth unpacking later only when a tenth is saved.
_WORTH: Final = 0.9


class DeliveryPart(HistoryPart):
    """Files as they came, what a reader made of them, what became of segments."""

    def keep_delivery(
        self,
        delivery: Delivery,
        raw: bytes,
        blobs: Mapping[str, bytes],
        *,
        reader_version: str = "1",
    ) -> Kept:
        """Keep a file for ever; the newest of its kind and source again makes no revision."""
        digest = sha256(raw).hexdigest()
        delivery_id = delivery_key(delivery.kind, delivery.source, digest)
        with self._write() as tx:
            newest = self._newest(delivery.kind, delivery.source)
            if newest != delivery_id:
                if not tx.one("SELECT 1 FROM delivery_raw WHERE delivery_id = ?", (delivery_id,)):
                    tx.run_many(
                        "INSERT INTO delivery_raw VALUES (?,?,?,?)", _pieces(delivery_id, raw)
                    )
                self.append([_entry(delivery, delivery_id, digest, len(raw))])
            _put_blobs(tx, delivery_id, blobs, reader_version)
        return Kept(delivery_id, newest != delivery_id)

    def deliveries(self, *, as_of: datetime | None = None) -> list[Delivery]:
        """Read what was delivered, oldest first; a file delivered again counts as its newest."""
        kept = self.state(ENTITY, as_of=as_of).values()
        return [_to_delivery(one) for one in sorted(kept, key=lambda one: one.seq)]

    def delivery_raw(self, delivery_id: str) -> bytes:
        """Read the file as it came."""
        with self._read() as tx:
            pieces = [unpacked(row) for row in tx.rows(_RAW, (delivery_id,))]
        if not pieces:
            msg = f"there is no delivery {delivery_id}"
            raise NotFoundError(msg)
        return b"".join(pieces)

    def delivery_blobs(self, delivery_id: str, reader_version: str = "1") -> dict[str, bytes]:
        """Read what a reader made of the file; empty when that reader has not read it."""
        sql = "SELECT name, data FROM delivery_blob WHERE delivery_id = ? AND reader_version = ?"
        with self._read() as tx:
            return dict(tx.rows(f"{sql} ORDER BY name", (delivery_id, reader_version)))

    def put_delivery_blobs(
        self, delivery_id: str, blobs: Mapping[str, bytes], reader_version: str = "1"
    ) -> None:
        """Keep what a reader made of the file, in place of other readers' work."""
        with self._write() as tx:
            _put_blobs(tx, delivery_id, blobs, reader_version)

    def keep_lineage(self, rows: Sequence[Lineage]) -> None:
        """Remember what became of segments; append-only."""
        at = write_time(now())
        with self._write() as tx:
            last = tx.one("SELECT coalesce(max(number), 0) FROM lineage")
            values = [
                (number, *list(asdict(row).values())[:-1], at)
                for number, row in enumerate(rows, start=1 + (last[0] if last else 0))
            ]
            tx.run_many("INSERT INTO lineage VALUES (?,?,?,?,?,?,?,?,?,?)", values)

    def lineage(self, segment_id: str | None = None) -> list[Lineage]:
        """Read what became of a segment, or of all, in order."""
        sql = "SELECT * FROM lineage WHERE ?1 IS NULL OR old_id = ?1 OR new_id = ?1 ORDER BY number"
        with self._read() as tx:
            return [_to_lineage(row) for row in tx.rows(sql, (segment_id,))]

    def _newest(self, kind: str, source: str) -> str | None:
        """Read the id of the newest delivery of a kind and source."""
        alike = [one for one in self.deliveries() if (one.kind, one.source) == (kind, source)]
        return alike[-1].delivery_id if alike else None


_RAW: Final = "SELECT packed, data FROM delivery_raw WHERE delivery_id = ? ORDER BY piece"


def delivery_key(kind: str, source: str, digest: str) -> str:
    """Mint the id of a delivery: the same wherever the same file is delivered."""
    mixed = sha256(f"{kind}\n{source}\n{digest}".encode()).digest()
    return "d" + b32encode(mixed).decode().lower()[:_ID_LETTERS]


def _pieces(delivery_id: str, raw: bytes) -> Iterator[tuple[str, int, int, bytes]]:
    """Cut a file into pieces, each packed where that helps; an empty file is one piece."""
    for number, start in enumerate(range(0, max(len(raw), 1), _PIECE)):
        plain = raw[start : start + _PIECE]
        packed = zlib.compress(plain, 6)
        if len(packed) < _WORTH * len(plain):
            yield delivery_id, number, 1, packed
        else:
            yield delivery_id, number, 0, plain


def unpacked(row: Row) -> bytes:
    """Read one piece of a file: whether it is packed, and its bytes."""
    packed, data = row
    return zlib.decompress(data) if packed else bytes(data)


def _put_blobs(tx: Tx, delivery_id: str, blobs: Mapping[str, bytes], reader_version: str) -> None:
    if not blobs:
        return
    tx.run("DELETE FROM delivery_blob WHERE delivery_id = ?", (delivery_id,))
    rows = [(delivery_id, reader_version, name, data) for name, data in blobs.items()]
    tx.run_many("INSERT INTO delivery_blob VALUES (?,?,?,?)", rows)


def _entry(delivery: Delivery, delivery_id: str, digest: str, size: int) -> Entry:
    body: dict[str, Any] = {
        "kind": delivery.kind,
        "source": delivery.source,
        "file_name": delivery.file_name,
        "date": delivery.date,
        "meta": dict(delivery.meta),
        "sha256": digest,
        "size": size,
    }
    return Entry(
        entity=ENTITY,
        entity_id=delivery_id,
        op="deliver",
        body=body,
        author=delivery.author,
        source="import",
    )


def _to_delivery(revision: Revision) -> Delivery:
    return Delivery(
        **revision.body,
        author=revision.author,
        delivery_id=revision.entity_id,
        seq=revision.seq,
        at=revision.at,
    )


def _to_lineage(row: Row) -> Lineage:
    old_id, new_id, relation, delivery_id, *measures, at = row[1:]
    old_from_m, old_to_m, new_from_m, new_to_m = measures
    return Lineage(
        old_id=old_id,
        new_id=new_id,
        relation=relation,
        delivery_id=delivery_id,
        old_from_m=old_from_m,
        old_to_m=old_to_m,
        new_from_m=new_from_m,
        new_to_m=new_to_m,
        at=read_time(at),
    )
