"""Who sends this request?

A bearer token or a session cookie is looked up by its SHA-256; neither is ever kept in clear.
The look-up is made at each request, so a disabled person or a revoked token is out at once.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from api.errors import Problem
from api.kinds import Kind

if TYPE_CHECKING:
    from api.settings import Settings
    from gis.store import Store
    from gis.store.base import Item, User

ROLES: Final = ("inspector", "planner", "police", "admin")
SHORT_ROLES: Final = ("police", "admin")
"""Roles whose sessions end after a shorter pause."""

DESKTOP: Final = "desktop"
"""Scope of a token for desktop GIS, which sends neither If-Match nor Idempotency-Key."""

SHELF: Final = "session"
TOUCH_S: Final = 60
"""The pause of a session is written down at most this often."""

CHALLENGE: Final = {"www-authenticate": "Bearer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody who is logged in.

    `author` is the opaque id the history keeps; `by_cookie` tells a browser from a program.
    """

    name: str
    author: str
    role: str
    scope: str = "full"
    by_cookie: bool = False


def digest(secret: str) -> str:
    """Hash a token or session id; they are long random texts, so one round is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_token() -> tuple[str, str]:
    """Mint a bearer token.

    Returns
    -------
    token
        256 random bits as text, shown once.
    token_hash
        What the store keeps.
    """
    token = f"gcvag_{secrets.token_urlsafe(32)}"
    return token, digest(token)


def by_token(store: Store, token: str) -> Identity:
    """Look up who a bearer token belongs to; 401 when it is unknown, revoked or disabled."""
    kept = store.token(digest(token))
    user = store.user(kept.user) if kept and kept.revoked_at is None else None
    if kept is None or user is None or user.disabled:
        raise Problem(Kind.LOGIN_NEEDED, headers=CHALLENGE)
    return _identity(user, scope=kept.scope)


def open_session(store: Store, user: User) -> str:
    """Begin a session; the id goes into the cookie, its hash into the store."""
    session_id = secrets.token_urlsafe(32)
    _keep(store, digest(session_id), user.name, datetime.now(UTC))
    return session_id


def close_session(store: Store, session_id: str) -> None:
    """End a session at once."""
    store.drop_item(SHELF, digest(session_id))


def by_session(store: Store, session_id: str, settings: Settings) -> Identity | None:
    """Look up whose session a cookie names; ``None`` when it is unknown or over."""
    key = digest(session_id)
    item = store.item(SHELF, key)
    user = store.user(str(item.meta["user"])) if item else None
    if item is None or user is None or user.disabled:
        return None
    now = datetime.now(UTC)
    if _over(item, user, settings, now):
        store.drop_item(SHELF, key)
        return None
    if (now - item.at).total_seconds() > TOUCH_S:
        _keep(store, key, user.name, datetime.fromisoformat(item.meta["began_at"]))
    return _identity(user, by_cookie=True)


def _keep(store: Store, key: str, name: str, began_at: datetime) -> None:
    """Write down that a session is in use now; the item's own time tells when."""
    store.keep_item(SHELF, key, b"", {"user": name, "began_at": began_at.isoformat()})


def _over(item: Item, user: User, settings: Settings, now: datetime) -> bool:
    """Tell whether a session was unused too long or has lasted too long."""
    short = user.role in SHORT_ROLES
    idle_s = settings.police_idle_s if short else settings.session_idle_s
    began_at = datetime.fromisoformat(item.meta["began_at"])
    idle = (now - item.at).total_seconds() > idle_s
    return idle or (now - began_at).total_seconds() > settings.session_max_s


def _identity(user: User, *, scope: str = "full", by_cookie: bool = False) -> Identity:
    """Say who a log-in is."""
    return Identity(
        name=user.name, author=user.author, role=user.role, scope=scope, by_cookie=by_cookie
    )
