"""Which features does a collection hold, and who may change one?"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from api.answers import read_answer
from api.deps import MemberDep, SceneDep, SettingsDep, StoreDep
from api.gate import GateRoute
from api.models import SegmentPatch
from api.ogc import pages, tags, wire
from api.ogc.links import GEOJSON
from api.ogc.pages import LIMIT, LIMIT_MAX, Asked
from api.pages.render import feature_page, features_page
from api.work.decision import settle

router = APIRouter(route_class=GateRoute, tags=["features"])

ITEMS: Final = "/ogc/collections/{collection_id}/items"
_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_TIME: Final = rf"(\.\.|{_DAY}(T\d{{2}}:\d{{2}}:\d{{2}}(\.\d+)?(Z|[+-]\d{{2}}:\d{{2}}))?)"
WHEN: Final = rf"^({_TIME}|{_TIME}?/{_TIME}?)$"
CRS_HEADER: Final = "content-crs"

Crs = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, json_schema_extra={"maximum": LIMIT_MAX})]


async def _asked(
    bbox: Annotated[str | None, Query(max_length=500)] = None,
    bbox_crs: Annotated[str | None, Query(alias="bbox-crs", max_length=200)] = None,
    crs: Crs = None,
    limit: Limit = LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Asked:
    """Gather what is asked of a collection; a larger limit is cut."""
    return Asked(bbox=bbox, bbox_crs=bbox_crs, crs=crs, limit=min(limit, LIMIT_MAX), cursor=cursor)


async def _any_time(
    datetime: Annotated[str | None, Query(max_length=100, pattern=WHEN)] = None,
) -> str | None:
    """Take a time: features of an inventory hold for every time, so all of them match."""
    return datetime


@router.get(ITEMS, dependencies=[Depends(_any_time)])
def items(
    request: Request,
    collection_id: str,
    scene: SceneDep,
    asked: Annotated[Asked, Depends(_asked)],
    settings: SettingsDep,
) -> Response:
    """List features, page by page in the order of their id."""
    page = pages.page(scene, collection_id, asked, settings.secret)
    headers = {CRS_HEADER: f"<{page.system.uri}>"}
    if scene.html:
        return features_page(request, scene, page)
    return read_answer(request, page.body(), GEOJSON, headers=headers)


@router.get(ITEMS + "/{fid}")
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


@router.patch("/ogc/collections/segments/items/{fid}")
def patch_segment(
    fid: str,
    patch: SegmentPatch,
    store: StoreDep,
    who: MemberDep,
    if_match: Annotated[str | None, Header(max_length=1000)] = None,
) -> Response:
    """Settle a segment: a decision is appended, no result is edited."""
    feature = settle(store, fid, patch, if_match=if_match, who=who)
    headers = {"etag": tags.tag(tags.state(feature), wire.CRS84), CRS_HEADER: f"<{wire.CRS84}>"}
    return Response(feature, headers=headers, media_type=GEOJSON)
