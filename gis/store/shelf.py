"""Where do settings, idempotency keys and things that may be dropped lie?

A photo, a message of a resident or a session is no history: it can be dropped for good.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

import orjson

from gis.errors import StoreError
from gis.store.canonical import canonical, now, read_time, write_time
from gis.store.part import Part
from gis.store.records import Idem, Item, RepeatedKeyError

if TYPE_CHECKING:
    from gis.store.database import Row, Tx
    from gis.store.records import Body

_CLAIMED: Final = """
SELECT body_sha256, status, answer, at_utc FROM idempotency
WHERE author = ? AND route = ? AND idem_key = ?"""
_ANSWER: Final = """
UPDATE idempotency SET status = ?, answer = ? WHERE author = ? AND route = ? AND idem_key = ?"""
_RELEASE: Final = """
DELETE FROM idempotency
WHERE author = ? AND route = ? AND idem_key = ? AND status IS NULL"""
_PUT_META: Final = (
    "INSERT INTO store_meta VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_PUT_ITEM: Final = (
    "INSERT INTO item VALUES (?,?,?,?,?) ON CONFLICT (shelf, key) DO UPDATE "
    "SET meta = excluded.meta, at_utc = excluded.at_utc, body = excluded.body"
)
# What stands outside the history and must not be lost with it; a session may be.
_BESIDE: Final = (
    "SELECT * FROM person",
    "SELECT * FROM account",
    "SELECT * FROM token",
    "SELECT shelf, key, at_utc FROM item WHERE shelf <> 'session'",
)
# Settings that say what the store is; they are set once, when it is made.
_FIXED: Final = frozenset(
    {"files", "schema", "store_id", "kind", "area", "writing", "layers_state"}
)


class ShelfPart(Part):
    """Settings, idempotency keys, and items that may be dropped again."""

    def meta(self, key: str) -> str | None:
        """Read one setting of the store."""
        with self._read() as tx:
            row = tx.one("SELECT value FROM store_meta WHERE key = ?", (key,))
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        """Write one setting of the store."""
        if key in _FIXED:
            msg = f"the setting {key} belongs to the store itself; take another key"
            raise StoreError(msg)
        with self._write() as tx:
            tx.run(_PUT_META, (key, value))

    def claim(self, idem: Idem) -> Idem | None:
        """Take an idempotency key; None when it is new, else what stands under it."""
        where = (idem.author, idem.route, idem.key)
        with self._write() as tx:
            row = tx.one(_CLAIMED, where)
            if row is None:
                new = (*where, idem.body_sha256, None, None, write_time(now()))
                tx.run("INSERT INTO idempotency VALUES (?,?,?,?,?,?,?)", new)
                return None
        if row[0] != idem.body_sha256:
            msg = "this Idempotency-Key came before with another body; take a new key"
            raise RepeatedKeyError(msg)
        return Idem(
            author=idem.author,
            route=idem.route,
            key=idem.key,
            body_sha256=row[0],
            status=row[1],
            answer=row[2],
            at=read_time(row[3]),
        )

    def answer(self, idem: Idem) -> None:
        """Keep status and answer under a key that was claimed."""
        values = (idem.status, idem.answer, idem.author, idem.route, idem.key)
        with self._write() as tx:
            tx.run(_ANSWER, values)

    def release(self, idem: Idem) -> None:
        """Give an unanswered key back, after a failure that kept nothing."""
        with self._write() as tx:
            tx.run(_RELEASE, (idem.author, idem.route, idem.key))

    def keep_item(self, shelf: str, key: str, body: bytes, meta: Body | None = None) -> None:
        """Keep or replace an item."""
        row = (shelf, key, canonical(meta or {}), write_time(now()), body)
        with self._write() as tx:
            tx.run(_PUT_ITEM, row)

    def beside(self) -> str:
        """Digest what stands outside the history: people, log-ins, photos, messages."""
        with self._read() as tx:
            return digest_beside(tx)

    def item(self, shelf: str, key: str) -> Item | None:
        """Read one item."""
        sql = "SELECT key, body, meta, at_utc FROM item WHERE shelf = ? AND key = ?"
        with self._read() as tx:
            row = tx.one(sql, (shelf, key))
        return _to_item(row) if row else None

    def items(self, shelf: str) -> list[Item]:
        """Read every item of a shelf without its bytes, oldest first."""
        sql = "SELECT key, meta, at_utc FROM item WHERE shelf = ? ORDER BY at_utc, key"
        with self._read() as tx:
            return [_to_item((key, b"", *rest)) for key, *rest in tx.rows(sql, (shelf,))]

    def drop_item(self, shelf: str, key: str) -> bool:
        """Drop an item for good; False when there was none."""
        with self._write() as tx:
            return tx.run("DELETE FROM item WHERE shelf = ? AND key = ?", (shelf, key)) > 0


def digest_beside(tx: Tx) -> str:
    """Digest what stands outside the history, the same on every engine."""
    told = [sorted(str(tuple(row)) for row in tx.rows(sql)) for sql in _BESIDE]
    return sha256(orjson.dumps(told)).hexdigest()


def _to_item(row: Row) -> Item:
    key, body, meta, at = row
    return Item(key=key, body=bytes(body), meta=orjson.loads(meta), at=read_time(at))
