"""How does a person's session begin and end?"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.responses import RedirectResponse

from api.auth import openid
from api.auth.identity import close_session, open_session
from api.auth.openid import Begun, OpenIdError
from api.auth.passwords import check_password
from api.gate import cookie_name
from api.pages.render import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gis.store import Store
    from gis.store.base import User

HOME: Final = "/"
LOGIN: Final = "/logga-in"
BACK: Final = "/logga-in/svar"
WORKPLACES: Final = {"inspector": "/falt", "planner": "/granska"}
"""Where somebody of a role goes on after the log-in; the map for everybody else."""

AWAY_S: Final = 600
"""How long a browser may stay with the provider."""


def form(request: Request, status: int = HTTPStatus.OK, fault: str | None = None) -> Response:
    """Show the log-in form, with what was wrong."""
    outside = request.app.state.settings.openid is not None
    return page(request, "login", status=status, fault=fault, outside=outside)


def log_in(request: Request, store: Store, name: str, password: str) -> Response:
    """Begin a session under a new id, or show the form again with one and the same sentence."""
    if not request.app.state.tries.allowed(name):
        return form(request, HTTPStatus.TOO_MANY_REQUESTS, "login.too_many")
    user = check_password(store, name, password)
    if user is None:
        return form(request, HTTPStatus.FORBIDDEN, "login.wrong")
    return welcome(request, store, user)


def welcome(request: Request, store: Store, user: User) -> Response:
    """Begin a session of somebody whose log-in was right."""
    _forget(request, store)
    settings = request.app.state.settings
    response = RedirectResponse(WORKPLACES.get(user.role, HOME), HTTPStatus.SEE_OTHER)
    session_id = open_session(store, user)
    _keep(request, response, cookie_name(settings), session_id, settings.session_max_s)
    request.state.public = False
    return response


def go_out(request: Request) -> Response:
    """Send the browser to the provider; without one to the log-in form."""
    provider = request.app.state.settings.openid
    if provider is None:
        return RedirectResponse(LOGIN, HTTPStatus.SEE_OTHER)
    try:
        address, begun = openid.begin(provider, _back(request))
    except OpenIdError:
        return form(request, HTTPStatus.BAD_GATEWAY, "login.outside_silent")
    response = RedirectResponse(address, HTTPStatus.SEE_OTHER)
    _keep(request, response, _away(request), ".".join(begun), AWAY_S)
    request.state.public = False
    return response


def come_back(request: Request, store: Store, state: str, code: str) -> Response:
    """Begin a session of somebody the provider vouches for."""
    provider = request.app.state.settings.openid
    kept = request.cookies.get(_away(request), "").split(".")
    if provider is None or len(kept) != len(Begun._fields):
        return RedirectResponse(LOGIN, HTTPStatus.SEE_OTHER)
    begun = Begun(*kept)
    if not secrets.compare_digest(begun.state.encode(), state.encode()):
        return form(request, HTTPStatus.FORBIDDEN, "login.outside_refused")
    try:
        claims = openid.finish(provider, _back(request), begun, code)
        user = openid.admit(store, provider, claims)
    except OpenIdError:
        return form(request, HTTPStatus.FORBIDDEN, "login.outside_refused")
    response = welcome(request, store, user)
    _drop(request, response, _away(request))
    return response


def log_out(request: Request, store: Store) -> Response:
    """End the session in the store and in the browser."""
    _forget(request, store)
    response = RedirectResponse(HOME, HTTPStatus.SEE_OTHER)
    _drop(request, response, cookie_name(request.app.state.settings))
    request.state.public = False
    return response


def _back(request: Request) -> str:
    """Say to which address of ours the provider sends the browser back."""
    scheme = "https" if request.app.state.settings.https else "http"
    return f"{scheme}://{request.url.netloc}{BACK}"


def _away(request: Request) -> str:
    """Name the cookie of a log-in that is under way."""
    return cookie_name(request.app.state.settings) + "_away"


def _keep(request: Request, response: Response, name: str, value: str, age_s: int) -> None:
    """Set a cookie that no script reads."""
    response.set_cookie(
        name,
        value,
        max_age=age_s,
        secure=request.app.state.settings.https,
        httponly=True,
        samesite="lax",
    )


def _drop(request: Request, response: Response, name: str) -> None:
    """Take a cookie away."""
    secure = request.app.state.settings.https
    response.delete_cookie(name, secure=secure, httponly=True, samesite="lax")


def _forget(request: Request, store: Store) -> None:
    """End the session whose cookie came with the request."""
    session_id = request.cookies.get(cookie_name(request.app.state.settings))
    if session_id is not None:
        close_session(store, session_id)
