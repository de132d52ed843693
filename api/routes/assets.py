"""Which scripts and styles do pages load, all from our own origin?"""

import mimetypes
from typing import Final

from fastapi import APIRouter, Request, Response

from api.answers import read_answer
from api.gate import PageRoute
from maps.figure import static_file, vendor_file

router = APIRouter(route_class=PageRoute, tags=["assets"])

OTHER: Final = "application/octet-stream"


@router.get("/vendor/{name}")
def vendor(request: Request, name: str) -> Response:
    """Give a vendored library; only what the manifest names exists."""
    return read_answer(request, vendor_file(name), media_type(name))


@router.get("/static/{name}")
def static(request: Request, name: str) -> Response:
    """Give one of our own scripts, styles or icons."""
    return read_answer(request, static_file(name), media_type(name))


def media_type(name: str) -> str:
    """Say what a file is by its ending.

    Examples
    --------
    >>> media_type("a.js"), media_type("a.css"), media_type("a")
    ('text/javascript', 'text/css', 'application/octet-stream')
    """
    return mimetypes.guess_type(name)[0] or OTHER
