"""Where do the police mean to stand, and where have they stood?

A server that holds no police store has none of these routes: they answer like an unknown path.
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request, Response, status

from api.answers import json_answer
from api.deps import AreaDep, KeyDep, LanguageDep, MemberDep, StoreDep
from api.errors import Problem
from api.gate import GateRoute, PageRoute
from api.kinds import Kind
from api.models import ControlIn, ControlPatch, DrawIn, OutcomeIn, PlanIn, PlanPatch, UnclearIn
from api.pages import control_sheet
from api.pages import controls as page
from api.pages.render import navigation, new_nonce, page_response
from api.pages.render import page as whole_page
from api.work import police as work
from api.work import police_places as places
from api.work.once import Deed, once
from api.work.police import Desk
from gis.controls import draws as drawn_visits
from gis.controls import effect as controls_effect

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.store import Store

SITES = "/api/police/sites"
PLACE = "/api/police/place"
SITE = "/api/police/sites/{segment_id}"
UNCLEAR = "/api/police/observations"
EFFECT = "/api/police/effect"
DRAWS = "/api/police/draws"
PLANS = "/api/police/plans"
PLAN = "/api/police/plans/{plan_id}"
PERFORMED = "/api/police/plans/{plan_id}/performed"
CALENDAR = "/api/police/plans/{plan_id}/calendar"
CONTROLS = "/api/police/controls"
CONTROL = "/api/police/controls/{control_id}"
ACCESS = "/api/police/access"
ICS = "text/calendar"
PAGE = "/kontrollplatser"
SHEET = "/kontrollplatser/{plan_id}"


class PoliceRoute(GateRoute):
    """A route of the police store: not there where the server holds none."""

    def authorise(self, request: Request) -> Response | None:
        """Let the police pass, where there is something to pass to."""
        refused = super().authorise(request)
        if refused is None and request.app.state.police is None:
            raise Problem(Kind.NOT_FOUND)
        return refused


class PolicePageRoute(PageRoute):
    """A page of the police: not there where the server holds no police store."""

    def authorise(self, request: Request) -> Response | None:
        """Let the police pass, where there is something to pass to."""
        refused = super().authorise(request)
        if refused is None and request.app.state.police is None:
            raise Problem(Kind.NOT_FOUND)
        return refused


router = APIRouter(route_class=PoliceRoute, tags=["police"])
pages = APIRouter(route_class=PolicePageRoute, tags=["police"])


async def _desk(
    request: Request, store: StoreDep, area: AreaDep, who: MemberDep, lang: LanguageDep
) -> Desk:
    """Gather what the police work with."""
    return Desk(store, cast("Store", request.app.state.police), area, who, lang)


DeskDep = Annotated[Desk, Depends(_desk)]
KindQuery = Annotated[Literal["cyclist", "driver", "school"], Query()]
NumberQuery = Annotated[int, Query(ge=1, le=1000)]
LonQuery = Annotated[float, Query(ge=-180, le=180)]
LatQuery = Annotated[float, Query(ge=-90, le=90)]
SeedQuery = Annotated[int | None, Query(ge=0, lt=2**53)]
MatchHeader = Annotated[str | None, Header(alias="if-match", max_length=1000)]


@router.get(SITES)
def sites(
    desk: DeskDep,
    kind: KindQuery,
    n: NumberQuery = 10,
    seed: SeedQuery = None,
) -> Response:
    """Rank places for controls, each with its reasons."""
    work.note_read(desk, SITES)
    return json_answer(places.sites(desk, kind, n, seed))


@router.get(EFFECT)
def effect(desk: DeskDep, kind: KindQuery) -> Response:
    """Compare injuries near control sites before and after the first control, with its span."""
    work.note_read(desk, EFFECT)
    return json_answer(controls_effect(desk.public, desk.police, kind))


@router.get(SITE)
def site(segment_id: str, desk: DeskDep, kind: KindQuery) -> Response:
    """Say why a segment is among the chosen, or why it is not and where to go instead."""
    work.note_read(desk, SITE)
    return json_answer(places.explain(desk, segment_id, kind))


@router.get(PLACE)
def place(desk: DeskDep, kind: KindQuery, lon: LonQuery, lat: LatQuery) -> Response:
    """Say why any point of the map is or is not a place to stand at."""
    work.note_read(desk, PLACE)
    return json_answer(places.explain_place(desk, lon, lat, kind))


@router.post(UNCLEAR, status_code=status.HTTP_201_CREATED)
def send_unclear(told: UnclearIn, desk: DeskDep, key: KeyDep) -> Response:
    """Hand what was seen at an unclear place to the planners, without rank or reason."""
    deed = Deed(desk.who, UNCLEAR, key, told.model_dump())
    answer = once(desk.police, deed, lambda: places.send_unclear(desk, told.segment_id, told.note))
    return Response(answer.body, answer.status, media_type="application/json")


@router.get(DRAWS)
def draws(desk: DeskDep, kind: KindQuery) -> Response:
    """List what was drawn, newest first."""
    work.note_read(desk, DRAWS)
    return json_answer({"draws": drawn_visits(desk.police, kind)})


@router.post(DRAWS, status_code=status.HTTP_201_CREATED)
def draw(told: DrawIn, desk: DeskDep, key: KeyDep) -> Response:
    """Draw days and places at random in proportion to the ranking, some of them anywhere."""
    deed = Deed(desk.who, DRAWS, key, told.model_dump(mode="json"))
    answer = once(desk.police, deed, lambda: places.draw(desk, told.model_dump()))
    return Response(answer.body, answer.status, media_type="application/json")


@router.get(PLANS)
def plans(desk: DeskDep) -> Response:
    """List the plans that stand, by their start."""
    work.note_read(desk, PLANS)
    return json_answer({"plans": work.plans(desk)})


@router.post(PLANS, status_code=status.HTTP_201_CREATED)
def add_plan(told: PlanIn, desk: DeskDep, key: KeyDep) -> Response:
    """Keep a plan at any live segment and any time; doubts are warnings."""
    body = told.model_dump()
    return _created(desk, Deed(desk.who, PLANS, key, body), lambda: work.add_plan(desk, body))


@router.get(PLAN)
def plan(plan_id: str, desk: DeskDep) -> Response:
    """Read one plan with its tag."""
    work.note_read(desk, PLAN)
    return _told(work.plan(desk, plan_id))


@router.patch(PLAN)
def change_plan(
    plan_id: str, told: PlanPatch, desk: DeskDep, if_match: MatchHeader = None
) -> Response:
    """Change a plan: a new version, made on the one that stands."""
    return _told(work.change_plan(desk, plan_id, told.model_dump(exclude_unset=True), if_match))


@router.delete(PLAN, status_code=status.HTTP_204_NO_CONTENT)
def cancel_plan(plan_id: str, desk: DeskDep, if_match: MatchHeader = None) -> Response:
    """Take a plan away; the history keeps it."""
    work.cancel_plan(desk, plan_id, if_match)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.post(PERFORMED, status_code=status.HTTP_201_CREATED)
def perform(plan_id: str, told: OutcomeIn, desk: DeskDep, key: KeyDep) -> Response:
    """Keep a planned control as performed; the same plan again is the same control."""
    body = told.model_dump()
    deed = Deed(desk.who, PERFORMED.format(plan_id=plan_id), key, body)
    return _published(desk, _created(desk, deed, lambda: work.perform(desk, plan_id, body)))


@router.get(CALENDAR, response_class=Response, responses={200: {"content": {ICS: {}}}})
def calendar(plan_id: str, desk: DeskDep) -> Response:
    """Give a plan as a calendar file."""
    work.note_read(desk, CALENDAR)
    return Response(work.calendar(desk, plan_id), media_type=ICS)


@router.get(CONTROLS)
def controls(desk: DeskDep) -> Response:
    """List the performed controls, by their start."""
    work.note_read(desk, CONTROLS)
    return json_answer({"controls": work.performed(desk)})


@router.post(CONTROLS, status_code=status.HTTP_201_CREATED)
def add_control(told: ControlIn, desk: DeskDep, key: KeyDep) -> Response:
    """Keep a control that had no plan; it counts as recorded afterwards."""
    body = told.model_dump()
    deed = Deed(desk.who, CONTROLS, key, body)
    return _published(desk, _created(desk, deed, lambda: work.add_control(desk, body)))


@router.get(CONTROL)
def control(control_id: str, desk: DeskDep) -> Response:
    """Read one performed control with its tag."""
    work.note_read(desk, CONTROL)
    return _told(work.control(desk, control_id))


@router.patch(CONTROL)
def change_control(
    control_id: str, told: ControlPatch, desk: DeskDep, if_match: MatchHeader = None
) -> Response:
    """Correct a performed control: a new version, made on the one that stands."""
    changes: dict[str, Any] = told.model_dump(exclude_unset=True)
    return _published(desk, _told(work.change_control(desk, control_id, changes, if_match)))


@router.get(ACCESS)
def access(desk: DeskDep) -> Response:
    """List who of the police read what; this read stands last in it."""
    work.note_read(desk, ACCESS)
    return json_answer({"reads": work.reads(desk)})


@router.get(page.DATA_URL)
def site_map(
    desk: DeskDep, kind: KindQuery, n: NumberQuery = 10, seed: SeedQuery = None
) -> Response:
    """Give the page of the police its map and its ranked sites."""
    work.note_read(desk, page.DATA_URL)
    drawn = page.contents(desk.public, desk.area, kind, places.sites(desk, kind, n, seed))
    return json_answer(drawn.data)


@pages.get(PAGE, response_class=Response)
def control_page(
    request: Request, desk: DeskDep, kind: KindQuery = "cyclist", n: NumberQuery = 10
) -> Response:
    """Show where controls would do most good, and what is planned."""
    work.note_read(desk, PAGE)
    nonce = new_nonce()
    asked: dict[str, Any] = {"kind": kind, "n": n, "seed": places.standing(desk, kind)[1]}
    asked |= {"when": places.school_times(desk)} if kind == "school" else {}
    drawn = page.contents(desk.public, desk.area, kind, {"sites": [], "unclear": []})
    nav = navigation(request, desk.lang)
    written = page.html(drawn, desk.area, lang=desk.lang, nonce=nonce, nav=nav, asked=asked)
    return page_response(request, written, nonce)


@pages.get(SHEET, response_class=Response)
def plan_sheet(request: Request, plan_id: str, desk: DeskDep) -> Response:
    """Show one plan on a sheet to print: place, law, reasons, and room for the outcome."""
    work.note_read(desk, SHEET)
    return whole_page(request, "control_sheet", **control_sheet.contents(desk, plan_id))


def _created(desk: Desk, deed: Deed, act: "Callable[[], dict[str, Any]]") -> Response:
    """Do it once, keys and all in the police store."""
    answer = once(desk.police, deed, act)
    headers = {"etag": orjson.loads(answer.body)["etag"]}
    return Response(answer.body, answer.status, headers, "application/json")


def _told(shown: work.Shown) -> Response:
    return json_answer(shown.content, headers={"etag": shown.tag})


def _published(desk: Desk, answer: Response) -> Response:
    """Let the public figures follow what was just performed, where their delay is over."""
    work.publish(desk)
    return answer
