"""How is a part of the work done by a process of its own, from what is in memory here?

The process is a fork: it sees every frame without a copy, and gives back a small answer. It ends
with the one that began it. Where a fork is not safe (other threads run) or of no use (one
processor), the work is done at once, here.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Generic, NoReturn, TypeVar

from gis.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")
_DIE_WITH_PARENT: Final = 1
"""``PR_SET_PDEATHSIG`` of Linux."""


class Aside(Generic[Answer]):
    """Work that was begun aside.

    Parameters
    ----------
    work
        What is to be done; its answer can be pickled.
    fork
        ``os.fork``, or what calls it when nothing is open that two processes must not share.
    """

    def __init__(self, work: Callable[[], Answer], fork: Callable[[], int] = os.fork) -> None:
        self._work = work
        self._pid = 0
        if not can_fork():
            self._done = work()
            return
        self._ear, mouth = os.pipe()
        parent = os.getpid()
        self._pid = fork()
        if not self._pid:
            _answer(work, mouth, parent)
        os.close(mouth)

    def result(self) -> Answer:
        """Wait for the answer, or raise what the work raised."""
        if not self._pid:
            return self._done
        with os.fdopen(self._ear, "rb") as ear:
            said = ear.read()
        self._end()
        if not said:
            msg = "a process that wrote layers ended early, nothing changed; give it more memory"
            raise StoreError(msg)
        # Written by the fork of this very process, over a pipe that nobody else holds.
        done, answer = pickle.loads(said)  # noqa: S301
        if not done:
            raise answer
        self._done = answer
        return self._done

    def stop(self) -> None:
        """End the work, whatever it has come to."""
        if self._pid:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            os.close(self._ear)
            self._end()

    def _end(self) -> None:
        os.waitpid(self._pid, 0)
        self._pid = 0


def can_fork() -> bool:
    """Tell whether a fork is safe and of use here."""
    alone = sys.platform == "linux" and threading.active_count() == 1
    return alone and len(os.sched_getaffinity(0)) > 1


def _answer(work: Callable[[], object], mouth: int, parent: int) -> NoReturn:
    """Do the work in the fork, say what came of it, and end without cleaning up after others."""
    try:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() == parent:
            with os.fdopen(mouth, "wb") as out:
                out.write(pickle.dumps(_attempted(work)))
    finally:
        os._exit(0)


def _attempted(work: Callable[[], object]) -> tuple[bool, object]:
    try:
        return True, work()
    except Exception as fault:  # noqa: BLE001 - whatever it is, the parent raises it
        return False, fault
