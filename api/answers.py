"""How is an answer written?

JSON by orjson, with a strong tag on reads (304 when the client has it already); an OGC document
also as a page for people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.responses import Response

from api.ogc import tags
from api.ogc.links import HTML, JSON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

OPTIONS: Final = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY


def dumps(content: object) -> bytes:
    """Write JSON; times as ISO text, NaN as null."""
    return orjson.dumps(content, default=str, option=OPTIONS)


def read_answer(
    request: Request,
    body: bytes,
    media_type: str = JSON,
    *,
    tag: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer a read.

    Parameters
    ----------
    request
        Its ``If-None-Match`` may save the body.
    body
        The whole answer.
    media_type
        What the body is.
    tag
        Its strong tag, when a cheaper or better one than a digest of the body is known.
    headers
        Further headers.
    """
    etag = tag or tags.of_body(body)
    sent = {"etag": etag, "vary": "Accept, Accept-Language, Cookie", **(headers or {})}
    if tags.holds(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=sent)
    return Response(body, headers=sent, media_type=media_type)


def json_answer(
    content: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer anything that is no plain read."""
    return Response(dumps(content), status, headers, JSON)


def wants_html(accept: str) -> bool:
    """Tell from ``Accept`` whether a document is wanted as a page.

    Examples
    --------
    >>> wants_html("text/html,*/*"), wants_html("application/json, text/html"), wants_html("*/*")
    (True, False, False)
    """
    return HTML in accept and "json" not in accept


def told(content: Mapping[str, Any]) -> str:
    """Write a document so that a person can read it."""
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()
