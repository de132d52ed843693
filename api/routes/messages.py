"""How does a resident tell the planners something about a segment?"""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Request, Response, status
from pydantic import Field

from api.answers import json_answer
from api.deps import MemberDep, SettingsDep, StoreDep
from api.errors import Problem
from api.gate import GateRoute
from api.kinds import Kind
from api.models import Body, Name
from api.work import messages as work
from api.work.senders import address_of

router = APIRouter(route_class=GateRoute, tags=["messages"])

MESSAGES: Final = "/api/messages"
LATER: Final = {"retry-after": "3600"}
ONE: Final = "/api/messages/{message_id}"


class MessageIn(Body):
    """A message; nobody is asked who they are."""

    segment_id: Name
    text: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]


class MessagePatch(Body):
    """How far a planner has come with a message."""

    state: Literal["open", "answered", "closed"]


@router.post(MESSAGES, status_code=status.HTTP_201_CREATED)
def leave(request: Request, told: MessageIn, store: StoreDep, settings: SettingsDep) -> Response:
    """Leave a message; planners read it, and it is deleted after twelve months."""
    address = address_of(request, behind_proxy=settings.https)
    if not request.app.state.senders.allowed(address):
        raise Problem(Kind.TOO_MANY, headers=LATER)
    message_id = work.leave(store, told.segment_id, told.text)
    return json_answer({"id": message_id}, status.HTTP_201_CREATED)


@router.get(MESSAGES)
def listed(store: StoreDep) -> Response:
    """List the messages, oldest first."""
    return json_answer({"messages": work.listed(store)})


@router.patch(ONE)
def settle(message_id: str, told: MessagePatch, store: StoreDep, who: MemberDep) -> Response:
    """Say that a message is answered or closed."""
    return json_answer(work.settle(store, message_id, told.state, who))
