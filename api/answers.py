"""How is an answer written?

JSON by orjson, with a strong tag on reads (304 when the client has it already); an OGC document
also as a page for people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from starlette.responses import Response

from api import compress
from api.ogc import tags
from api.ogc.links import FORMS, GEOJSON, JSON
from api.ogc.wire import CRS84

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request

MINIMAL: Final = "return=minimal"
BARE: Final = {200: 204, 201: 201}
"""Status of a write without its feature, by its status with it."""

VARY: Final = "Accept, Accept-Encoding, Accept-Language, Cookie"
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
    shrink: Callable[[bytes, str], bytes] = compress.quick,
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
    shrink
        Compresses the body by the encoding that the client takes.
    """
    etag = tag or tags.of_body(body)
    same = unchanged(request, etag, headers)
    if same is not None:
        return same
    wish = request.headers.get("accept-encoding", "")
    encoding = compress.chosen(wish, media_type, len(body))
    sent = {"etag": compress.tagged(etag, encoding), "vary": VARY, **(headers or {})}
    if encoding is not None:
        sent["content-encoding"] = encoding
        body = shrink(body, encoding)
    return Response(body, headers=sent, media_type=media_type)


def unchanged(
    request: Request, tag: str, headers: Mapping[str, str] | None = None
) -> Response | None:
    """Answer 304 where the client holds what this tag names, else nothing."""
    known = tags.held(request.headers.get("if-none-match", ""), tag)
    if known is None:
        return None
    return Response(status_code=304, headers={"etag": known, "vary": VARY, **(headers or {})})


def json_answer(
    content: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer anything that is no plain read."""
    return Response(dumps(content), status, headers, JSON)


def feature_answer(
    feature: bytes, headers: Mapping[str, str], status: int, prefer: str | None
) -> Response:
    """Answer a write with the feature (CRS84), or without where that is preferred (RFC 7240)."""
    wishes = {wish.strip().lower() for wish in (prefer or "").split(",")}
    if status in BARE and MINIMAL in wishes:
        applied = {**headers, "preference-applied": MINIMAL}
        return Response(status_code=BARE[status], headers=applied)
    return Response(feature, status, {**headers, "content-crs": f"<{CRS84}>"}, GEOJSON)


def wants_html(accept: str) -> bool:
    """Tell from ``Accept`` whether a document is wanted as a page.

    Examples
    --------
    >>> wants_html("text/html,*/*"), wants_html("application/json, text/html"), wants_html("*/*")
    (True, False, False)
    """
    return wanted(accept, ("json", "html")) == "html"


def wanted(accept: str, forms: Sequence[str]) -> str:
    """Choose a format by ``Accept``: the first named with the highest weight; JSON otherwise.

    Examples
    --------
    >>> wanted("text/csv, application/json;q=0.5", tuple(FORMS)), wanted("image/png", ("json",))
    ('csv', 'json')
    """
    known = {FORMS[form]: form for form in forms} | {JSON: "json"}
    best, chosen = 0.0, "json"
    for part in accept.split(","):
        media_type, *more = (piece.strip() for piece in part.split(";"))
        weight = next((_weight(m[2:]) for m in more if m.startswith("q=")), 1.0)
        if media_type in known and weight > best:
            best, chosen = weight, known[media_type]
    return chosen


def _weight(text: str) -> float:
    """Read a quality value; nothing when it is none."""
    digits = text.replace(".", "", 1)
    return float(text) if digits.isascii() and digits.isdigit() else 0.0


def told(content: Mapping[str, Any]) -> str:
    """Write a document so that a person can read it."""
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()
