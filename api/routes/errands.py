"""What does a planner settle for many segments at once: a corridor, a visit, an inspector?"""

from typing import Annotated, Final, Self

from fastapi import APIRouter, Response, status
from pydantic import Field, model_validator

from api.answers import json_answer
from api.deps import AreaDep, KeyDep, MemberDep, StoreDep
from api.gate import GateRoute
from api.models import Body, Name, SegmentPatch, SegmentProperties
from api.work import corridor, errands
from api.work.once import Deed, once
from gis.areas import Area
from gis.store import Store

router = APIRouter(route_class=GateRoute, tags=["review"])

ERRANDS: Final = "/api/errands"
CORRIDOR: Final = "/api/review/{segment_id}/corridor"
MOST: Final = 500

CORNERS: Final = (3, 200)

Ids = Annotated[list[Name], Field(max_length=MOST)]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Place = Annotated[list[Degrees], Field(min_length=2, max_length=2)]
Corners = Annotated[list[Place], Field(min_length=CORNERS[0], max_length=CORNERS[1])]


class ErrandIn(Body):
    """What is asked of inspectors at these segments; no visit and nobody takes it back.

    A district, or an area by its corners [lon, lat], means all in it that need a person.
    """

    segment_ids: Annotated[Ids, Field(default_factory=list)]
    district: Name | None = None
    corners: Corners | None = None
    visit: bool = False
    inspector: Name | None = None
    note: Annotated[str, Field(max_length=2000)] = ""

    @model_validator(mode="after")
    def placed(self) -> Self:
        """Ask for segments, a district or an area: one of them."""
        if sum(map(bool, (self.segment_ids, self.district, self.corners))) != 1:
            msg = "an errand names segments, a district or the corners of an area"
            raise ValueError(msg)
        return self


class CorridorIn(Body):
    """A class for the segments of a corridor, each at the version that was read."""

    properties: SegmentProperties
    versions: Annotated[dict[str, int], Field(min_length=1, max_length=corridor.MOST)]


@router.get(ERRANDS)
def standing_errands(store: StoreDep) -> Response:
    """List what is asked of inspectors, who they are, and the districts to share out."""
    told = {
        "errands": errands.standing(store),
        "inspectors": errands.inspectors(store),
        "districts": errands.districts(store),
    }
    return json_answer(told)


@router.post(ERRANDS, status_code=status.HTTP_201_CREATED)
def ask(told: ErrandIn, store: StoreDep, area: AreaDep, who: MemberDep, key: KeyDep) -> Response:
    """Ask inspectors to visit segments, or give the segments to one of them."""
    body = told.model_dump(mode="json")
    wish = {name: body[name] for name in ("visit", "inspector", "note")}
    done = once(
        store,
        Deed(who, ERRANDS, key, body),
        lambda: errands.ask(store, told.segment_ids or _within(store, area, told), wish, who),
    )
    return Response(done.body, done.status, media_type="application/json")


def _within(store: Store, area: Area, told: ErrandIn) -> list[str]:
    """Return the segments of a district or an area that need a person."""
    if told.district:
        return errands.in_district(store, told.district)
    return errands.in_area(store, told.corners or [], epsg=area.crs)


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
