"""How does long work go on behind an answer, one piece at a time, and how far is it?

Each job is a record on the store's shelf, so that any worker process can tell of it. One lane a
process does them in order; a full lane refuses. What a server left unfinished is marked as failed
when it starts again.
"""

from __future__ import annotations

import logging
import os
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from api.errors import Problem
from api.kinds import Kind
from gis.errors import GisError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.auth.identity import Identity
    from gis.store import Store
    from gis.store.base import Item

    Tell = Callable[[float, str], None]


class Work(Protocol):
    """What a job does."""

    def run(self, tell: Tell) -> dict[str, Any]:
        """Do it, tell how far it is, and return its figures."""

    def stop(self) -> None:
        """End it at once."""


LOG: Final = logging.getLogger("gcvag.jobs")
SHELF: Final = "job"
ROOM: Final = 8
"""Jobs that may wait or run in one process."""

KEPT_FOR: Final = timedelta(days=400)
UNFINISHED: Final = ("queued", "running")
SHOWN: Final = ("kind", "state", "progress", "message", "detail", "result", "created_at")


class Lane:
    """Does jobs one after another, apart from the requests.

    Parameters
    ----------
    boot
        Names this run of the server; the same in all its worker processes.
    """

    def __init__(self, boot: str, room: int = ROOM) -> None:
        self._boot = boot
        self._room = threading.BoundedSemaphore(room)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="gcvag-job")
        self._works: dict[str, Work] = {}
        self._closing = False

    def reserve(self) -> None:
        """Take a place; 503 when there is none."""
        if not self._room.acquire(blocking=False):
            raise Problem(Kind.BUSY)

    def release(self) -> None:
        """Give a place back."""
        self._room.release()

    def busy(self) -> int:
        """Count the jobs that wait or run."""
        return len(self._works)

    def record(self, store: Store, kind: str, who: Identity) -> str:
        """Write a new job down and return its id."""
        job_id = uuid.uuid4().hex
        told = {
            "kind": kind,
            "state": "queued",
            "progress": 0.0,
            "message": "queued",
            "detail": "",
            "author": who.author,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "boot": self._boot,
            "pid": os.getpid(),
        }
        store.keep_item(SHELF, job_id, b"", told)
        return job_id

    def start(self, store: Store, job_id: str, work: Work) -> None:
        """Do a recorded job when its turn comes; its place is free afterwards."""
        self._works[job_id] = work
        self._pool.submit(self._do, store, job_id, work)

    def close(self) -> None:
        """Stop what runs and begin nothing more."""
        self._closing = True
        for work in list(self._works.values()):
            work.stop()
        self._pool.shutdown(cancel_futures=True)

    def sweep(self, store: Store) -> None:
        """Mark what an earlier run left unfinished as failed."""
        for item in store.items(SHELF):
            own = item.meta["boot"] == self._boot
            alive = own and item.meta["pid"] != os.getpid() and _is_alive(item.meta["pid"])
            if item.meta["state"] in UNFINISHED and not alive:
                change(store, item.key, state="failed", message="restarted")

    def _do(self, store: Store, job_id: str, work: Work) -> None:
        """Do one job and write down how it ended."""
        try:
            change(store, job_id, state="running", message="running")
            ended = _outcome(lambda p, m: change(store, job_id, progress=p, message=m), work)
            if self._closing and ended["state"] != "done":
                ended = {"state": "failed", "message": "restarted"}
            change(store, job_id, **ended)
        except GisError:
            LOG.exception("job")
        finally:
            del self._works[job_id]
            self.release()


def change(store: Store, job_id: str, **what: object) -> None:
    """Write down how far a job is."""
    with store.transaction():
        item = store.item(SHELF, job_id)
        if item is not None:
            store.keep_item(SHELF, job_id, b"", {**item.meta, **what})


def one(store: Store, job_id: str) -> dict[str, Any]:
    """Read a job; 404 when there is none."""
    item: Item | None = store.item(SHELF, job_id)
    if item is None:
        raise Problem(Kind.NOT_FOUND)
    return {"id": job_id} | {name: item.meta[name] for name in SHOWN if name in item.meta}


def drop_old(store: Store, now: datetime) -> None:
    """Drop records of jobs that ended long ago."""
    for item in store.items(SHELF):
        if now - item.at > KEPT_FOR:
            store.drop_item(SHELF, item.key)


def _outcome(tell: Tell, work: Work) -> dict[str, object]:
    """Do the work and say how it ended; a fault of ours is logged, never told."""
    try:
        result = work.run(tell)
    except SourceError as error:
        return {"state": "refused", "message": "refused", "detail": str(error)}
    except Exception:
        LOG.exception("job")
        return {"state": "failed", "message": "failed"}
    return {"state": "done", "progress": 1.0, "message": "done", "result": result}


def _is_alive(pid: int) -> bool:
    """Tell whether a process of this machine is alive."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, 0)
        return True
    return False
