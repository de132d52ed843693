"""How is a body written so that its hash is the same on every machine?

Canonical JSON: keys sorted by code point, no spaces, NFC, UTF-8; NaN, infinity and lone
surrogates are refused. Coordinates come as integers; that is the caller's matter.
"""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from gis.store.records import BodyError

if TYPE_CHECKING:
    from gis.store.records import Body


def canonical(body: Body) -> str:
    """Write a JSON object in its one canonical form.

    Raises
    ------
    BodyError
        If it is no JSON object, holds NaN, infinity or a lone surrogate, or if two keys become
        one by normalising.

    Examples
    --------
    >>> canonical({"b": [1, None], "a": "cykelväg"})
    '{"a":"cykelväg","b":[1,null]}'
    """
    text = _dump(body)
    if unicodedata.is_normalized("NFC", text):
        return text
    return _dump(_normal(body))


def _dump(value: object) -> str:
    if not isinstance(value, dict):
        msg = f"a body is a JSON object, not {type(value).__name__}"
        raise BodyError(msg)
    try:
        text = json.dumps(
            value, allow_nan=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
        text.encode()
    except (TypeError, ValueError, RecursionError) as fault:
        msg = "a body is plain JSON without NaN, infinity or lone surrogates"
        raise BodyError(msg) from fault
    return text


def _normal(value: object) -> object:
    """Bring every text of a JSON value to NFC."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list | tuple):
        return [_normal(part) for part in value]
    if isinstance(value, dict):
        pairs = {unicodedata.normalize("NFC", key): _normal(part) for key, part in value.items()}
        if len(pairs) != len(value):
            msg = "two keys of a body are the same text written in two ways"
            raise BodyError(msg)
        return pairs
    return value


def text_sha256(text: str) -> str:
    """Hash a text as UTF-8, in hex."""
    return sha256(text.encode()).hexdigest()


def link_hash(before: tuple[str, bytes], link: tuple[Any, ...], body: str) -> str:
    """Hash one link: hash and signature before it, its fields in order, its body as written."""
    fields = json.dumps(link, ensure_ascii=False, separators=(",", ":"))
    prev_hash, signature = before
    return sha256(f"{prev_hash}\n{signature.hex()}\n{fields}\n{body}".encode()).hexdigest()


def genesis(store_id: str) -> str:
    """Give the hash that the first revision of a store stands on."""
    return text_sha256(f"gcvag:{store_id}")


def now() -> datetime:
    """Tell the time in UTC."""
    return datetime.now(UTC)


def write_time(at: datetime) -> str:
    """Write an aware time as text of fixed width, so that texts sort as times do.

    Examples
    --------
    >>> write_time(datetime(2026, 5, 1, 8, 30, tzinfo=UTC))
    '2026-05-01T08:30:00.000000Z'
    """
    if at.tzinfo is None:
        msg = f"a time needs its zone, {at.isoformat()} has none"
        raise BodyError(msg)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_time(text: str) -> datetime:
    """Read a time that `write_time` wrote."""
    return datetime.fromisoformat(text)
