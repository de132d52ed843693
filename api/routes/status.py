"""What is the state of the inventory, and of the promises?"""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answers import dumps, read_answer
from api.deps import LanguageDep, MomentDep, PastStoreDep, VisitorDep
from api.gate import GateRoute
from api.work import promises as kept
from gis import inventory

router = APIRouter(route_class=GateRoute, tags=["status"])

Year = Annotated[int | None, Query(ge=2000, le=2100)]


@router.get("/api/status")
def status(request: Request, store: PastStoreDep, as_of: MomentDep) -> Response:
    """Tell classes, confidence, status, flags and coverage in figures."""
    if as_of is not None:
        return read_answer(request, dumps(inventory.status(store)))
    return read_answer(request, request.app.state.figures.body(store))


@router.get("/api/promises")
def promises(
    request: Request,
    store: PastStoreDep,
    who: VisitorDep,
    lang: LanguageDep,
    as_of: MomentDep,
    year: Year = None,
) -> Response:
    """Tell every promise: target, done, remaining, evidence."""
    police = request.app.state.police if as_of is None else None
    return read_answer(request, dumps(kept.answer(kept.Wish(store, year, who, lang, police))))
