"""Which features does a collection hold, and who may change one?"""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response, status

from api.answers import feature_answer, read_answer
from api.deps import CaughtUp, MemberDep, Prefer, SceneDep, StoreDep, WideSceneDep
from api.gate import GateRoute
from api.models import SegmentPatch
from api.ogc import cql, pages, tags, wire
from api.ogc.formats import FORMATS, written
from api.ogc.links import FORMS, GEOJSON, HTML, told
from api.ogc.operands import queryable
from api.ogc.pages import LIMIT, LIMIT_MAX, Asked, Page
from api.pages.render import feature_page, features_page
from api.work.decision import settle
from gis.contracts import contract

router = APIRouter(route_class=GateRoute, tags=["features"])

ITEMS: Final = "/ogc/collections/{collection_id}/items"
_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_TIME: Final = rf"(\.\.|{_DAY}(T\d{{2}}:\d{{2}}:\d{{2}}(\.\d+)?(Z|[+-]\d{{2}}:\d{{2}}))?)"
WHEN: Final = rf"^({_TIME}|{_TIME}?/{_TIME}?)$"
CRS_HEADER: Final = "content-crs"

WRITTEN: Final[dict[int | str, dict[str, Any]]] = {
    **told(GEOJSON),
    202: {"description": "Kept beside somebody else's answer"},
    204: {"description": "Written, and no feature wanted back (Prefer: return=minimal)"},
}
Crs = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, json_schema_extra={"maximum": LIMIT_MAX})]


class ItemsRoute(GateRoute):
    """Features of a collection: each of its queryables is a parameter too."""

    def check_parameters(self, request: Request, known: set[str]) -> None:
        """Refuse parameters that neither the route nor the collection knows."""
        own = queryable(contract(request.path_params["collection_id"]))
        super().check_parameters(request, known | set(own))


async def _frame(
    bbox: Annotated[str | None, Query(max_length=500)] = None,
    bbox_crs: Annotated[str | None, Query(alias="bbox-crs", max_length=200)] = None,
    crs: Crs = None,
    limit: Limit = LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Asked:
    """Gather which page of which window is asked for; a larger limit is cut."""
    return Asked(bbox=bbox, bbox_crs=bbox_crs, crs=crs, limit=min(limit, LIMIT_MAX), cursor=cursor)


async def _asked(
    request: Request,
    frame: Annotated[Asked, Depends(_frame)],
    filter_: Annotated[str | None, Query(alias="filter", max_length=cql.MAX_LENGTH)] = None,
    lang: Annotated[cql.Language, Query(alias="filter-lang")] = "cql2-text",
    crs: Annotated[str | None, Query(alias="filter-crs", max_length=200)] = None,
    datetime: Annotated[str | None, Query(max_length=100, pattern=WHEN)] = None,
) -> Asked:
    """Gather everything that is asked of a collection."""
    own = queryable(contract(request.path_params["collection_id"]))
    sent = request.query_params
    return replace(
        frame,
        filter=filter_,
        filter_lang=lang,
        filter_crs=crs,
        datetime=datetime,
        as_of=sent.get("as_of"),
        properties=tuple((name, sent[name]) for name in own if name in sent),
    )


def items(
    request: Request,
    collection_id: str,
    scene: WideSceneDep,
    asked: Annotated[Asked, Depends(_asked)],
) -> Response:
    """List features, page by page in the order of their id."""
    page = pages.page(scene, collection_id, asked, request.app.state.secret)
    if scene.html:
        return features_page(request, scene, page)
    if scene.form in FORMATS:
        headers = {**_counts(page), "link": pages.link_header(page.links)}
        body = written(scene, collection_id, page)
        return read_answer(request, body, FORMS[scene.form], headers=headers)
    headers = {CRS_HEADER: f"<{page.system.uri}>"}
    return read_answer(request, page.body(), GEOJSON, headers=headers)


def _counts(page: Page) -> dict[str, str]:
    """Say how many features there are, where the body has no place for it."""
    return {
        "ogc-numbermatched": str(page.matched),
        "ogc-numberreturned": str(len(page.features)),
    }


router.add_api_route(
    ITEMS,
    items,
    route_class_override=ItemsRoute,
    response_class=Response,
    dependencies=[CaughtUp],
    responses=told(*FORMS.values()),
)


@router.get(
    ITEMS + "/{fid}",
    response_class=Response,
    responses=told(GEOJSON, HTML),
    dependencies=[CaughtUp],
)
def item(
    request: Request, collection_id: str, fid: str, scene: SceneDep, crs: Crs = None
) -> Response:
    """Read one feature."""
    system = wire.wire(crs, scene.area)
    feature = pages.one(scene.store, collection_id, fid)
    shown = pages.item(scene, collection_id, feature, system)
    if scene.html:
        return feature_page(request, scene, shown)
    return read_answer(
        request,
        shown,
        GEOJSON,
        tag=tags.tag(tags.state(feature), system.uri, scene.base),
        headers={CRS_HEADER: f"<{system.uri}>"},
    )


@router.patch("/ogc/collections/segments/items/{fid}", response_class=Response, responses=WRITTEN)
def patch_segment(
    fid: str,
    patch: SegmentPatch,
    store: StoreDep,
    who: MemberDep,
    if_match: Annotated[str | None, Header(max_length=1000)] = None,
    prefer: Prefer = None,
) -> Response:
    """Settle a segment: a decision is appended, no result is edited.

    202 where a desktop user could not see somebody else's change: both are kept, a planner settles.
    """
    settled = settle(store, fid, patch, if_match=if_match, who=who)
    headers = {"etag": tags.tag(tags.state(settled.feature), wire.CRS84)}
    code = status.HTTP_200_OK if settled.stands else status.HTTP_202_ACCEPTED
    return feature_answer(settled.feature, headers, code, prefer)
