"""What does a planner see, take back and accept?"""

from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Depends, Header, Query, Request, Response, status
from pydantic import Field, model_validator

from api.answers import feature_answer, json_answer, read_answer
from api.deps import AreaDep, CaughtUp, KeyDep, LanguageDep, MemberDep, Prefer, StoreDep
from api.gate import GateRoute, PageRoute
from api.models import Body
from api.ogc.links import GEOJSON
from api.ogc.links import told as told_as
from api.pages import review
from api.pages.mapview import outside
from api.pages.render import navigation, new_nonce, page_response
from api.pages.review_detail import detail
from api.work.answers import Answer, answer, take_back
from api.work.once import Deed, once

router = APIRouter(route_class=PageRoute, tags=["review"])
data = APIRouter(route_class=GateRoute, tags=["review"])

UNDO = "/api/segments/{segment_id}/undo"
FINDING = "/ogc/collections/findings/items/{fid}"
WRITTEN: dict[int | str, dict[str, Any]] = {
    **told_as(GEOJSON),
    204: {"description": "Written, and no feature wanted back (Prefer: return=minimal)"},
}


class UndoIn(Body):
    """Which version of the segment the planner had before them; null is unknown."""

    version: int | None = None


class FindingProperties(Body):
    """That a finding is right as it is, and why; or that this no longer holds."""

    state: Literal["accepted", "open"]
    reason: Annotated[str, Field(max_length=2000)] = ""

    @model_validator(mode="after")
    def reasoned(self) -> Self:
        """Ask for a reason where a finding is accepted."""
        if self.state == "accepted" and not self.reason.strip():
            msg = "a finding is accepted with a reason"
            raise ValueError(msg)
        return self


class FindingPatch(Body):
    """A merge patch of a finding."""

    type: Literal["Feature"] = "Feature"
    properties: FindingProperties


async def _options(
    segment: Annotated[str | None, Query(max_length=100)] = None,
    lang: Annotated[str | None, Query(max_length=10)] = None,
    *,
    notes: bool = False,
) -> review.Asked:
    """Take the segment its scripts open, the language chosen, and whether notes are work too."""
    return review.Asked(segment, lang, notes)


Options = Annotated[review.Asked, Depends(_options)]


@router.get("/granska", response_class=Response)
def review_page(
    request: Request, store: StoreDep, area: AreaDep, lang: LanguageDep, options: Options
) -> Response:
    """Show the segments that need a person, in order of work."""
    nonce = new_nonce()
    drawn = request.app.state.review_views[options.notes].drawn(store, area)
    nav = navigation(request, lang)
    html = review.html(drawn, area, lang=lang, nonce=nonce, nav=nav, asked=options)
    return page_response(request, html, nonce, outside=outside(area)[1])


@data.get(review.DATA_URL, dependencies=[CaughtUp])
def review_data(
    request: Request, store: StoreDep, area: AreaDep, *, notes: bool = False
) -> Response:
    """Give the review its map and its queue, with `notes` also what has notes alone."""
    drawn = request.app.state.review_views[notes].drawn(store, area)
    return read_answer(request, drawn.data, tag=drawn.tag)


@data.get(review.DATA_URL + "/{segment_id}", dependencies=[CaughtUp])
def review_detail(segment_id: str, store: StoreDep, area: AreaDep, who: MemberDep) -> Response:
    """Give everything a planner needs to settle one segment."""
    return json_answer(detail(store, area, segment_id, who.author))


@data.post(UNDO, status_code=status.HTTP_201_CREATED)
def undo(segment_id: str, told: UndoIn, store: StoreDep, who: MemberDep, key: KeyDep) -> Response:
    """Take the last decision of a segment back, as a new entry of its history."""
    route = UNDO.format(segment_id=segment_id)
    deed = Deed(who, route, key, told.model_dump(mode="json"))
    done = once(store, deed, lambda: take_back(store, segment_id, told.version, who))
    return Response(done.body, done.status, media_type="application/json")


@data.patch(FINDING, response_class=Response, responses=WRITTEN)
def patch_finding(
    fid: str,
    patch: FindingPatch,
    store: StoreDep,
    who: MemberDep,
    if_match: Annotated[str | None, Header(max_length=1000)] = None,
    prefer: Prefer = None,
) -> Response:
    """Accept a finding or open it again: an answer is appended, no result is edited."""
    told = Answer(patch.properties.state, patch.properties.reason)
    shown = answer(store, fid, told, if_match=if_match, who=who)
    return feature_answer(shown.feature, {"etag": shown.tag}, status.HTTP_200_OK, prefer)
