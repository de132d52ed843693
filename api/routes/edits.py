"""Which writes does a collection take, and how is a mark put into it?"""

from typing import Annotated, Any, Final, Literal, NamedTuple

import orjson
from fastapi import APIRouter, Depends, Header, Path, Response, status
from pydantic import Field

from api.answers import feature_answer
from api.deps import AreaDep, BaseDep, LanguageDep, MemberDep, Prefer, StoreDep, VisitorDep
from api.gate import GateRoute
from api.models import Body
from api.ogc import allowing, wire
from api.ogc.links import GEOJSON
from api.work.marking import Mark, mark
from api.work.once import Deed, key_of, once

router = APIRouter(route_class=GateRoute, tags=["features"])

ITEMS: Final = "/ogc/collections/{collection_id}/items"
OBSERVATIONS: Final = "/ogc/collections/observations/items"
Fid = Annotated[str, Path(alias="fid")]
Degrees = Annotated[float, Field(allow_inf_nan=False)]


class PointIn(Body):
    """Where somebody stood, in the order of its system, and perhaps a height."""

    type: Literal["Point"]
    coordinates: Annotated[list[Degrees], Field(min_length=2, max_length=3)]


class MarkProperties(Body):
    """What was seen, in the words of ``POST /api/sync``."""

    segment_id: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Literal["mark", "visit"] = "mark"
    fields: Annotated[dict[str, Any], Field(default_factory=dict)]
    observed_at: Annotated[str, Field(max_length=40)] | None = None
    base_version: int | None = None
    accuracy_m: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None


class MarkIn(Body):
    """A new observation as a GeoJSON feature: CRS84, or what ``Content-Crs`` names."""

    type: Literal["Feature"]
    geometry: PointIn | None = None
    properties: MarkProperties


class Wishes(NamedTuple):
    """Under which key a mark is kept, whether it is wanted back, and where its place is said."""

    key: str | None
    prefer: str | None
    system: wire.Wire


async def _wishes(
    area: AreaDep,
    idempotency_key: Annotated[str | None, Header(pattern=r"^[!-~]{1,255}$")] = None,
    prefer: Prefer = None,
    content_crs: Annotated[str | None, Header(pattern="^<.{1,200}>$")] = None,
) -> Wishes:
    """Read the headers of a new mark."""
    return Wishes(idempotency_key, prefer, wire.wire(content_crs and content_crs[1:-1], area))


@router.options(ITEMS, status_code=status.HTTP_204_NO_CONTENT)
def items_options(collection_id: str, who: VisitorDep) -> Response:
    """Tell what may be done with a collection."""
    return _allow(allowing.of_items(collection_id, who))


@router.options(ITEMS + "/{fid}", status_code=status.HTTP_204_NO_CONTENT)
def item_options(collection_id: str, _fid: Fid, who: VisitorDep) -> Response:
    """Tell what may be done with a feature, whether it is there or not."""
    return _allow(allowing.of_item(collection_id, who))


@router.post(
    OBSERVATIONS,
    status_code=status.HTTP_201_CREATED,
    response_class=Response,
    responses={201: {"content": {GEOJSON: {}}}},
)
def add_observation(
    told: MarkIn,
    store: StoreDep,
    who: MemberDep,
    lang: LanguageDep,
    base: BaseDep,
    wishes: Annotated[Wishes, Depends(_wishes)],
) -> Response:
    """Keep a mark once; a token for desktop GIS may leave the key out."""
    sent = told.model_dump(mode="json")
    if told.geometry is not None:
        sent["geometry"]["coordinates"] = wire.located(told.geometry.coordinates, wishes.system)
    deed = Deed(who, OBSERVATIONS, key_of(who, OBSERVATIONS, wishes.key, sent), sent)
    answer = once(store, deed, lambda: mark(store, Mark(sent, deed.key), who, lang))
    where = f"{base}{OBSERVATIONS}/{orjson.loads(answer.body)['id']}"
    return feature_answer(answer.body, {"location": where}, answer.status, wishes.prefer)


def _allow(methods: list[str]) -> Response:
    """Answer with the methods."""
    return Response(status_code=204, headers={"allow": ", ".join(methods)})
