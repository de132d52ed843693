"""What does somebody see where there is nothing?

A person gets a page, a program a problem document; what is forbidden looks the same as what
does not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

from api import errors
from api.answers import wants_html
from api.pages.render import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

NOT_FOUND: Final = 404
FOR_PROGRAMS: Final = ("/api/", "/ogc/", "/vendor/", "/static/")


async def on_http(request: Request, error: Exception) -> Response:
    """Answer a refusal: a page for a person who came to an address that is none."""
    status = error.status_code if isinstance(error, HTTPException) else 0
    person = wants_html(request.headers.get("accept", ""))
    if status == NOT_FOUND and person and not request.url.path.startswith(FOR_PROGRAMS):
        return page(request, "missing", status=NOT_FOUND)
    return await errors.on_http(request, error)
