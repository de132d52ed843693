"""How does a planner upload a delivery, and how far is it?"""

from datetime import date
from typing import Annotated, Final, cast

import orjson
from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile, status

from api.answers import json_answer
from api.deps import KeyDep, LanguageDep, MemberDep, StoreDep
from api.gate import GateRoute, UploadRoute
from api.texts import page_texts
from api.work import imports, jobs
from api.work.imports import Importing
from api.work.jobs import Lane
from api.work.once import Deed, once
from gis.deliveries import Told
from gis.words import translated

router = APIRouter(route_class=UploadRoute, tags=["imports"])
reading = APIRouter(route_class=GateRoute, tags=["imports"])

IMPORTS: Final = "/api/imports"
JOB: Final = "/api/jobs/{job_id}"

Word = Annotated[str | None, Form(min_length=1, max_length=100)]
Day = Annotated[date | None, Form(alias="date")]
Mapping = Annotated[str | None, Form(max_length=100_000)]


async def _told(
    kind: Word = None, source: Word = None, day: Day = None, mapping: Mapping = None
) -> Told:
    """Gather what is said of the file."""
    said = None if day is None else day.isoformat()
    return Told(kind=kind, source=source, date=said, mapping=mapping)


async def _lane(request: Request) -> Lane:
    """Return the lane of this process."""
    return cast("Lane", request.app.state.lane)


@router.post(
    IMPORTS,
    status_code=status.HTTP_202_ACCEPTED,
    responses={202: {"headers": {"Location": {"schema": {"type": "string"}}}}},
)
def upload(
    lane: Annotated[Lane, Depends(_lane)],
    store: StoreDep,
    who: MemberDep,
    key: KeyDep,
    file: Annotated[UploadFile, File()],
    told: Annotated[Told, Depends(_told)],
) -> Response:
    """Take a delivered file; what becomes of it is told at the address in ``Location``."""
    sent = imports.receive(file.file, file.filename or "", told)
    made: list[str] = []

    def act() -> dict[str, str]:
        """Find room for the job and write it down."""
        lane.reserve()
        made.append(lane.record(store, "import", who))
        return {"id": made[0]}

    deed = Deed(who, IMPORTS, key, sent.described(), status.HTTP_202_ACCEPTED)
    try:
        answer = once(store, deed, act)
    finally:
        if not made:
            sent.folder.cleanup()
    if made:
        lane.start(store, made[0], Importing(store, sent))
    location = JOB.format(job_id=orjson.loads(answer.body)["id"])
    return Response(answer.body, answer.status, {"location": location}, "application/json")


@reading.get(JOB)
def job(job_id: str, store: StoreDep, lang: LanguageDep) -> Response:
    """Tell how far a job is, and how it ended."""
    told = jobs.one(store, job_id)
    message = page_texts(lang)[f"job.{told['message']}"]
    return json_answer(told | {"message": message, "detail": translated(told["detail"], lang)})
