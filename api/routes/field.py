"""What does the field page ask of us?"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.answers import dumps, json_answer, read_answer
from api.deps import AreaDep, LanguageDep, MemberDep, StoreDep
from api.gate import GateRoute, PageRoute
from api.ogc.links import told
from api.pages import field
from api.pages.render import page
from api.work.field import around, district, outlined, own_marks, within
from maps.figure import origin

router = APIRouter(route_class=PageRoute, tags=["field"])
data = APIRouter(route_class=GateRoute, tags=["field"])

SCRIPT = "text/javascript"
MANIFEST = "application/manifest+json"
WIDEST_M = 5000


async def _options(
    segment: Annotated[str | None, Query(max_length=100)] = None,
    lang: Annotated[str | None, Query(max_length=10)] = None,
) -> tuple[str | None, str | None]:
    """Take what every page takes: the segment its scripts open, and the language chosen."""
    return segment, lang


@router.get(field.PAGE, dependencies=[Depends(_options)])
def field_page(request: Request, area: AreaDep, lang: LanguageDep) -> Response:
    """Show the page that an inspector keeps in the phone."""
    background = field.background(area)
    return page(
        request,
        "field",
        host=origin(background),
        says=field.texts(lang),
        version=field.version(area),
        form_address=field.FORM,
        background=background,
        attribution=(area.basemap or {}).get("attribution", "") if background else "",
    )


@router.get(field.PAGE + "/worker.js", response_class=Response, responses=told(SCRIPT))
def worker(request: Request, area: AreaDep) -> Response:
    """Give the worker that keeps the page; its scope is the page alone."""
    headers = {
        "service-worker-allowed": field.PAGE,
        "cache-control": "no-cache",
        "content-security-policy": "default-src 'none'; connect-src 'self'",
    }
    return read_answer(request, field.worker(area), SCRIPT, headers=headers)


@router.get(field.PAGE + "/manifest.webmanifest", response_class=Response, responses=told(MANIFEST))
def manifest(request: Request, area: AreaDep, lang: LanguageDep) -> Response:
    """Describe the page as something to install."""
    return read_answer(request, dumps(field.manifest(area, lang)), MANIFEST)


@data.get(field.FORM)
def form(request: Request, area: AreaDep) -> Response:
    """Give the form: signs, the class that follows from each, code lists and sentences."""
    return read_answer(request, dumps(field.form_data(area)))


async def _place(
    lon: Annotated[float | None, Query(ge=-180, le=180)] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90)] = None,
) -> tuple[float, float] | None:
    """Take a place where both its numbers are given."""
    return None if lon is None or lat is None else (lon, lat)


@data.get("/api/field/area")
def surroundings(
    store: StoreDep,
    area: AreaDep,
    place: Annotated[tuple[float, float] | None, Depends(_place)],
    radius_m: Annotated[float, Query(gt=0, le=WIDEST_M)] = 1000,
    corners: Annotated[str | None, Query(max_length=4000)] = None,
    district_id: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """Give what lies inside a drawn line, in a district or around a place.

    Without any of them it is what lies around some segment. `corners` is `lon,lat lon,lat …`.
    """
    if corners is not None:
        return json_answer(within(store, area, outlined(area, corners)))
    if district_id is not None:
        return json_answer(within(store, area, district(store, district_id)))
    return json_answer(around(store, area, place, radius_m))


@data.get("/api/field/me")
def me(who: MemberDep) -> Response:
    """Tell the phone whose log-in it has, and what time it is here."""
    return json_answer({"name": who.name, "role": who.role, "at": datetime.now(UTC).isoformat()})


@data.get("/api/field/marks")
def own(store: StoreDep, who: MemberDep, lang: LanguageDep) -> Response:
    """Tell somebody what became of what they sent."""
    return json_answer({"name": who.name, "marks": own_marks(store, who, lang)})
