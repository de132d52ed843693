"""How does a person's session begin and end?"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from api.auth.identity import close_session, open_session
from api.auth.passwords import check_password
from api.gate import cookie_name
from api.pages.render import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gis.store import Store

HOME = "/"
WORKPLACES = {"planner": "/granska"}
"""Where somebody of a role goes on after the log-in; the map for everybody else."""


def log_in(request: Request, store: Store, name: str, password: str) -> Response:
    """Begin a session under a new id, or show the form again with one and the same sentence."""
    if not request.app.state.tries.allowed(name):
        return page(request, "login", status=HTTPStatus.TOO_MANY_REQUESTS, fault="login.too_many")
    user = check_password(store, name, password)
    if user is None:
        return page(request, "login", status=HTTPStatus.FORBIDDEN, fault="login.wrong")
    _forget(request, store)
    settings = request.app.state.settings
    response = RedirectResponse(WORKPLACES.get(user.role, HOME), HTTPStatus.SEE_OTHER)
    response.set_cookie(
        cookie_name(settings),
        open_session(store, user),
        max_age=settings.session_max_s,
        secure=settings.https,
        httponly=True,
        samesite="lax",
    )
    request.state.public = False
    return response


def log_out(request: Request, store: Store) -> Response:
    """End the session in the store and in the browser."""
    _forget(request, store)
    settings = request.app.state.settings
    response = RedirectResponse(HOME, HTTPStatus.SEE_OTHER)
    response.delete_cookie(
        cookie_name(settings), secure=settings.https, httponly=True, samesite="lax"
    )
    request.state.public = False
    return response


def _forget(request: Request, store: Store) -> None:
    """End the session whose cookie came with the request."""
    session_id = request.cookies.get(cookie_name(request.app.state.settings))
    if session_id is not None:
        close_session(store, session_id)
