"""Is the server alive, and can it do its work?"""

from typing import Final

from fastapi import APIRouter, Response

from api.answers import json_answer
from api.deps import StoreDep
from api.gate import GateRoute
from api.work import readiness

router = APIRouter(route_class=GateRoute, tags=["health"])

ALIVE: Final = b'{"status":"ok"}'


@router.get("/health")
async def health() -> Response:
    """Say that the process answers; touches no file and no clock."""
    return Response(ALIVE, media_type="application/json")


@router.get("/ready")
def ready(store: StoreDep) -> Response:
    """Say that the store takes a write, knows the end of its history, and has room."""
    readiness.check(store)
    return json_answer({"status": "ready"})
