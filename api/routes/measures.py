"""Which measures did police and municipality perform?"""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Header, Response, status

from api.answers import json_answer
from api.deps import AreaDep, KeyDep, LanguageDep, MemberDep, StoreDep
from api.gate import GateRoute
from api.models import MeasureIn, MeasurePatch
from api.work import measures as work
from api.work.measures import Desk
from api.work.once import Deed, once

router = APIRouter(route_class=GateRoute, tags=["measures"])

MEASURES = "/api/measures"
ONE = "/api/measures/{measure_id}"


async def _desk(store: StoreDep, area: AreaDep, lang: LanguageDep) -> Desk:
    """Gather what measures are recorded with."""
    return Desk(store, area, lang)


DeskDep = Annotated[Desk, Depends(_desk)]


@router.get(MEASURES)
def listed(store: StoreDep) -> Response:
    """List every measure as it stands."""
    return json_answer({"measures": work.listed(store)})


@router.get(ONE)
def one(measure_id: str, store: StoreDep) -> Response:
    """Read one measure with its tag."""
    shown = work.one(store, measure_id)
    return json_answer(shown.content, headers={"etag": shown.tag})


@router.post(MEASURES, status_code=status.HTTP_201_CREATED)
def record(told: MeasureIn, desk: DeskDep, who: MemberDep, key: KeyDep) -> Response:
    """Record a performed measure once, and say what it counts for."""
    deed = Deed(who, MEASURES, key, told.model_dump(mode="json"))
    answer = once(desk.store, deed, lambda: work.record(desk, told, who).content)
    headers = {"etag": orjson.loads(answer.body)["etag"]}
    return Response(answer.body, answer.status, headers, "application/json")


@router.patch(ONE)
def correct(
    measure_id: str,
    told: MeasurePatch,
    desk: DeskDep,
    who: MemberDep,
    if_match: Annotated[str | None, Header(max_length=1000)] = None,
) -> Response:
    """Correct a measure: a new version, the old one stays in the history."""
    shown = work.correct(desk, measure_id, told, if_match=if_match, who=who)
    return json_answer(shown.content, headers={"etag": shown.tag})
