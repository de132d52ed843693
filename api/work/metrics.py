"""What is counted about the server, for those who run it?

Requests by method, route template and status, and how long they took; jobs and waiting calls.
Never a value of a path, a query, a name or a place. What the police call is not counted at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET: Final = ("/api/police", "/kontrollplatser")
BUCKETS: Final = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0)
UNKNOWN: Final = "none"


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "gcvag_requests",
            "Requests that were answered",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "gcvag_request_seconds",
            "Time until a request was answered",
            ["route"],
            buckets=BUCKETS,
            registry=self._registry,
        )

    def watch(self, name: str, told: str, value: Callable[[], float]) -> None:
        """Show a number that is asked for when somebody reads."""
        Gauge(name, told, registry=self._registry).set_function(value)

    def seen(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count one request."""
        if route is not None and route.startswith(SECRET):
            return
        known = method if method in {"GET", "POST", "PUT", "PATCH", "DELETE"} else UNKNOWN
        self._requests.labels(known, route or UNKNOWN, str(status)).inc()
        self._seconds.labels(route or UNKNOWN).observe(seconds)

    def text(self) -> bytes:
        """Write everything in the text format of Prometheus."""
        return generate_latest(self._registry)
