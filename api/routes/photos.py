"""How are photos sent, seen, blurred and dropped?"""

from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Depends, Header, Path, Request, Response, status
from pydantic import Field, model_validator

from api.answers import json_answer
from api.deps import MemberDep, StoreDep
from api.errors import Problem
from api.gate import GateRoute, PhotoRoute
from api.kinds import Kind
from api.models import Body
from api.work import photos
from api.work.photos import Piece

router = APIRouter(route_class=GateRoute, tags=["photos"])
sending = APIRouter(route_class=PhotoRoute, tags=["photos"])

ONE: Final = "/api/photos/{sha256}"
JPEG: Final = "image/jpeg"
RANGE: Final = r"^bytes (\d{1,9})-(\d{1,9})/(\d{1,9})$"
MORE: Final = 308
"""The answer to a piece: go on where the header Range ends."""

BINARY: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
PICTURES: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": dict.fromkeys((JPEG, "image/png", "image/webp"), BINARY),
    }
}

Address = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Edge = Annotated[int, Field(ge=0, le=100_000)]


class Box(Body):
    """A part of the picture, in its pixels."""

    left: Edge
    top: Edge
    right: Edge
    bottom: Edge

    @model_validator(mode="after")
    def _has_an_inside(self) -> Self:
        """Refuse an empty box, which would blur nothing."""
        if self.left >= self.right or self.top >= self.bottom:
            msg = "right and bottom lie beyond left and top"
            raise ValueError(msg)
        return self


class BlurIn(Body):
    """What is to be made unreadable."""

    boxes: Annotated[list[Box], Field(min_length=1, max_length=100)]


async def _raw(request: Request) -> bytes:
    """Read the body as it came; the gate counts it."""
    return await request.body()


async def _piece(
    request: Request,
    content_range: Annotated[str | None, Header(pattern=RANGE)] = None,
) -> Piece | None:
    """Read where the body stands in the photo; nowhere means it is the whole."""
    if content_range is None:
        return None
    span, _, total = content_range.removeprefix("bytes ").partition("/")
    first, _, last = span.partition("-")
    length = len(await request.body())
    if int(last) - int(first) + 1 != length or int(last) >= int(total):
        raise Problem(Kind.BAD_RANGE)
    if int(total) > request.app.state.settings.max_photo:
        raise Problem(Kind.TOO_LARGE)
    return Piece(int(first), int(total))


@sending.put(
    ONE,
    status_code=status.HTTP_201_CREATED,
    openapi_extra=PICTURES,
    responses={
        200: {"description": "It was sent before"},
        MORE: {"description": "A piece was kept; the header Range says how much has come"},
    },
)
def put(
    sha256: Address,
    store: StoreDep,
    who: MemberDep,
    raw: Annotated[bytes, Depends(_raw)],
    piece: Annotated[Piece | None, Depends(_piece)],
) -> Response:
    """Keep a photo, whole or in pieces by ``Content-Range``; sending it again changes nothing."""
    whole = raw if piece is None else photos.gather(store, sha256, piece, raw, who)
    if isinstance(whole, int):
        return Response(status_code=MORE, headers=photos.range_header(whole))
    new = photos.keep(store, sha256, whole, who)
    code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
    return json_answer({"sha256": sha256, "state": photos.state(store, sha256)}, code)


@router.get(ONE, response_class=Response, responses={200: {"content": {JPEG: BINARY}}})
def get(sha256: Address, store: StoreDep) -> Response:
    """See a photo."""
    return Response(photos.read(store, sha256), media_type=JPEG)


@router.delete(ONE, status_code=status.HTTP_204_NO_CONTENT)
def delete(sha256: Address, store: StoreDep, who: MemberDep) -> Response:
    """Drop a photo for good."""
    photos.drop(store, sha256, who)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.post(ONE + "/blur")
def blur(sha256: Address, told: BlurIn, store: StoreDep, who: MemberDep) -> Response:
    """Make faces and number plates unreadable; the picture before is gone."""
    boxes = [(box.left, box.top, box.right, box.bottom) for box in told.boxes]
    photos.blur(store, sha256, boxes, who)
    return json_answer({"sha256": sha256, "state": photos.BLURRED})
