"""Is this body small, strict JSON, and does it arrive at a pace?

The framework's own reader takes NaN, infinite numbers, lone surrogates and any depth; this one
refuses them, with limits of size and time that also hold for forms. Refusals never repeat the body.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import anyio
import orjson
from starlette.requests import Request

from api.errors import Problem
from api.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import Message, Receive

MAX_DEPTH: Final = 64
GRACE_S: Final = 20.0
BYTES_A_SECOND: Final = 10_000
"""A body may take the grace, and a second more for so many bytes that have come."""


class StrictRequest(Request):
    """A request whose body is counted while it arrives and parsed strictly.

    The gate puts the largest number of bytes of the route on ``state.limit``.
    """

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Pass the body on as it arrives; refuse it as soon as it is too large."""
        limit: int = self.state.limit
        seen = 0
        if int(self.headers.get("content-length", "0")) > limit:
            raise Problem(Kind.TOO_LARGE)
        async for chunk in super().stream():
            seen += len(chunk)
            if seen > limit:
                raise Problem(Kind.TOO_LARGE)
            yield chunk

    async def json(self) -> object:
        """Parse the body; 400 for what is no JSON or nested too deep, 422 for a NUL."""
        return parse(await self.body())


class Arriving:
    """Receives a body that must not trickle; what comes after it may take any time."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._until = time.monotonic() + GRACE_S
        self._whole = False

    async def __call__(self) -> Message:
        """Wait for the next piece; 408 when the body is late."""
        if self._whole:
            return await self._receive()
        with anyio.move_on_after(self._until - time.monotonic()):
            message = await self._receive()
            self._until += len(message.get("body", b"")) / BYTES_A_SECOND
            self._whole = not message.get("more_body", False)
            return message
        raise Problem(Kind.TOO_SLOW, headers={"connection": "close"})


def parse(body: bytes) -> object:
    """Parse JSON strictly.

    Parameters
    ----------
    body
        UTF-8 without a byte order mark.

    Returns
    -------
    value
        Only finite numbers, no lone surrogate, no NUL, nested at most `MAX_DEPTH` deep.

    Raises
    ------
    Problem
        ``bad_json``, ``deep_json`` or ``nul_character``.

    Examples
    --------
    >>> parse(b'{"a": [1, 2.5, null]}')
    {'a': [1, 2.5, None]}
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Problem(Kind.BAD_JSON) from None
    _look(value)
    return value


def _look(value: object) -> None:
    """Refuse nesting beyond the limit and NUL characters, level by level."""
    level: list[object] = [[value]]
    for _ in range(MAX_DEPTH + 1):
        inside = [part for item in level for part in _inside(item)]
        if any(isinstance(part, str) and "\x00" in part for part in inside):
            raise Problem(Kind.NUL_CHARACTER)
        level = [part for part in inside if isinstance(part, list | dict)]
        if not level:
            return
    raise Problem(Kind.DEEP_JSON)


def _inside(item: object) -> list[object]:
    """List what stands directly inside an array or object, keys included."""
    if isinstance(item, dict):
        return [*item.keys(), *item.values()]
    return item if isinstance(item, list) else []
