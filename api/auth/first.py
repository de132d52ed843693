"""How does the first administrator get in, where there is no default account?

A server that starts on a store without any log-in prints a code once. Whoever has it makes the
first account; then it is used up.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from api.auth.identity import digest
from api.auth.passwords import hash_password

if TYPE_CHECKING:
    from gis.store import Store
    from gis.store.base import User

SHELF: Final = "first_login"
KEY: Final = "code"
PATH: Final = "/forsta-inloggning"
ROLE: Final = "admin"


def mint(store: Store) -> str | None:
    """Draw the code of this start; ``None`` where somebody has a log-in already."""
    if store.users():
        return None
    code = secrets.token_urlsafe(24)
    store.keep_item(SHELF, KEY, digest(code).encode())
    return code


def redeem(store: Store, code: str, name: str, password: str) -> User | None:
    """Make the first account; ``None`` when the code is wrong or used up.

    Raises
    ------
    GisError
        If the password is no good; the code can be used again then.
    """
    with store.transaction():
        kept = store.item(SHELF, KEY)
        right = kept is not None and secrets.compare_digest(kept.body, digest(code).encode())
        if not right or store.users() or not name.strip() or "\x00" in name:
            return None
        user = store.add_user(name.strip(), ROLE, hash_password(password, name))
        store.drop_item(SHELF, KEY)
        return user
