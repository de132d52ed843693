"""What becomes of the marks that a phone sends?"""

from fastapi import APIRouter, Response

from api.answers import json_answer
from api.deps import LanguageDep, MemberDep, StoreDep
from api.gate import GateRoute
from api.models import SyncIn, SyncOut
from api.work.sync import take

router = APIRouter(route_class=GateRoute, tags=["sync"])


@router.post("/api/sync", responses={200: {"model": SyncOut}})
def sync(sent: SyncIn, store: StoreDep, who: MemberDep, lang: LanguageDep) -> Response:
    """Keep every operation word for word, judge each, and bring its segment up to date."""
    return json_answer({"operations": take(store, sent.operations, who, lang)})
