"""How is the web application put together?

``create_app`` has no side effects: stores are opened by the lifespan and closed by it. Order
outside in: envelope (headers, log, last resort), then the router, whose every route is a gate.
"""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import anyio
import anyio.to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api import errors, openapi
from api.auth.tries import Tries
from api.envelope import Envelope
from api.gate import GateRoute
from api.ogc import cursor
from api.ogc.frames import Frames
from api.ogc.tiles import Tiles
from api.pages import review
from api.pages.mapview import MapView, public
from api.pages.missing import on_http
from api.pages.progress import Progress
from api.routes import GROUPS
from api.work.backups import keep_backed_up
from api.work.drawing import keep_drawn
from api.work.figures import Figures
from api.work.following import Follower, behind
from api.work.housekeeping import keep_published, keep_tidy
from api.work.jobs import Lane
from api.work.metrics import Metrics
from api.work.senders import Senders
from gis.areas import Area
from gis.controls import open_police
from gis.errors import GisError
from gis.store import open_store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.settings import Settings

TITLE: Final = "gcvag"
DESCRIPTION: Final = "Inventory of foot and cycle paths: OGC API – Features, figures, writes."


def create_app(settings: Settings) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    settings
        Where the stores are and how the server runs.

    Returns
    -------
    app
        Opens the stores when it starts and closes them when it stops.
    """
    app = App(
        title=TITLE,
        version=version(TITLE),
        description=DESCRIPTION,
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.store = None
    app.state.police = None
    app.state.area = None
    app.state.map_view = MapView(public)
    app.state.review_views = tuple(
        MapView(partial(review.contents, notes=notes)) for notes in (False, True)
    )
    app.state.progress = Progress()
    app.state.frames = Frames()
    app.state.tiles = Tiles()
    app.state.tries = Tries(settings.tries_per_minute)
    app.state.senders = Senders()
    app.state.figures = Figures()
    app.state.metrics = Metrics()
    app.state.lane = Lane(hashlib.sha256(settings.secret).hexdigest())
    app.state.follower = Follower()
    app.state.metrics.watch("gcvag_jobs", "Imports that wait or run", app.state.lane.busy)
    waiting = "Marks and decisions that findings and neighbours do not show yet"
    app.state.metrics.watch("gcvag_marks_waiting", waiting, lambda: behind(app.state.store))
    app.router.route_class = GateRoute
    # The routes themselves, not their routers: each of these is looked through twice a request.
    app.router.routes.extend(route for group in GROUPS for route in group.routes)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, errors.on_invalid)
    app.add_exception_handler(GisError, errors.on_gis)
    app.add_middleware(Envelope)
    return app


class App(FastAPI):
    """The framework's application with its own document."""

    def openapi(self) -> dict[str, Any]:
        """Describe every route as OpenAPI 3.0, once."""
        if self.openapi_schema is None:
            self.openapi_schema = openapi.document(self)
        return self.openapi_schema


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the store, and let go of it when the server stops."""
    settings: Settings = app.state.settings
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
    store = await anyio.to_thread.run_sync(open_store, settings.store)
    app.state.area = Area.from_json(store.area_json())
    app.state.secret = cursor.secret_of(store)
    app.state.store = store
    if settings.police_store is not None:
        location = settings.police_store
        app.state.police = await anyio.to_thread.run_sync(open_police, location, store)
    await anyio.to_thread.run_sync(app.state.lane.sweep, store)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(keep_tidy, store, app.state.area, app.state.senders)
            tasks.start_soon(keep_backed_up, store)
            tasks.start_soon(app.state.follower.follow, store)
            tasks.start_soon(keep_drawn, app.state.tiles, store, app.state.area)
            if app.state.police is not None:
                tasks.start_soon(keep_published, store, app.state.police, app.state.area)
                tasks.start_soon(keep_backed_up, app.state.police)
            yield
            tasks.cancel_scope.cancel()
    finally:
        app.state.store, police, app.state.police = None, app.state.police, None
        await anyio.to_thread.run_sync(app.state.lane.close)
        if police is not None:
            await anyio.to_thread.run_sync(police.close)
        await anyio.to_thread.run_sync(store.close)
