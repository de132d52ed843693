"""What must be true before a route runs?

One class of route, in this order: no write from another site, an identity, a declared role, room
in the pool, only known parameters, a JSON body. A route that is not of this class does not exist
(a test walks all of them). Pages send somebody without a log-in to the log-in page.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import anyio.to_thread
from fastapi import params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse

from api.auth import roles
from api.auth.identity import CHALLENGE, Identity, by_session, by_token
from api.auth.origin import check_origin
from api.body import Arriving, StrictRequest
from api.errors import Problem
from api.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from starlette.requests import Request
    from starlette.responses import Response

    from api.settings import Settings

COOKIE: Final = "gcvag_session"
SECURE_COOKIE: Final = "__Host-gcvag_session"
ELSEWHERE: Final = (params.Path, params.Header, params.Cookie)
"""Where a parameter stands that is no part of the query; the fields of a model always are."""

JSON_TYPES: Final = ("application/json", "application/merge-patch+json", "application/geo+json")


class GateRoute(APIRoute):
    """A route behind the gate; `limit` names the setting that says how large a body may be."""

    limit: str = "max_body"

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the gate in front of the framework's handler."""
        answer = self.handler()
        fields = get_flat_params(self.dependant)
        known = {field.alias for field in fields if not isinstance(field.field_info, ELSEWHERE)}
        reads_json = self.body_field is not None and not _is_form(self)

        async def gate(request: Request) -> Response:
            check_origin(request)
            request.state.limit = getattr(request.app.state.settings, self.limit)
            request.state.who = await identify(request)
            refused = self.authorise(request)
            if refused is not None:
                return refused
            _check_room(request)
            self.check_parameters(request, known)
            if reads_json:
                _check_media_type(request)
            return await answer(StrictRequest(request.scope, Arriving(request.receive)))

        return gate

    def handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers behind the gate: the framework's handler."""
        return super().get_route_handler()

    def authorise(self, request: Request) -> Response | None:
        """Let the request pass, or refuse it: 401 without a log-in, 404 with one."""
        place = place_of(request, self)
        who: Identity | None = request.state.who
        request.state.public = roles.is_public(place)
        if roles.allowed(place, who.role if who else None):
            return None
        if who is None and _is_declared(place):
            return self.log_in_first()
        raise Problem(Kind.NOT_FOUND)

    def log_in_first(self) -> Response:
        """Answer somebody who is not logged in."""
        raise Problem(Kind.LOGIN_NEEDED, headers=CHALLENGE)

    def check_parameters(self, request: Request, known: set[str]) -> None:
        """Refuse parameters that the route does not know, or that come twice."""
        given = Counter(name for name, _ in request.query_params.multi_items())
        if set(given) - known:
            raise Problem(Kind.UNKNOWN_PARAMETER)
        if any(n > 1 for n in given.values()):
            raise Problem(Kind.REPEATED_PARAMETER)


class PageRoute(GateRoute):
    """A page for people: the log-in page instead of 401, foreign parameters ignored."""

    def log_in_first(self) -> Response:
        """Lead to the log-in page."""
        return RedirectResponse("/logga-in", status_code=303)

    def check_parameters(self, request: Request, known: set[str]) -> None:
        """Take any parameter: links from other sites carry their own."""


class PhotoRoute(GateRoute):
    """A route that takes a photo as its body."""

    limit = "max_photo"


class UploadRoute(GateRoute):
    """A route that takes a delivered file in a form."""

    limit = "max_upload"


async def identify(request: Request) -> Identity | None:
    """Find out who asks; a wrong token is refused, a wrong cookie is nobody."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    settings: Settings = request.app.state.settings
    if kind.lower() == "bearer" and request.app.state.store is not None:
        return await anyio.to_thread.run_sync(by_token, request.app.state.store, token.strip())
    session_id = request.cookies.get(cookie_name(settings))
    if session_id is None or request.app.state.store is None:
        return None
    return await anyio.to_thread.run_sync(by_session, request.app.state.store, session_id, settings)


def cookie_name(settings: Settings) -> str:
    """Name the session cookie: ``__Host-`` where browsers reach us by https."""
    return SECURE_COOKIE if settings.https else COOKIE


def place_of(request: Request, route: APIRoute) -> roles.Place:
    """Say what is asked for, in the words of the table of roles."""
    collection = request.path_params.get("collection_id", "")
    return roles.Place(request.method, route.path, collection)


def _is_declared(place: roles.Place) -> bool:
    """Tell whether anybody at all may come here."""
    return place in roles.table()


def _is_form(route: APIRoute) -> bool:
    """Tell whether a route reads a form."""
    return route.body_field is not None and isinstance(route.body_field.field_info, params.Form)


def _check_room(request: Request) -> None:
    """Refuse early when too many blocking calls wait (503 with Retry-After)."""
    waiting = anyio.to_thread.current_default_thread_limiter().statistics().tasks_waiting
    if waiting > request.app.state.settings.queue:
        raise Problem(Kind.BUSY)


def _check_media_type(request: Request) -> None:
    """Refuse a body that does not call itself JSON."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in JSON_TYPES:
        raise Problem(Kind.NOT_JSON)
