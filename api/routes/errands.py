"""What does a planner settle for many segments at once: a corridor, a visit, an inspector?"""

from typing import Annotated, Final

from fastapi import APIRouter, Response, status
from pydantic import Field

from api.answers import json_answer
from api.deps import KeyDep, MemberDep, StoreDep
from api.gate import GateRoute
from api.models import Body, Name, SegmentPatch, SegmentProperties
from api.work import corridor, errands
from api.work.once import Deed, once

router = APIRouter(route_class=GateRoute, tags=["review"])

ERRANDS: Final = "/api/errands"
CORRIDOR: Final = "/api/review/{segment_id}/corridor"
MOST: Final = 500

Ids = Annotated[list[Name], Field(min_length=1, max_length=MOST)]


class ErrandIn(Body):
    """What is asked of inspectors at these segments; no visit and nobody takes it back."""

    segment_ids: Ids
    visit: bool = False
    inspector: Name | None = None
    note: Annotated[str, Field(max_length=2000)] = ""


class CorridorIn(Body):
    """A class for the segments of a corridor, each at the version that was read."""

    properties: SegmentProperties
    versions: Annotated[dict[str, int], Field(min_length=1, max_length=corridor.MOST)]


@router.get(ERRANDS)
def standing_errands(store: StoreDep) -> Response:
    """List what is asked of inspectors, and who they are."""
    told = {"errands": errands.standing(store), "inspectors": errands.inspectors(store)}
    return json_answer(told)


@router.post(ERRANDS, status_code=status.HTTP_201_CREATED)
def ask(told: ErrandIn, store: StoreDep, who: MemberDep, key: KeyDep) -> Response:
    """Ask inspectors to visit segments, or give the segments to one of them."""
    body = told.model_dump(mode="json")
    wish = {name: body[name] for name in ("visit", "inspector", "note")}
    done = once(
        store,
        Deed(who, ERRANDS, key, body),
        lambda: errands.ask(store, told.segment_ids, wish, who),
    )
    return Response(done.body, done.status, media_type="application/json")


@router.get(CORRIDOR)
def corridor_of(segment_id: str, store: StoreDep) -> Response:
    """List the segments that have the same name and hang together with one."""
    return json_answer({"segments": corridor.corridor(store, segment_id)})


@router.patch(CORRIDOR)
def decide_corridor(segment_id: str, told: CorridorIn, store: StoreDep, who: MemberDep) -> Response:
    """Decide the segments of a corridor one by one; each answer tells its own."""
    named = {one["segment_id"] for one in corridor.corridor(store, segment_id)}
    wanted = {one: version for one, version in told.versions.items() if one in named}
    patch = SegmentPatch(properties=told.properties)
    return json_answer({"results": corridor.decide(store, wanted, patch, who)})
