"""How is the server doing, for a monitor on the same machine or an administrator?"""

from ipaddress import ip_address
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.gate import GateRoute
from api.ogc.links import told

PLAIN: Final = CONTENT_TYPE_LATEST.partition(";")[0]
FORWARDED: Final = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


class LocalRoute(GateRoute):
    """A route that a program on the same machine may call without a log-in."""

    def authorise(self, request: Request) -> Response | None:
        """Let a direct call over loopback pass; all others as the table says."""
        if is_local(request):
            request.state.public = False
            return None
        return super().authorise(request)


def is_local(request: Request) -> bool:
    """Tell whether a request comes straight from this machine, through no proxy."""
    host = request.client.host if request.client else ""
    direct = not any(name in request.headers for name in FORWARDED)
    try:
        return direct and ip_address(host).is_loopback
    except ValueError:
        return False


router = APIRouter(route_class=LocalRoute, tags=["health"])


@router.get("/metrics", response_class=Response, responses=told(PLAIN))
async def metrics(request: Request) -> Response:
    """Tell counters of this process in the text format of Prometheus."""
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)
