"""Which features does a collection hold, and who may change one?"""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Annotated, Any, Final, Literal, cast

import anyio.to_thread
from fastapi import APIRouter, Header, Query, Request, Response, status
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import QueryParams

from api.answers import feature_answer, read_answer, unchanged
from api.deps import DOCUMENT, MOMENT, Form, MemberDep, Prefer, StoreDep, form_of, scene
from api.gate import GateRoute
from api.models import SegmentPatch
from api.ogc import cql, pages, tags, wire
from api.ogc.formats import FORMATS, written
from api.ogc.links import FORMS, GEOJSON, HTML, told
from api.ogc.operands import queryable
from api.ogc.pages import LIMIT, LIMIT_MAX, Asked, Page
from api.ogc.scene import Scene
from api.pages.render import feature_page, features_page
from api.work.decision import settle
from api.work.following import Follower
from gis.contracts import contract

router = APIRouter(route_class=GateRoute, tags=["features"])

ITEMS: Final = "/ogc/collections/{collection_id}/items"
_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_TIME: Final = rf"(\.\.|{_DAY}(T\d{{2}}:\d{{2}}:\d{{2}}(\.\d+)?(Z|[+-]\d{{2}}:\d{{2}}))?)"
WHEN: Final = rf"^({_TIME}|{_TIME}?/{_TIME}?)$"
CRS_HEADER: Final = "content-crs"
SEGMENTS: Final = "segments"
WAITING: Final = ("findings", SEGMENTS)
"""Of these one feature is shown once all that was said before is in it; a list of findings too."""

WRITTEN: Final[dict[int | str, dict[str, Any]]] = {
    **told(GEOJSON),
    202: {"description": "Kept beside somebody else's answer"},
    204: {"description": "Written, and no feature wanted back (Prefer: return=minimal)"},
}


