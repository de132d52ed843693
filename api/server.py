"""How does the server run, and how does it stop?

granian, because it drops half-sent requests that stall other Python servers. The parent process
serves nothing; each worker is a fresh process that makes its own app from the same settings. A
stop lets requests in flight end first.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from api.settings import HEADER_TIMEOUT_MS, Settings

if TYPE_CHECKING:
    from types import TracebackType

    from fastapi import FastAPI

    from api.auth.openid import Provider

TRIES_PER_MINUTE: Final = 10
KILL_AFTER_S: Final = 10
BUFFER_BYTES: Final = 64 * 1024
OWN_LINES: Final = {
    "formatters": {name: {"()": f"{__name__}.JsonLines"} for name in ("generic", "access")}
}
"""What the server itself has to say is written as the app's log is."""

ALLOCATING: Final = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}
"""How workers hold memory: by default Arrow and the C library keep some back for each thread."""

FACTS: Final = ("request_id", "method", "route", "status", "ms")


class Front(NamedTuple):
    """What stands in front of the server.

    Attributes
    ----------
    https
        Whether a proxy speaks https to browsers.
    openid
        Who else vouches for people.
    """

    https: bool = False
    openid: Provider | None = None


def serve(
    store: str,
    police_store: str | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    front: Front | None = None,
) -> None:
    """Serve pages and API until SIGINT or SIGTERM.

    Parameters
    ----------
    store, police_store
        Addresses of the stores; the first must exist.
    host, port
        Where to listen.
    workers
        Number of processes; log-in tries are shared out among them.
    front
        What stands in front of it; nothing when null.
    """
    ahead = front or Front()
    settings = Settings(
        store=store,
        police_store=police_store,
        https=ahead.https,
        openid=ahead.openid,
        tries_per_minute=max(1, TRIES_PER_MINUTE // workers),
    )
    for name, value in ALLOCATING.items():
        os.environ.setdefault(name, value)
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "api.server",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_TIMEOUT_MS, max_buffer_size=BUFFER_BYTES
        ),
        websockets=False,
        workers_kill_timeout=KILL_AFTER_S,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=OWN_LINES,
    )
    server.serve(target_loader=partial(load, settings), wrap_loader=False)


def load(settings: Settings) -> FastAPI:
    """Make the app of one worker, and send its log to standard output.

    The app is imported here, so that the parent process stays small.
    """
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    log = logging.getLogger("gcvag")
    log.handlers = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
    app: FastAPI = import_module("api.app").create_app(settings)
    return app


class JsonLines(logging.Formatter):
    """One JSON object a line; of an error its type and place, never its text."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            "event": record.msg,
        }
        line |= {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["place"] = _place(record.exc_info[2])
        return orjson.dumps(line, default=str).decode()


def _place(trace: TracebackType | None) -> list[str]:
    """Name module and line of the innermost frames of an error."""
    frames = []
    while trace is not None:
        code = trace.tb_frame
        frames.append(f"{code.f_globals.get('__name__', '')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames[-5:]
