"""Is everything that was kept still there, as it was?

The file, its layout, the chain from the first link to the last, the signed head, the files that
were delivered, and the layers' own indexes. A fault of the chain names its first bad revision.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from gis.errors import StoreError
from gis.store.canonical import genesis, link_hash
from gis.store.deliveries import ENTITY, unpacked
from gis.store.head import Checker, Head
from gis.store.history import Link, last_link, to_revision
from gis.store.part import Part
from gis.store.records import Fault

if TYPE_CHECKING:
    from gis.store.database import Tx

_ALL: Final = "SELECT * FROM revision ORDER BY seq"
_DELIVERED: Final = "SELECT * FROM revision WHERE entity = ? ORDER BY seq"
_BODY_AT: Final = 5


class VerifyPart(Part, ABC):
    """The look at everything."""

    def verify(self) -> list[Fault]:
        """Look for faults: file, triggers, chain, head, files, layers; empty is good."""
        checker = Checker(self._signer.base, self._store_id)
        found: list[Fault] = []
        try:
            with self._read() as tx:
                found += self._layout_faults(tx)
                found += chain_faults(tx, checker)
                found += head_faults(tx, checker)
                found += _delivery_faults(tx)
                found += self._layer_faults(tx)
        except StoreError as fault:
            return found or [Fault("file", str(fault))]
        return found

    @abstractmethod
    def _layout_faults(self, tx: Tx) -> list[Fault]:
        """Look for what the engine itself finds, and for tables that were altered."""

    @abstractmethod
    def _layer_faults(self, tx: Tx) -> list[Fault]:
        """Look for computed layers that do not hold together."""


def chain_faults(tx: Tx, checker: Checker) -> list[Fault]:
    """Follow the chain from its first link; the first bad revision ends it."""
    before = (genesis(checker.store_id), b"")
    # Each link is hashed over the one before it.
    for count, row in enumerate(tx.each(_ALL), start=1):
        *fields, prev_hash, digest, signature = row
        body = fields.pop(_BODY_AT)
        moved = row[0] != count or prev_hash != before[0]
        if moved or link_hash(before, tuple(fields), body) != digest:
            # The link covers the signature before it, which may be the one that was altered.
            seq = count if count == 1 or checker.link(*before) else count - 1
            msg = f"revision {seq} is not what was recorded; restore the store"
            return [Fault("chain", msg, seq)]
        before = (digest, signature)
    return []


def head_faults(tx: Tx, checker: Checker) -> list[Fault]:
    """Compare the chain with the signed head, and its end with its own signature."""
    try:
        head = checker.head()
    except StoreError as fault:
        return [Fault("head", str(fault))]
    if head is None:
        return [Fault("head", "the signed head beside the store is missing; put it back")]
    if not head.signed:
        return [Fault("head", "the signature of the head does not hold; restore the store")]
    return _tail_faults(tx, head, last_link(tx, checker.store_id), checker)


def _tail_faults(tx: Tx, head: Head, last: Link, checker: Checker) -> list[Fault]:
    if head.seq > last.seq:
        msg = (
            f"the head names revision {head.seq} and the history ends at {last.seq}: its tail or "
            "the -wal file is missing; put it back or restore the store"
        )
        return [Fault("head", msg, last.seq + 1)]
    row = tx.one("SELECT hash FROM revision WHERE seq = ?", (head.seq,))
    as_signed = row is None or row[0] == head.hash
    if as_signed and (last.seq == 0 or checker.link(last.hash, last.signature)):
        return []
    seq = _first_unsigned(tx, last.seq, checker)
    msg = f"revision {seq} and those after it were not signed by this store; restore the store"
    return [Fault("head", msg, seq)]


def _first_unsigned(tx: Tx, last: int, checker: Checker) -> int:
    """Search the first revision nobody signed: those before a forged one hold, those after not."""
    good, bad = 0, last
    while bad - good > 1:
        middle = (good + bad) // 2
        row = tx.one("SELECT hash, signature FROM revision WHERE seq = ?", (middle,))
        if row is not None and checker.link(row[0], row[1]):
            good = middle
        else:
            bad = middle
    return bad


def _delivery_faults(tx: Tx) -> list[Fault]:
    """Hash every delivered file again."""
    rows = tx.rows(_DELIVERED, (ENTITY,))
    faults = []
    for delivery_id, revision in {row[2]: to_revision(row) for row in rows}.items():
        digest = sha256()
        for piece in tx.each(_RAW, (delivery_id,)):
            digest.update(unpacked(piece))
        if digest.hexdigest() != revision.body["sha256"]:
            msg = f"delivery {delivery_id} is not the file that came; restore the store"
            faults.append(Fault("delivery", msg, revision.seq))
    return faults


_RAW: Final = "SELECT packed, data FROM delivery_raw WHERE delivery_id = ? ORDER BY piece"
