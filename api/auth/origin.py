"""Does this write come from our own pages?

A browser tells by ``Sec-Fetch-Site``, an old one by ``Origin``; a program that sends neither
holds no foreign cookie and is let through to the log-in check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.errors import Problem
from api.kinds import Kind

if TYPE_CHECKING:
    from starlette.requests import Request

SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
OWN_SITES: Final = ("same-origin", "none")


def check_origin(request: Request) -> None:
    """Refuse a write that a browser makes for another site (403)."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    host = request.headers.get("host")
    own = site in OWN_SITES if site else origin is None or origin.partition("://")[2] == host
    if not own:
        raise Problem(Kind.CROSS_ORIGIN)
