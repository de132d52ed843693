"""What do routes ask for?

The stores and the area stand on the app (put there by the lifespan); who asks stands on the
request (put there by the gate).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal, cast

from fastapi import Depends, Header, Query, Request

from api.answers import wanted
from api.auth.identity import Identity
from api.errors import Problem
from api.kinds import Kind
from api.ogc.scene import Scene
from api.past import seen_at
from api.settings import Settings
from api.texts import chosen
from gis.areas import Area
from gis.marks.clock import moment
from gis.store import Store
from gis.words import Language

DOCUMENT: Final = ("json", "html")
Form = Literal["json", "html"] | None


def opened(request: Request) -> Store:
    """Return the public store; 503 while it is not open."""
    if request.app.state.store is None:
        raise Problem(Kind.STORE_FAULT)
    return cast("Store", request.app.state.store)


async def _store(request: Request) -> Store:
    """Return the public store."""
    return opened(request)


def covered(request: Request) -> Area:
    """Return the area of the public store; 503 while it is not open."""
    if request.app.state.area is None:
        raise Problem(Kind.STORE_FAULT)
    return cast("Area", request.app.state.area)


async def _area(request: Request) -> Area:
    """Return the area of the public store."""
    return covered(request)


async def _settings(request: Request) -> Settings:
    """Return the settings of the app."""
    return cast("Settings", request.app.state.settings)


async def _visitor(request: Request) -> Identity | None:
    """Return who asks, or nobody."""
    return cast("Identity | None", request.state.who)


async def _member(request: Request) -> Identity:
    """Return who asks on a route that needs a log-in."""
    if request.state.who is None:
        raise Problem(Kind.LOGIN_NEEDED)
    return cast("Identity", request.state.who)


Lang = Annotated[str | None, Query(max_length=10)]


def spoken(request: Request, lang: str | None) -> Language:
    """Return the language to answer in: the one named, the one kept, the browser's wish."""
    return chosen(lang, request.cookies, request.headers.get("accept-language", ""))


async def _language(request: Request, lang: Lang = None) -> Language:
    """Return the language to answer in."""
    return spoken(request, lang)


def address_of(request: Request) -> str:
    """Return the address the client called us by, without a slash at its end."""
    return str(request.base_url).rstrip("/")


async def _base(request: Request) -> str:
    """Return the address the client called us by."""
    return address_of(request)


async def _key(
    idempotency_key: Annotated[str | None, Header(pattern=r"^[!-~]{1,255}$")] = None,
) -> str:
    """Return the key under which an answer is kept; 400 without one."""
    if idempotency_key is None:
        raise Problem(Kind.NO_KEY)
    return idempotency_key


StoreDep = Annotated[Store, Depends(_store)]
AreaDep = Annotated[Area, Depends(_area)]
SettingsDep = Annotated[Settings, Depends(_settings)]
VisitorDep = Annotated[Identity | None, Depends(_visitor)]
MemberDep = Annotated[Identity, Depends(_member)]
LanguageDep = Annotated[Language, Depends(_language)]
BaseDep = Annotated[str, Depends(_base)]
KeyDep = Annotated[str, Depends(_key)]
Prefer = Annotated[str | None, Header(max_length=200)]


MOMENT: Final[dict[str, Any]] = {
    "anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]
}


AsOf = Annotated[str | None, Query(json_schema_extra=MOMENT)]


def at(as_of: str | None) -> datetime | None:
    """Return the moment asked for; a time without a zone is local, a day its first minute."""
    if as_of is None:
        return None
    try:
        # An unescaped plus arrives as a space.
        return moment(as_of.strip().replace(" ", "+"))
    except (ValueError, OverflowError):
        raise Problem(Kind.BAD_PARAMETER, parameters=["as_of"]) from None


async def _moment(as_of: AsOf = None) -> datetime | None:
    """Return the moment asked for."""
    return at(as_of)


MomentDep = Annotated[datetime | None, Depends(_moment)]


async def _caught_up(request: Request) -> None:
    """Wait until what was said before is in the layers."""
    if "as_of" not in request.query_params:
        await request.app.state.follower.caught_up(opened(request))


CaughtUp: Final = Depends(_caught_up)


async def _past_store(store: StoreDep, as_of: MomentDep) -> Store:
    """Return the public store as it stood at the moment asked for."""
    return seen_at(store, as_of)


PastStoreDep = Annotated[Store, Depends(_past_store)]


def scene(request: Request, lang: str | None, as_of: str | None, form: str = "json") -> Scene:
    """Gather what an OGC answer rests on; one call, for every dependency costs a request time."""
    return Scene(
        now=opened(request),
        area=covered(request),
        base=address_of(request),
        lang=spoken(request, lang),
        frames=request.app.state.frames,
        form=form,
        as_of=at(as_of),
    )


def form_of(request: Request, form: str | None, forms: Sequence[str]) -> str:
    """Choose the format of an answer: ``f`` decides, then ``Accept``."""
    return form or wanted(request.headers.get("accept", ""), forms)


async def _bare_scene(request: Request, lang: Lang = None, as_of: AsOf = None) -> Scene:
    """Gather what an OGC answer rests on, whatever its format."""
    return scene(request, lang, as_of)


async def _scene(request: Request, lang: Lang = None, as_of: AsOf = None, f: Form = None) -> Scene:
    """Gather what an OGC answer rests on, and choose between JSON and a page."""
    return scene(request, lang, as_of, form_of(request, f, DOCUMENT))


BareSceneDep = Annotated[Scene, Depends(_bare_scene)]
SceneDep = Annotated[Scene, Depends(_scene)]
