"""After which feature does the next page begin?

A cursor is opaque and signed: it holds the collection and the last key seen, so a page never
shifts when features come or go, and nobody can make one up.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final

from api.errors import Problem
from api.kinds import Kind

if TYPE_CHECKING:
    from gis.store import Store

META: Final = "cursor_secret"
MAC_BYTES: Final = 12


def secret_of(store: Store) -> bytes:
    """Return the secret that signs cursors of a store; made once, kept in it.

    Every worker and every start shares it, so that a walk through the pages survives both.
    """
    with store.transaction():
        kept = store.meta(META)
        if kept is None:
            kept = secrets.token_hex(32)
            store.set_meta(META, kept)
    return bytes.fromhex(kept)


def write(secret: bytes, collection: str, key: str) -> str:
    """Make the cursor that continues after `key`.

    Examples
    --------
    >>> read(b"s", "segments", write(b"s", "segments", "s1"))
    's1'
    """
    text = key.encode()
    return base64.urlsafe_b64encode(_mac(secret, collection, text) + text).decode().rstrip("=")


def read(secret: bytes, collection: str, cursor: str) -> str:
    """Return the key after which a page begins; 400 for a cursor that is not ours."""
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        raw = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        mac, text = raw[:MAC_BYTES], raw[MAC_BYTES:]
        key = text.decode()
    except (binascii.Error, UnicodeError):
        raise Problem(Kind.BAD_CURSOR) from None
    if not hmac.compare_digest(mac, _mac(secret, collection, text)):
        raise Problem(Kind.BAD_CURSOR)
    return key


def _mac(secret: bytes, collection: str, text: bytes) -> bytes:
    """Sign a key of a collection."""
    message = collection.encode() + b"\0" + text
    return hmac.new(secret, message, hashlib.sha256).digest()[:MAC_BYTES]
