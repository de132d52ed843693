"""With which settings does the server run?

One frozen record, made by the caller (``api.server`` or a test); nothing here reads the
environment, so that two apps in one process can differ.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.auth.openid import Provider

HEADER_TIMEOUT_MS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an app needs to know before it opens its stores.

    Attributes
    ----------
    store
        Address of the public store: a path ending in ``.gpkg`` or ``postgresql://…``.
    police_store
        Address of the police store; ``None`` leaves every police route out.
    https
        Whether browsers reach the server by https (``Secure`` cookies, HSTS).
    secret
        Signs paging cursors; the same in every worker of one server.
    threads, queue
        How many blocking calls run at once, and how many may wait before the answer is 503.
    max_body
        Largest JSON body or form in bytes.
    max_photo, max_upload
        Largest photo, and largest delivered file, in bytes.
    session_idle_s, police_idle_s, session_max_s
        When a log-in ends: unused for so long (police and admin shorter), and in any case.
    tries_per_minute
        Log-in tries for one name that are looked at.
    openid
        Who else vouches for people; ``None`` leaves local accounts alone.
    """

    store: str
    police_store: str | None = None
    https: bool = False
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    threads: int = 16
    queue: int = 64
    max_body: int = 1024 * 1024
    max_photo: int = 8 * 1024 * 1024
    max_upload: int = 100 * 1024 * 1024
    session_idle_s: int = 8 * 3600
    police_idle_s: int = 30 * 60
    session_max_s: int = 12 * 3600
    tries_per_minute: int = 10
    openid: Provider | None = None
