"""Is this the right password, and is a new one good enough?

argon2id with the low-memory profile of RFC 9106 (64 MiB, about a quarter of a second); at most
two hashes run at once. An unknown name costs the same time as a known one.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from api.auth.strength import MAX_LENGTH, MIN_LENGTH, is_guessable
from gis.errors import GisError

if TYPE_CHECKING:
    from gis.store import Store
    from gis.store.base import User

_HASHER: Final = PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
_SLOTS: Final = threading.BoundedSemaphore(2)
NOBODY: Final = f"$argon2id$v=19$m=65536,t=3,p=4${'A' * 22}${'A' * 43}"
"""A hash of the same cost that no password is known for."""


def hash_password(password: str, name: str = "") -> str:
    """Hash a new password of the log-in `name`.

    Raises
    ------
    GisError
        If it is shorter than `MIN_LENGTH`, longer than `MAX_LENGTH`, or easily guessed.
    """
    if is_guessable(password, name):
        msg = (
            f"a password has at least {MIN_LENGTH} characters and is not made of common words, "
            "years, runs or the user's name; take several unrelated words"
        )
        raise GisError(msg)
    with _SLOTS:
        return _HASHER.hash(password)


def check_password(store: Store, name: str, password: str) -> User | None:
    """Return the log-in if name and password fit; the same work is done when they do not."""
    user = store.user(name) if name and "\x00" not in name else None
    right = _verify((user and user.password_hash) or NOBODY, password[:MAX_LENGTH])
    return user if user and right and user.password_hash and not user.disabled else None


def _verify(password_hash: str, password: str) -> bool:
    """Compare a password with a hash."""
    with _SLOTS:
        try:
            return _HASHER.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
