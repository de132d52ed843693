"""What was recorded, by whom, in which order?

Every revision carries the hash of the one before. Only ``append`` writes; current state is the
newest version of each thing, always read from the revisions themselves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from gis.store.canonical import (
    canonical,
    genesis,
    link_hash,
    now,
    read_time,
    text_sha256,
    write_time,
)
from gis.store.dialect import EVERY
from gis.store.part import Part
from gis.store.records import Entry, RepeatedKeyError, Revision, VersionConflictError
from gis.store.wording import fill

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from gis.store.database import Row, Tx
    from gis.store.head import Signer

_NAMES: Final = (
    "seq", "entity", "entity_id", "version", "op", "body", "author", "at_utc", "source",
    "base_version", "op_id", "op_hash", "changeset", "prev_hash", "hash",
)  # fmt: skip
_INSERT: Final = "INSERT INTO revision VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_TICK: Final = timedelta(microseconds=1)
_BODY_AT: Final = 5


class HistoryPart(Part):
    """Revisions: appended, read, never changed."""

    def append(self, entries: Sequence[Entry]) -> list[Revision]:
        """Append all entries in one durable transaction, or none."""
        bodies = [canonical(entry.body) for entry in entries]
        with self._write() as tx:
            chain = _Chain(tx, self._signer)
            if not self._signer.ready:
                chain.add(*_rekeyed(self._signer.mint()))
            # Each link needs the hash of the one before it.
            return [chain.add(entry, body) for entry, body in zip(entries, bodies, strict=True)]

    def revisions(
        self,
        entity: str | None = None,
        entity_id: str | Collection[str] | None = None,
        *,
        as_of: datetime | None = None,
        after: int = 0,
        limit: int | None = None,
        saying: Collection[str] = (),
    ) -> list[Revision]:
        """Read revisions in order, those recorded by `as_of`, with `seq` above `after`."""
        with self._read() as tx:
            among = fill(tx.dialect.among, column="entity_id", type=tx.dialect.text)
            one = isinstance(entity_id, str)
            ids = (
                entity_id if one or entity_id is None else orjson.dumps(sorted(entity_id)).decode()
            )
            wanted = {
                "entity = ?": entity,
                "entity_id = ?" if one else among: ids,
                "at_utc <= ?": _until(as_of),
            }
            given = {sql: value for sql, value in wanted.items() if value is not None}
            told = " OR ".join(["body LIKE ?"] * len(saying))
            where = " AND ".join(["seq > ?", *given, *([f"({told})"] if saying else [])])
            values = (after, *given.values(), *(f"%{text}%" for text in saying))
            rows = tx.rows(
                fill(_REVISIONS, where=where), (*values, EVERY if limit is None else limit)
            )
        return [to_revision(row) for row in rows]

    def state(self, entity: str, *, as_of: datetime | None = None) -> dict[str, Revision]:
        """Read the latest revision of every id of an entity, in order of first appearance."""
        with self._read() as tx:
            rows = tx.rows(_STATE, (entity, _until(as_of) or "9999"))
        return {revision.entity_id: revision for revision in map(to_revision, rows)}

    def latest(
        self, entity: str, entity_id: str, *, as_of: datetime | None = None
    ) -> Revision | None:
        """Read the latest revision of one thing."""
        with self._read() as tx:
            row = tx.one(_LATEST, (entity, entity_id, _until(as_of) or "9999"))
        return to_revision(row) if row else None

    def revision_of(self, op_id: str) -> Revision | None:
        """Read the revision that an operation made."""
        with self._read() as tx:
            return _of_operation(tx, op_id)

    def head(self) -> tuple[int, str]:
        """Read number and hash of the last revision; (0, genesis) when there is none."""
        with self._read() as tx:
            last = last_link(tx, self._store_id)
        return last.seq, last.hash


_REVISIONS: Final = "SELECT * FROM revision WHERE $where ORDER BY seq LIMIT ?"
_STATE: Final = """
SELECT r.* FROM (SELECT entity_id, max(version) AS version, min(seq) AS first FROM revision
                 WHERE entity = ?1 AND at_utc <= ?2 GROUP BY entity_id) AS newest
