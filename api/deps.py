"""What do routes ask for?

The stores and the area stand on the app (put there by the lifespan); who asks stands on the
request (put there by the gate).
"""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Final, Literal, cast

from fastapi import Depends, Header, Query, Request

from api.answers import wanted
from api.auth.identity import Identity
from api.errors import Problem
from api.kinds import Kind
from api.ogc.links import FORMS
from api.ogc.scene import Scene
from api.past import seen_at
from api.settings import Settings
from api.texts import chosen
from gis.areas import Area
from gis.marks.clock import moment
from gis.store import Store
from gis.words import Language

FINDINGS: Final = "findings"
SEGMENTS: Final = "segments"


async def _store(request: Request) -> Store:
    """Return the public store; 503 while it is not open."""
    if request.app.state.store is None:
        raise Problem(Kind.STORE_FAULT)
    return cast("Store", request.app.state.store)


async def _area(request: Request) -> Area:
    """Return the area of the public store."""
    if request.app.state.area is None:
        raise Problem(Kind.STORE_FAULT)
    return cast("Area", request.app.state.area)


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


async def _language(
    request: Request, lang: Annotated[str | None, Query(max_length=10)] = None
) -> Language:
    """Return the language to answer in: the one named, the one kept, the browser's wish."""
    return chosen(lang, request.cookies, request.headers.get("accept-language", ""))


async def _base(request: Request) -> str:
    """Return the address the client called us by, without a slash at its end."""
    return str(request.base_url).rstrip("/")


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


async def _moment(
    as_of: Annotated[str | None, Query(json_schema_extra=MOMENT)] = None,
) -> datetime | None:
    """Return the moment asked for; a time without a zone is local, a day its first minute."""
    if as_of is None:
        return None
    try:
        # An unescaped plus arrives as a space.
        return moment(as_of.strip().replace(" ", "+"))
    except (ValueError, OverflowError):
        raise Problem(Kind.BAD_PARAMETER, parameters=["as_of"]) from None


MomentDep = Annotated[datetime | None, Depends(_moment)]


async def _caught_up(request: Request, store: StoreDep) -> None:
    """Wait until what was said before is in the layers, where an answer tells of findings.

    Of the collections only findings and a single segment wait: whoever reads one may be about to
    write it, and holds a tag that stands.
    """
    asked = request.path_params.get("collection_id", FINDINGS), request.path_params.get("fid")
    if "as_of" in request.query_params or asked[0] not in {FINDINGS, SEGMENTS}:
        return
    if asked != (SEGMENTS, None):
        wanted_id = asked[1] if asked[0] == SEGMENTS else None
        await request.app.state.follower.caught_up(store, wanted_id)


CaughtUp: Final = Depends(_caught_up)


async def _past_store(store: StoreDep, as_of: MomentDep) -> Store:
    """Return the public store as it stood at the moment asked for."""
    return seen_at(store, as_of)


PastStoreDep = Annotated[Store, Depends(_past_store)]


async def _bare_scene(
    request: Request,
    store: StoreDep,
    area: AreaDep,
    base: BaseDep,
    lang: LanguageDep,
    as_of: MomentDep,
) -> Scene:
    """Gather what an OGC answer rests on, whatever its format."""
    frames = request.app.state.frames
    return Scene(now=store, area=area, base=base, lang=lang, frames=frames, as_of=as_of)


BareSceneDep = Annotated[Scene, Depends(_bare_scene)]


async def _scene(
    request: Request, scene: BareSceneDep, f: Literal["json", "html"] | None = None
) -> Scene:
    """Choose between JSON and a page: ``f`` decides, then ``Accept``."""
    return replace(scene, form=f or wanted(request.headers.get("accept", ""), ("json", "html")))


async def _wide_scene(
    request: Request,
    scene: BareSceneDep,
    f: Literal["json", "html", "csv", "fgb", "geoparquet"] | None = None,
) -> Scene:
    """Choose the format of features: ``f`` decides, then ``Accept``."""
    return replace(scene, form=f or wanted(request.headers.get("accept", ""), tuple(FORMS)))


SceneDep = Annotated[Scene, Depends(_scene)]
WideSceneDep = Annotated[Scene, Depends(_wide_scene)]
