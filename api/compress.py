"""How does an answer shrink on its way?

zstd or gzip, whichever the client takes, zstd first; small and already compressed answers stay as
they are. A strong tag names the encoding too (``"…+gzip"``), and is read back without it.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST: Final = 1024
ZSTD_LEVEL: Final = 3
GZIP_LEVEL: Final = 4
ZSTD_HARD, GZIP_HARD = 19, 9
MARK: Final = "+"
DENSE: Final = ("application/vnd.apache.parquet", "image/", "font/", "application/zip")
"""Beginnings of media types that hold compressed bytes already."""


def _zstd(body: bytes) -> bytes:
    """Shrink by zstd."""
    return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(body)


def _gzip(body: bytes) -> bytes:
    """Shrink by gzip; the same bytes at every time."""
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


ENCODERS: Final[dict[str, Callable[[bytes], bytes]]] = {"zstd": _zstd, "gzip": _gzip}


def quick(body: bytes, encoding: str) -> bytes:
    """Shrink an answer that is sent once."""
    return ENCODERS[encoding](body)


@lru_cache(maxsize=128)
def hard(body: bytes, encoding: str) -> bytes:
    """Shrink a file that is sent again and again as far as it goes, once."""
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=ZSTD_HARD).compress(body)
    return gzip.compress(body, GZIP_HARD, mtime=0)


def chosen(accept: str, media_type: str, size: int) -> str | None:
    """Choose an encoding; null leaves the body as it is.

    Examples
    --------
    >>> chosen("gzip, deflate, br, zstd", "application/json", 5000)
    'zstd'
    >>> chosen("zstd;q=0, gzip", "text/html", 5000), chosen("gzip", "text/html", 50)
    ('gzip', None)
    """
    if size < LEAST or media_type.startswith(DENSE):
        return None
    wishes = [part.replace(" ", "").lower().partition(";q=") for part in accept.split(",")]
    taken = {name for name, _, weight in wishes if weight.rstrip("0.") or not weight}
    return next((name for name in ENCODERS if name in taken), None)


def tagged(tag: str, encoding: str | None) -> str:
    """Write the encoding into a strong tag.

    Examples
    --------
    >>> tagged('"a-b"', "gzip"), tagged('"a-b"', None)
    ('"a-b+gzip"', '"a-b"')
    """
    return tag if encoding is None else f'{tag[:-1]}{MARK}{encoding}"'


def untagged(opaque: str) -> str:
    """Read a tag without its encoding.

    Examples
    --------
    >>> untagged("a-b+zstd"), untagged("a-b")
    ('a-b', 'a-b')
    """
    plain, mark, encoding = opaque.rpartition(MARK)
    return plain if mark and encoding in ENCODERS else opaque
