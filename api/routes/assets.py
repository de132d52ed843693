"""Which scripts and styles do pages load, all from our own origin?"""

import mimetypes
from typing import Final

from fastapi import APIRouter, Request, Response

from api import compress
from api.answers import read_answer
from api.gate import PageRoute
from maps.assets import BUNDLED
from maps.figure import static_file, vendor_file

router = APIRouter(route_class=PageRoute, tags=["assets"])

FOR_EVER: Final = "public, max-age=31536000, immutable"
OTHER: Final = "application/octet-stream"


@router.get("/vendor/{name}")
def vendor(request: Request, name: str) -> Response:
    """Give a vendored library; only what the manifest names exists."""
    return _given(request, name, vendor_file(name))


@router.get("/static/{name}")
def static(request: Request, name: str) -> Response:
    """Give one of our own scripts, styles or icons; a bundle may be kept for ever."""
    data = static_file(name)
    return _given(request, name, data, FOR_EVER if BUNDLED.fullmatch(name) else None)


def _given(request: Request, name: str, data: bytes, keep: str | None = None) -> Response:
    """Answer with a file, the same for everybody, shrunk once."""
    request.state.same_for_all = True
    headers = {"vary": "Accept-Encoding", **({"cache-control": keep} if keep else {})}
    return read_answer(request, data, media_type(name), headers=headers, shrink=compress.hard)


def media_type(name: str) -> str:
    """Say what a file is by its ending.

    Examples
    --------
    >>> media_type("a.js"), media_type("a.css"), media_type("a")
    ('text/javascript', 'text/css', 'application/octet-stream')
    """
    return mimetypes.guess_type(name)[0] or OTHER
