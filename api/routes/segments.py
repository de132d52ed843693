"""Why does a segment have its class, and what happened to it?"""

from typing import Final

from fastapi import APIRouter, Request, Response

from api.answers import dumps, read_answer
from api.auth.identity import Identity
from api.deps import CaughtUp, PastStoreDep, VisitorDep
from api.gate import GateRoute
from gis import explain as explaining

router = APIRouter(route_class=GateRoute, tags=["segments"])

INSIDERS: Final = ("inspector", "planner")
"""Roles that see who wrote a mark, and its note."""


@router.get("/api/segments/{segment_id}/explain", dependencies=[CaughtUp])
def explain(request: Request, segment_id: str, store: PastStoreDep, who: VisitorDep) -> Response:
    """Tell every piece of evidence, the rule that decided, and what spoke against it."""
    told = explaining.explain(store, segment_id, public=not _is_insider(who))
    return read_answer(request, dumps(told))


@router.get("/api/segments/{segment_id}/history")
def history(request: Request, segment_id: str, store: PastStoreDep, who: VisitorDep) -> Response:
    """Tell what people did at a segment, oldest first."""
    entries = explaining.history(store, segment_id, public=not _is_insider(who))
    return read_answer(request, dumps({"segment_id": segment_id, "history": entries}))


def _is_insider(who: Identity | None) -> bool:
    """Tell whether somebody may see authors, notes and photos."""
    return who is not None and who.role in INSIDERS
