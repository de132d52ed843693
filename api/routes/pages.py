"""Which pages does everybody see, and how does one log in?"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response

from api.answers import read_answer
from api.auth.first import PATH
from api.deps import AreaDep, LanguageDep, StoreDep, VisitorDep
from api.gate import GateRoute, PageRoute
from api.pages import about, first, login, mapview, progress, promises
from api.pages.render import navigation, new_nonce, page, page_response
from api.work.promises import Wish


async def _options(
    segment: Annotated[str | None, Query(max_length=100)] = None,
    lang: Annotated[str | None, Query(max_length=10)] = None,
) -> tuple[str | None, str | None]:
    """Take what every page takes: the segment its scripts open, and the language chosen."""
    return segment, lang


router = APIRouter(route_class=PageRoute, tags=["pages"], dependencies=[Depends(_options)])
data = APIRouter(route_class=GateRoute, tags=["pages"])


@router.get("/", response_class=Response)
def public_map(request: Request, store: StoreDep, area: AreaDep, lang: LanguageDep) -> Response:
    """Show the public map."""
    nonce = new_nonce()
    drawn = request.app.state.map_view.drawn(store, area)
    nav = navigation(request, lang)
    html = mapview.html(drawn, area, lang=lang, nonce=nonce, nav=nav)
    return page_response(request, html, nonce, outside=mapview.outside(area)[1])


@data.get(mapview.DATA_URL)
def map_data(request: Request, store: StoreDep, area: AreaDep) -> Response:
    """Give the public map its data."""
    drawn = request.app.state.map_view.drawn(store, area)
    return read_answer(request, drawn.data, tag=drawn.tag)


@data.get(mapview.NAMES_URL)
def map_names(request: Request, store: StoreDep) -> Response:
    """Give the search of a large map every name and its place."""
    return read_answer(request, mapview.names(store))


@router.get("/loften")
def promises_page(
    request: Request,
    store: StoreDep,
    who: VisitorDep,
    lang: LanguageDep,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
) -> Response:
    """Show every promise beside what is done, and to those who record the forms for it."""
    wish = Wish(store, year, who, lang, request.app.state.police)
    return page(request, "promises", **promises.contents(wish))


@router.get("/lage")
def progress_page(request: Request, store: StoreDep, lang: LanguageDep) -> Response:
    """Show how far the inventory has come, what is open and how old the knowledge is."""
    told = request.app.state.progress.told(store)
    classes, asked = progress.classes(lang), progress.checks(lang)
    return page(request, "progress", **told, class_names=classes, check_names=asked)


@router.get("/om")
def about_page(request: Request, store: StoreDep, lang: LanguageDep) -> Response:
    """Tell what this is, from which sources, under which licences, and how accessible."""
    return page(request, "about", **about.facts(store, lang))


@router.get("/logga-in")
def login_page(request: Request) -> Response:
    """Show the log-in form."""
    return login.form(request)


@router.post("/logga-in")
def log_in(
    request: Request,
    store: StoreDep,
    username: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Begin a session, or show the form again; the same for every wrong pair."""
    return login.log_in(request, store, username, password)


@router.get(PATH)
def first_page(request: Request, store: StoreDep) -> Response:
    """Show the form for the first administrator, as long as nobody has a log-in."""
    return first.form(request, store)


@router.post(PATH)
def first_log_in(
    request: Request,
    store: StoreDep,
    code: Annotated[str, Form(max_length=200)] = "",
    username: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Make the first account with the code that the server printed."""
    return first.make(request, store, code, username, password)


@router.get("/logga-in/konto")
def log_in_outside(request: Request) -> Response:
    """Go to the municipality's own log-in."""
    return login.go_out(request)


@router.get(login.BACK)
def come_back(
    request: Request,
    store: StoreDep,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Come back from the municipality's own log-in and begin a session."""
    return login.come_back(request, store, state, code)


@router.post("/logga-ut")
def log_out(request: Request, store: StoreDep) -> Response:
    """End the session."""
    return login.log_out(request, store)
