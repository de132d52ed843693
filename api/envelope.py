"""What does every request and every answer carry, whatever route it meets?

A request id, security headers, the rule for caches, one line of log with the route's template
(never the address, the query or a body), a plain 500 for what nobody foresaw, and HEAD as GET
without its body. Under ``/ogc`` a trailing slash is the same address.
"""

from __future__ import annotations

import logging
import time
import uuid
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request

from api.errors import problem_response
from api.kinds import Kind

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG: Final = logging.getLogger("gcvag.http")
HSTS: Final = "max-age=31536000; includeSubDomains"
API_CSP: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
HEADERS: Final = {
    "server": "gcvag",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(self), microphone=()",
}
PRIVATE: Final = {"cache-control": "no-store", "vary": "Cookie, Authorization"}
OPEN: Final = {"access-control-allow-origin": "*", "access-control-expose-headers": "*"}
"""Public reads of the API may be read by any web map."""

OPEN_PATHS: Final = ("/ogc", "/api/")


class Envelope:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; only HTTP is touched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(_opened(scope), scope["method"], send)
        try:
            await self._app(answer.scope, receive, answer.send)
        except Exception:
            LOG.exception("unforeseen", extra=answer.facts())
            await answer.apologise(receive)
        finally:
            LOG.info("request", extra=answer.facts())
            answer.count()


class _Answer:
    """One answer on its way out."""

    def __init__(self, scope: Scope, method: str, send: Send) -> None:
        self.scope = scope
        self._method = method
        self._send = send
        self._status = 0
        self._began = time.perf_counter()

    async def send(self, message: Message) -> None:
        """Add the headers; drop the body of an answer to HEAD."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._dress(MutableHeaders(scope=message))
        elif self._method == "HEAD":
            message = {**message, "body": b""}
        await self._send(message)

    async def apologise(self, receive: Receive) -> None:
        """Answer 500 without a word of why, unless an answer has begun."""
        if self._status == 0:
            response = problem_response(Request(self.scope, receive), Kind.SERVER_ERROR)
            await response(self.scope, receive, self.send)

    def facts(self) -> dict[str, object]:
        """Say what happened, without anything that was sent."""
        route = self.scope.get("route")
        return {
            "request_id": self.scope["state"]["request_id"],
            "method": self._method,
            "route": getattr(route, "path", None),
            "status": self._status,
            "ms": round((time.perf_counter() - self._began) * 1000, 1),
        }

    def count(self) -> None:
        """Add this answer to the counters of the process."""
        route = getattr(self.scope.get("route"), "path", None)
        seconds = time.perf_counter() - self._began
        self.scope["app"].state.metrics.seen(self._method, route, self._status, seconds)

    def _dress(self, headers: MutableHeaders) -> None:
        """Set the headers every answer carries."""
        state = self.scope["state"]
        headers["x-request-id"] = state["request_id"]
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("content-security-policy", API_CSP)
        if self.scope["app"].state.settings.https:
            headers["strict-transport-security"] = HSTS
        personal = not state.get("public", True) or state.get("who") is not None
        if personal and not state.get("same_for_all", False):
            headers.update(PRIVATE)
            return
        headers.setdefault("cache-control", "no-cache")
        if self._method in {"GET", "HEAD"} and self.scope["path"].startswith(OPEN_PATHS):
            headers.update(OPEN)


def _opened(scope: Scope) -> Scope:
    """Give a request its id, read HEAD as GET, and take a trailing slash under /ogc away."""
    state = {**scope.get("state", {}), "request_id": uuid.uuid4().hex}
    path: str = scope["path"]
    if path.startswith("/ogc/"):
        path = path.rstrip("/")
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    return {**scope, "state": state, "path": path, "method": method}
