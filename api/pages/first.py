"""What does the first administrator see, once?"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from api.auth import first
from api.auth.first import PATH
from api.pages.login import LOGIN, welcome
from api.pages.render import page
from gis.errors import GisError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gis.store import Store


def form(request: Request, store: Store, fault: str | None = None) -> Response:
    """Show the form; the log-in page where somebody has a log-in already."""
    if store.users():
        return RedirectResponse(LOGIN, HTTPStatus.SEE_OTHER)
    status = HTTPStatus.OK if fault is None else HTTPStatus.FORBIDDEN
    return page(request, "first", status=status, fault=fault)


def make(request: Request, store: Store, code: str, name: str, password: str) -> Response:
    """Make the first account and begin its session."""
    if not request.app.state.tries.allowed(PATH):
        return form(request, store, "login.too_many")
    try:
        user = first.redeem(store, code, name, password)
    except GisError:
        return form(request, store, "first.weak")
    return form(request, store, "first.wrong") if user is None else welcome(request, store, user)