JOIN revision AS r
  ON r.entity = ?1 AND r.entity_id = newest.entity_id AND r.version = newest.version
ORDER BY newest.first"""
_LATEST: Final = """
SELECT * FROM revision WHERE entity = ? AND entity_id = ? AND at_utc <= ?
ORDER BY version DESC LIMIT 1"""
_OF_OPERATION: Final = "SELECT * FROM revision WHERE op_id = ?"
_LAST: Final = "SELECT seq, hash, signature, at_utc FROM revision ORDER BY seq DESC LIMIT 1"
_LAST_AND_VERSION: Final = """
SELECT seq, hash, signature, at_utc,
       (SELECT max(version) FROM revision WHERE entity = ? AND entity_id = ?)
FROM revision ORDER BY seq DESC LIMIT 1"""


class Link(NamedTuple):
    """The end of the chain: what the next revision stands on."""

    seq: int
    hash: str
    signature: bytes
    at_utc: str


def last_link(tx: Tx, store_id: str) -> Link:
    """Read the end of the chain; 0, genesis, no signature and no time when nothing is there."""
    row = tx.lasting(_LAST)
    return Link(*row) if row else _begin(store_id)


def _begin(store_id: str) -> Link:
    return Link(0, genesis(store_id), b"", "")


class _Chain:
    """Adds to the end of the chain within one transaction."""

    def __init__(self, tx: Tx, signer: Signer) -> None:
        self._tx = tx
        self._signer = signer

    def add(self, entry: Entry, body: str) -> Revision:
        """Add one link, or give back the one its operation made before."""
        op_hash = entry.op_hash or (text_sha256(body) if entry.op_id else None)
        if entry.op_id is not None and (first := _of_operation(self._tx, entry.op_id)):
            return _replay(first, op_hash)
        last, current = self._end(entry)
        if entry.expected_version not in (None, current):
            expected = entry.expected_version or 0
            raise VersionConflictError(entry.entity, entry.entity_id, expected, current)
        link = (
            last.seq + 1, entry.entity, entry.entity_id, current + 1, entry.op, entry.author,
            _time_after(last.at_utc), entry.source, entry.base_version, entry.op_id, op_hash,
            entry.changeset,
        )  # fmt: skip
        digest = link_hash((last.hash, last.signature), link, body)
        signature = self._signer.sign_link(digest)
        row = (*link[:_BODY_AT], body, *link[_BODY_AT:], last.hash, digest, signature)
        self._tx.run(_INSERT, row)
        return to_revision(row)

    def _end(self, entry: Entry) -> tuple[Link, int]:
        """Read what the next link stands on, and the version of its thing: one question."""
        row = self._tx.lasting(_LAST_AND_VERSION, (entry.entity, entry.entity_id))
        if row is None:
            return _begin(self._signer.store_id), 0
        return Link(*row[:-1]), row[-1] or 0


def _time_after(at_utc: str) -> str:
    """Tell the time, never the same twice and never backwards, so that `as_of` stays true."""
    text = write_time(now())
    return text if text > at_utc else write_time(read_time(at_utc) + _TICK)


def _of_operation(tx: Tx, op_id: str) -> Revision | None:
    row = tx.lasting(_OF_OPERATION, (op_id,))
    return to_revision(row) if row else None


def _replay(first: Revision, op_hash: str | None) -> Revision:
    if first.op_hash != op_hash:
        msg = f"operation {first.op_id} came before with other content; give it a new id"
        raise RepeatedKeyError(msg)
    return replace(first, replayed=True)


def _rekeyed(public_key: str) -> tuple[Entry, str]:
    """Say in the chain itself that another key signs from here."""
    body = {"public_key": public_key}
    entry = Entry(entity="store", entity_id="key", op="rekey", body=body, author="system")
    return entry, canonical(body)


def _until(as_of: datetime | None) -> str | None:
    return None if as_of is None else write_time(as_of)


def to_revision(row: Row) -> Revision:
    """Read one row of the revision table."""
    fields: dict[str, Any] = dict(zip(_NAMES, row[: len(_NAMES)], strict=True))
    fields["body"] = orjson.loads(fields["body"])
    fields["at"] = read_time(fields.pop("at_utc"))
    return Revision(**fields)
