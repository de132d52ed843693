"""What happens to a photo: kept, sent in pieces, blurred, dropped?

The picture lies on the store's shelf, where it can be dropped for good; that somebody kept,
blurred or dropped it is a revision. A photo that was dropped does not come back when a phone
sends it again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from api.errors import Problem
from api.kinds import Kind
from api.work import picture
from gis.store import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from api.auth.identity import Identity
    from gis.store import Store

SHELF: Final = "photo"
PART_SHELF: Final = "photo_part"
ENTITY: Final = "photo"
KEPT: Final = "kept"
BLURRED: Final = "blurred"
DROPPED: Final = "dropped"
OBSERVATIONS: Final = "observations"


class Piece(NamedTuple):
    """Where the bytes of one request stand in a photo of `total` bytes."""

    first: int
    total: int


def keep(store: Store, address: str, raw: bytes, who: Identity) -> bool:
    """Keep a photo under the hash of its bytes as they were sent.

    Returns
    -------
    new
        False when it was kept, or dropped, before.

    Raises
    ------
    Problem
        ``wrong_hash``, or ``not_photo``.
    """
    if hashlib.sha256(raw).hexdigest() != address:
        raise Problem(Kind.WRONG_HASH)
    if store.latest(ENTITY, address) is not None:
        return False
    made = picture.clean(raw)
    with store.transaction():
        if store.latest(ENTITY, address) is not None:
            return False
        _tell(store, address, KEPT, who)
        _put(store, address, made)
    return True


def gather(store: Store, address: str, piece: Piece, raw: bytes, who: Identity) -> bytes | int:
    """Put a piece behind those that came before.

    Returns
    -------
    so_far
        The whole photo, or the number of its bytes that have come.

    Raises
    ------
    Problem
        ``bad_range`` with the number of bytes that have come.
    """
    key = f"{who.author}:{address}"
    with store.transaction():
        before = store.item(PART_SHELF, key)
        held = before.body if before else b""
        if piece.first > len(held):
            raise Problem(Kind.BAD_RANGE, headers=range_header(len(held)))
        whole = held[: piece.first] + raw
        if len(whole) < piece.total:
            store.keep_item(PART_SHELF, key, whole)
            return len(whole)
        store.drop_item(PART_SHELF, key)
        return whole


def range_header(held: int) -> dict[str, str]:
    """Tell which bytes have come, as the header ``Range``; none when nothing has."""
    return {"range": f"bytes=0-{held - 1}"} if held else {}


def read(store: Store, address: str) -> bytes:
    """Read a photo, stamped with time and accuracy of its mark; 404 when there is none."""
    seen_at, accuracy_m = _mark(store, address)
    return picture.stamped(_picture(store, address), seen_at, accuracy_m)


def blur(
    store: Store, address: str, boxes: Sequence[tuple[int, int, int, int]], who: Identity
) -> None:
    """Make boxes of a photo unreadable; the bytes before are gone."""
    with store.transaction():
        made = picture.blurred(_picture(store, address), boxes)
        _tell(store, address, BLURRED, who, boxes=[list(box) for box in boxes])
        _put(store, address, made)


def drop(store: Store, address: str, who: Identity) -> None:
    """Drop a photo for good; that it was dropped stays known."""
    with store.transaction():
        _picture(store, address)
        _tell(store, address, DROPPED, who)
        store.drop_item(SHELF, address)


def state(store: Store, address: str) -> str:
    """Say what became of a photo that was sent."""
    latest = store.latest(ENTITY, address)
    return KEPT if latest is None else latest.op


def without_mark(store: Store, addresses: Sequence[str]) -> list[str]:
    """Return those of some photos that no mark names."""
    if not addresses or OBSERVATIONS not in store.layer_names():
        return []
    named = set(store.layer(OBSERVATIONS, where={"photo": addresses})["photo"])
    return [address for address in addresses if address not in named]


def _picture(store: Store, address: str) -> bytes:
    """Read the kept bytes of a photo."""
    item = store.item(SHELF, address)
    if item is None:
        raise Problem(Kind.NOT_FOUND)
    return item.body


def _put(store: Store, address: str, made: bytes) -> None:
    """Lay a picture on the shelf, with its size."""
    width, height = picture.size_of(made)
    store.keep_item(SHELF, address, made, {"width": width, "height": height})


def _tell(store: Store, address: str, op: str, who: Identity, **body: object) -> None:
    """Append what was done to a photo."""
    entry = Entry(entity=ENTITY, entity_id=address, op=op, body=body, author=who.author)
    store.append([entry])


def _mark(store: Store, address: str) -> tuple[datetime | None, float | None]:
    """Find when the mark of a photo was made, and how sure its place is."""
    if OBSERVATIONS not in store.layer_names():
        return None, None
    rows = store.layer(OBSERVATIONS, where={"photo": [address]})
    if rows.empty:
        return None, None
    row = rows.iloc[0]
    accuracy_m = None if pd.isna(row["accuracy_m"]) else float(row["accuracy_m"])
    return pd.Timestamp(row["observed_at"]).to_pydatetime(), accuracy_m
