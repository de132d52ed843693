"""Which signs, plates and markings are needed, and who sees to them?"""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Query, Request, Response, status
from fastapi.responses import RedirectResponse

from api.deps import AreaDep, LanguageDep, MemberDep, StoreDep
from api.gate import GateRoute, PageRoute
from api.ogc.links import told as told_as
from api.pages import signwork as pages
from api.pages.render import page
from gis import signwork

router = APIRouter(route_class=PageRoute, tags=["signwork"])
data = APIRouter(route_class=GateRoute, tags=["signwork"])

PAGE: Final = "/skyltatgarder"
LIST: Final = "/api/signwork"


@router.get(PAGE)
def signwork_page(
    request: Request,
    store: StoreDep,
    area: AreaDep,
    lang: LanguageDep,
    state: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the work on signs; with a state only what stands in it."""
    work = signwork.listed(store, area.country)
    counts = work["state"].value_counts().to_dict()
    wanted = work[work["state"].eq(state)] if state else work
    return page(
        request,
        "signwork",
        rows=pages.shown(wanted, lang),
        states=pages.states(lang),
        counts=counts,
        total=len(work),
        chosen=state,
    )


@router.post(PAGE)
def change_signwork(
    store: StoreDep,
    who: MemberDep,
    work_id: Annotated[str, Form(max_length=200)],
    state: Annotated[Literal["open", "ordered", "done"], Form()],
    responsible: Annotated[str, Form(max_length=200)] = "",
    note: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Keep how far somebody has come, and show the list again."""
    told = signwork.Change(state, responsible.strip(), note.strip())
    signwork.change(store, work_id, told, who.author)
    return RedirectResponse(f"{PAGE}#{work_id}", status.HTTP_303_SEE_OTHER)


@data.get(LIST, response_class=Response, responses=told_as("text/csv", "application/pdf"))
def signwork_list(
    store: StoreDep,
    area: AreaDep,
    lang: LanguageDep,
    f: Literal["csv", "pdf"] = "csv",
) -> Response:
    """Give the list for a spreadsheet or on paper."""
    work = signwork.listed(store, area.country)
    if f == "pdf":
        body, kind = pages.as_pdf(work, lang, title=area.name), "application/pdf"
    else:
        body, kind = pages.as_csv(work, lang), "text/csv; charset=utf-8"
    headers = {"content-disposition": f'attachment; filename="skyltatgarder.{f}"'}
    return Response(body, media_type=kind, headers=headers)
