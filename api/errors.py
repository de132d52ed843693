"""How is every error answered?

One shape, ``application/problem+json`` (RFC 9457) with a request id. Sentences come from
``api/problems.csv``; an answer never repeats what was sent, nor a path, SQL or a trace. One
table says which status an error of the domain gets; an error nobody knows is a plain 500.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.auth import roles
from api.kinds import Kind
from api.texts import accepted, problem_texts
from gis.errors import (
    AreaError,
    CodeError,
    GisError,
    LayerError,
    NotFoundError,
    RuleError,
    SourceError,
    StoreError,
)
from gis.store.base import (
    BodyError,
    RepeatedKeyError,
    StoreBusyError,
    StoreFullError,
    VersionConflictError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi.exceptions import RequestValidationError
    from starlette.requests import Request

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_S: Final = "2"

KINDS: Final[dict[type[GisError], Kind]] = {
    StoreFullError: Kind.STORE_FULL,
    StoreBusyError: Kind.BUSY,
    StoreError: Kind.STORE_FAULT,
    NotFoundError: Kind.NOT_FOUND,
    VersionConflictError: Kind.STALE,
    RepeatedKeyError: Kind.OTHER_CONTENT,
    BodyError: Kind.INVALID,
    CodeError: Kind.INVALID_CODE,
    LayerError: Kind.NOT_COMPUTED,
    SourceError: Kind.INVALID,
    AreaError: Kind.SERVER_ERROR,
    RuleError: Kind.SERVER_ERROR,
    GisError: Kind.INVALID,
}
"""The kind of problem of each error of the domain; the closest ancestor counts."""

STATUS_KINDS: Final[dict[int, Kind]] = {
    404: Kind.NOT_FOUND,
    405: Kind.METHOD_NOT_ALLOWED,
    413: Kind.TOO_LARGE,
}


class Problem(HTTPException):
    """A request that is refused for a reason of ``api/problems.csv``.

    Attributes
    ----------
    kind
        Key of the reason.
    more
        Further members of the answer; never anything that was sent.
    """

    def __init__(
        self, kind: Kind, *, headers: Mapping[str, str] | None = None, **more: object
    ) -> None:
        super().__init__(problem_texts()[kind].status, detail=kind, headers=headers)
        self.kind = kind
        self.more = more


def problem_response(
    request: Request,
    kind: Kind,
    *,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """Write the answer to a kind of problem in the language the client asks for."""
    text = problem_texts()[kind]
    lang = accepted(request.headers.get("accept-language", ""))
    body = {
        "type": "about:blank",
        "title": HTTPStatus(text.status).phrase,
        "status": text.status,
        "code": kind,
        "detail": text.en if lang == "en" else text.sv,
        "request_id": getattr(request.state, "request_id", ""),
        **(more or {}),
    }
    sent = dict(headers or {}) | {"content-language": lang}
    if text.status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        sent.setdefault("retry-after", RETRY_AFTER_S)
    return Response(orjson.dumps(body), text.status, sent, MEDIA_TYPE)


def kind_of(error: GisError) -> Kind:
    """Name the kind of problem of an error of the domain.

    Examples
    --------
    >>> kind_of(StoreBusyError("x")), kind_of(CodeError("x"))
    (<Kind.BUSY: 'busy'>, <Kind.INVALID_CODE: 'invalid_code'>)
    """
    return next(KINDS[cls] for cls in type(error).__mro__ if cls in KINDS)


async def on_http(request: Request, error: Exception) -> Response:
    """Answer a refusal of ours or of the framework (no route, wrong method)."""
    if isinstance(error, Problem):
        return problem_response(request, error.kind, headers=error.headers, more=error.more)
    if not isinstance(error, HTTPException):
        return problem_response(request, Kind.SERVER_ERROR)
    kind = STATUS_KINDS.get(error.status_code, Kind.BAD_REQUEST)
    headers = dict(error.headers or {})
    if kind is Kind.METHOD_NOT_ALLOWED:
        headers["allow"] = ", ".join(roles.methods(request.url.path))
    return problem_response(request, kind, headers=headers)


async def on_invalid(request: Request, error: Exception) -> Response:
    """Answer a path (404), parameter (400) or body (422) of the wrong shape; never the values."""
    faults = _faults(error)
    if any(where[0] == "path" for where in faults):
        return problem_response(request, Kind.NOT_FOUND)
    in_body = any(where[0] == "body" for where in faults)
    pointers = sorted({"/".join(where[1:3]) for where in faults if where[0] != "body"})
    more = {} if in_body else {"parameters": pointers}
    return problem_response(request, Kind.INVALID if in_body else Kind.BAD_PARAMETER, more=more)


async def on_gis(request: Request, error: Exception) -> Response:
    """Answer an error of the domain by the one table."""
    kind = kind_of(error) if isinstance(error, GisError) else Kind.SERVER_ERROR
    return problem_response(request, kind)


def _faults(error: Exception) -> list[tuple[str, ...]]:
    """List where the faults of a validation stand."""
    found: RequestValidationError | Any = error
    return [tuple(str(step) for step in fault["loc"]) for fault in found.errors()]