class AskedRoute(GateRoute):
    """A read that takes one model of its question.

    The framework describes it; its handler is not used, for it takes as long as the read itself.
    """

    def handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what reads the question and calls the endpoint."""
        model, read = self.endpoint.__annotations__["question"].__origin__, self.endpoint

        async def answer(request: Request) -> Response:
            try:
                question = model.model_validate(dict(request.query_params))
            except ValidationError as error:
                faults = [{**one, "loc": ("query", *one["loc"])} for one in error.errors()]
                raise RequestValidationError(faults) from None
            told: Response = await read(request, question=question, **request.path_params)
            return told

        return answer


class ItemsRoute(AskedRoute):
    """Features of a collection: each of its queryables is a parameter too."""

    def check_parameters(self, request: Request, known: set[str]) -> None:
        """Refuse parameters that neither the route nor the collection knows."""
        own = queryable(contract(request.path_params["collection_id"]))
        super().check_parameters(request, known | set(own))


class OneQuestion(BaseModel):
    """What may be asked of one feature in the address."""

    crs: Annotated[str | None, Field(max_length=200)] = None
    lang: Annotated[str | None, Field(max_length=10)] = None
    as_of: Annotated[str | None, Field(json_schema_extra=MOMENT)] = None
    f: Form = None


class Question(BaseModel):
    """What may be asked of a collection in the address, besides its queryables."""

    bbox: Annotated[str | None, Field(max_length=500)] = None
    bbox_crs: Annotated[str | None, Field(alias="bbox-crs", max_length=200)] = None
    crs: Annotated[str | None, Field(max_length=200)] = None
    limit: Annotated[int, Field(ge=1, json_schema_extra={"maximum": LIMIT_MAX})] = LIMIT
    cursor: Annotated[str | None, Field(max_length=500)] = None
    filter: Annotated[str | None, Field(max_length=cql.MAX_LENGTH)] = None
    filter_lang: Annotated[cql.Language, Field(alias="filter-lang")] = "cql2-text"
    filter_crs: Annotated[str | None, Field(alias="filter-crs", max_length=200)] = None
    datetime: Annotated[str | None, Field(max_length=100, pattern=WHEN)] = None
    lang: Annotated[str | None, Field(max_length=10)] = None
    as_of: Annotated[str | None, Field(json_schema_extra=MOMENT)] = None
    f: Literal["json", "html", "csv", "fgb", "geoparquet"] | None = None

    def of(self, collection_id: str, sent: QueryParams) -> Asked:
        """Gather everything that is asked of a collection; a larger limit is cut."""
        own = queryable(contract(collection_id))
        told = self.model_dump(exclude={"lang", "f", "limit"})
        named = tuple((name, sent[name]) for name in own if name in sent)
        return Asked(**told, limit=min(self.limit, LIMIT_MAX), properties=named)


async def items(
    request: Request, collection_id: str, question: Annotated[Question, Query()]
) -> Response:
    """List features, page by page in the order of their id."""
    form = form_of(request, question.f, tuple(FORMS))
    seen = scene(request, question.lang, question.as_of, form)
    asked = question.of(collection_id, request.query_params)
    answer = partial(_items, request, collection_id, seen, asked)
    if collection_id == WAITING[0] and seen.as_of is None:
        return await _follower(request).read(seen.now, None, answer)
    return await anyio.to_thread.run_sync(answer)


def _items(request: Request, collection_id: str, seen: Scene, asked: Asked) -> Response:
    if seen.html:
        return features_page(request, seen, _page(request, collection_id, seen, asked))
    # The tag is read before the page: a page may be newer than its tag says, never older. Who
    # holds it has asked this before, and the page need not be read.
    tag = tags.of_state(seen.now, seen.form, str(request.url))
    same = unchanged(request, tag)
    if same is not None:
        return same
    page = _page(request, collection_id, seen, asked)
    if seen.form in FORMATS:
        headers = {**_counts(page), "link": pages.link_header(page.links)}
        body = written(seen, collection_id, page)
        return read_answer(request, body, FORMS[seen.form], tag=tag, headers=headers)
    headers = {CRS_HEADER: f"<{page.system.uri}>"}
    return read_answer(request, page.body(), GEOJSON, tag=tag, headers=headers)


def _page(request: Request, collection_id: str, seen: Scene, asked: Asked) -> Page:
    return pages.page(seen, collection_id, asked, request.app.state.secret)


def _follower(request: Request) -> Follower:
    """Return who knows what is not in the layers yet."""
    return cast("Follower", request.app.state.follower)


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
    responses=told(*FORMS.values()),
)


async def item(
    request: Request, collection_id: str, fid: str, question: Annotated[OneQuestion, Query()]
) -> Response:
    """Read one feature.

    Whoever reads a segment may be about to write it, and holds a tag that stands.
    """
    form = form_of(request, question.f, DOCUMENT)
    seen = scene(request, question.lang, question.as_of, form)
    answer = partial(_item, request, (collection_id, fid), seen, question.crs)
    if collection_id in WAITING and seen.as_of is None:
        waited = fid if collection_id == SEGMENTS else None
        return await _follower(request).read(seen.now, waited, answer)
    return await anyio.to_thread.run_sync(answer)


def _item(request: Request, named: tuple[str, str], seen: Scene, crs: str | None) -> Response:
    system = wire.wire(crs, seen.area)
    feature = pages.one(seen.store, *named)
    shown = pages.item(seen, named[0], feature, system)
    if seen.html:
        return feature_page(request, seen, shown)
    return read_answer(
        request,
        shown,
        GEOJSON,
        tag=tags.tag(tags.state(feature), system.uri, seen.base),
        headers={CRS_HEADER: f"<{system.uri}>"},
    )


router.add_api_route(
    ITEMS + "/{fid}",
    item,
    route_class_override=AskedRoute,
    response_class=Response,
    responses=told(GEOJSON, HTML),
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
