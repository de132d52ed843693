"""How many messages does one sender, and everybody together, get through?

Counted in memory. An address is turned into a digest under a key that lives as long as the
process, and is forgotten when its hour is over.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from api.auth.tries import Tries

if TYPE_CHECKING:
    from starlette.requests import Request

WINDOW_S: Final = 3600.0
FROM_ONE: Final = 5
FROM_ALL: Final = 200
_EVERYBODY: Final = "everybody"


class Senders:
    """The messages of the last hour, counted by sender."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._one = Tries(FROM_ONE, WINDOW_S)
        self._all = Tries(FROM_ALL, WINDOW_S)

    def __len__(self) -> int:
        """Count the senders that are remembered."""
        return len(self._one)

    def allowed(self, address: str) -> bool:
        """Count one message and tell whether it is within both limits."""
        name = hashlib.blake2b(address.encode(), key=self._key).hexdigest()
        return self._one.allowed(name) and self._all.allowed(_EVERYBODY)

    def forget(self) -> None:
        """Forget the senders whose hour is over."""
        self._one.forget()


def address_of(request: Request, *, behind_proxy: bool) -> str:
    """Say from where a request comes: behind our proxy the last address that it wrote down."""
    if behind_proxy:
        return request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return request.client.host if request.client else ""
