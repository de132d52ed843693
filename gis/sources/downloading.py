"""How is an answer fetched from one service, whole or not at all?

Only http and https, only the host that was named: a redirect to another is refused. A busy or
broken server is asked again with growing pauses, as long as the time allows. An answer that is cut,
too big or a web page is no answer.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import urlsplit

from gis.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from http.client import HTTPMessage, HTTPResponse
    from typing import IO

SCHEMES: Final = ("http", "https")
BUSY: Final = (429, 500, 502, 503, 504)
CHUNK_BYTES: Final = 1 << 16
BEGINS: Final = (b"{", b"[")
LONGEST_PAUSE_S: Final = 60.0
LOOKED_AT: Final = 64
AGENT: Final = "gcvag (inventory of foot and cycle paths)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long, how big and how often: seconds in all, seconds of silence, bytes, tries."""

    time_s: float = 900.0
    silence_s: float = 200.0
    size_bytes: int = 1 << 30
    tries: int = 5
    pause_s: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a service: an address, a body for a POST, further headers."""

    address: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Whom the address names, for messages."""
        return urlsplit(self.address).hostname or self.address


class _BusyError(Exception):
    """The service may answer later; `pause_s` is what it asks for."""

    def __init__(self, why: str, pause_s: float | None = None) -> None:
        super().__init__(why)
        self.pause_s = pause_s


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follow a redirect on the same host alone, and never from https to http."""

    def redirect_request(  # the signature is the standard library's
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Refuse another host."""
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        weaker = old.scheme == "https" and new.scheme != "https"
        if new.scheme not in SCHEMES or new.hostname != old.hostname or weaker:
            there = f"{new.scheme}://{new.hostname}"
            msg = (
                f"{old.hostname}: it sends us on to {there}; name it in the area profile if right."
            )
            raise SourceError(msg)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch_json(
    question: Question,
    limits: Limits | None = None,
    *,
    sleep: Callable[[float], object] = time.sleep,
) -> bytes:
    """Fetch an answer in JSON.

    Parameters
    ----------
    question
        What is asked.
    limits
        When to give up.
    sleep
        How pauses are made.

    Returns
    -------
    answer
        The bytes, which begin as JSON does and are whole by the server's own count.

    Raises
    ------
    SourceError
        If the address is none of the web, the service refuses, answers with something else, sends
        us elsewhere, or does not answer in time.
    """
    allowed = limits or Limits()
    _check_address(question.address)
    end = time.monotonic() + allowed.time_s
    why, pause_s = "", allowed.pause_s
    for number in range(allowed.tries):
        try:
            return _checked(_once(question, allowed, end), question)
        except _BusyError as busy:
            why = str(busy)
            wait_s = min(busy.pause_s or pause_s, LONGEST_PAUSE_S)
        if number + 1 == allowed.tries or time.monotonic() + wait_s > end:
            break
        sleep(wait_s)
        pause_s *= 2
    msg = f"{question.host}: {why}, also when asked again; try later or import a file."
    raise SourceError(msg)


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES or not parts.hostname or parts.username:
        msg = f"{address!r} is no address to fetch from; it begins with https:// and names a host."
        raise SourceError(msg)


def _once(question: Question, limits: Limits, end: float) -> bytes:
    """Ask once."""
    request = urllib.request.Request(
        question.address,
        data=question.body,
        headers={"User-Agent": AGENT, "Accept": "application/json", **question.headers},
    )
    opener = urllib.request.build_opener(_SameHost)
    try:
        with opener.open(request, timeout=min(limits.silence_s, limits.time_s)) as answer:
            return _read(answer, question, limits, end)
    except urllib.error.HTTPError as error:
        _refuse(error, question)
    except (OSError, HTTPException) as error:
        msg = "no whole answer came"
        raise _BusyError(msg) from error


def _refuse(error: urllib.error.HTTPError, question: Question) -> NoReturn:
    """Tell a service that is busy from one that says no."""
    with error:
        if error.code in BUSY:
            asked = error.headers.get("Retry-After", "")
            msg = f"the service answers {error.code}"
            raise _BusyError(msg, float(asked) if asked.isdigit() else None) from error
        msg = f"{question.host}: the service answers {error.code}; check address and key."
        raise SourceError(msg) from error


def _read(answer: HTTPResponse, question: Question, limits: Limits, end: float) -> bytes:
    """Read an answer to its end, within size and time."""
    told = answer.headers.get("Content-Length")
    held = bytearray()
    # What has come is taken at once, so that a server that drips does not hold us past the time.
    while part := answer.read1(CHUNK_BYTES):
        held += part
        if len(held) > limits.size_bytes:
            msg = f"{question.host}: the answer is over {limits.size_bytes} bytes; ask for less."
            raise SourceError(msg)
        if time.monotonic() > end:
            msg = f"{question.host}: no whole answer within {limits.time_s:g} s; try later."
            raise SourceError(msg)
    if told is not None and told.isdigit() and len(held) != int(told):
        msg = "the answer is cut"
        raise _BusyError(msg)
    return bytes(held)


def _checked(answer: bytes, question: Question) -> bytes:
    """Refuse what does not begin as JSON."""
    if not answer.removeprefix(b"\xef\xbb\xbf")[:LOOKED_AT].lstrip().startswith(BEGINS):
        msg = f"{question.host}: the answer is no JSON but perhaps a web page; check the address."
        raise SourceError(msg)
    return answer
