"""How does a piece of work run apart: with limits, without a network, and with few formats?

The work is a function ``task(document, tell)`` named ``module:function``. It runs in a process of
its own that takes its limits before anything is imported; what it returns and tells comes back
as lines of JSON. Where the system does not allow a network name space of its own, the limits and
the cut list of formats still hold.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, Final

from gis.errors import GisError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    Told = Mapping[str, Any]

GIB: Final = 1024**3
NEW_USER: Final = 0x10000000
NEW_NETWORK: Final = 0x40000000
ENVIRONMENT: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PROJ_NETWORK": "OFF",
    "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
    "GDAL_DRIVER_PATH": "disable",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "PYTHONDONTWRITEBYTECODE": "1",
}
OVERRUN: Final = "the work took more time or memory than it may; give it less at once"
BROKEN: Final = "the work met something it cannot handle"
INHERITED: Final = ("PATH", "LANG", "PYTHONPATH", "GCVAG_DATA", "PROJ_DATA", "GDAL_DATA")


class OverrunError(GisError):
    """The work died: it took more than it may, or met what it cannot handle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a piece of work may take.

    Parameters
    ----------
    memory
        Address space in bytes.
    cpu_s, wall_s
        Seconds of processor and of clock.
    file
        Largest file it may write, in bytes.
    network
        Whether it keeps the network.
    without
        Drivers of GDAL that it does not have, parted by commas.
    """

    memory: int = 3 * GIB
    cpu_s: int = 120
    wall_s: int = 180
    file: int = 2 * GIB
    network: bool = False
    without: str = ""


class Apart:
    """One piece of work in a process of its own."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[str] | None = None

    def run(self, task: str, document: Told, heard: Callable[[str], None]) -> dict[str, Any]:
        """Do the work and give what it returns.

        Parameters
        ----------
        task
            ``module:function``.
        document
            What the function is given; JSON.
        heard
            Told each step that the work names.

        Raises
        ------
        GisError
            What the work itself refused.
        OverrunError
            If it was stopped, or died at a limit.
        """
        with TemporaryDirectory(prefix="gcvag-") as home:
            process = self._process = _start(home, self._limits)
            clock = threading.Timer(self._limits.wall_s, self.stop)
            clock.start()
            order = {"task": task, "document": document, "limits": asdict(self._limits)}
            with process:
                try:
                    return _talk(process, order, heard)
                finally:
                    clock.cancel()
                    self.stop()

    def stop(self) -> None:
        """End the work at once, with everything that it started."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _start(home: str, limits: Limits) -> subprocess.Popen[str]:
    """Start an empty process with a clean environment."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    own = {"HOME": home, "TMPDIR": home, "GDAL_SKIP": limits.without}
    return subprocess.Popen(
        [sys.executable, "-m", "gis.jail"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=kept | ENVIRONMENT | own,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def _talk(
    process: subprocess.Popen[str], order: Told, heard: Callable[[str], None]
) -> dict[str, Any]:
    """Give the order and listen until the work ends."""
    if process.stdin is None or process.stdout is None:
        raise OverrunError(BROKEN)
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps(order))
        process.stdin.close()
    for line in process.stdout:
        said = json.loads(line)
        if "step" in said:
            heard(said["step"])
        elif "refused" in said:
            raise GisError(said["refused"])
        elif "failed" in said:
            msg = f"{BROKEN}: {said['failed']} at {said['where']}"
            raise OverrunError(msg)
        elif "done" in said:
            done: dict[str, Any] = said["done"]
            return done
    raise OverrunError(OVERRUN)


def work(order: Told, out: IO[str]) -> None:
    """Take the limits, do the work, and write what became of it."""
    limit(Limits(**order["limits"]))
    module, _, function = order["task"].partition(":")
    try:
        task = getattr(import_module(module), function)
        _say(out, done=task(order["document"], lambda step: _say(out, step=step)))
    except GisError as error:
        _say(out, refused=str(error))


def limit(limits: Limits) -> None:
    """Hold this process within limits, for good."""
    if not limits.network:
        leave_network()
    for what, most in [
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(what, (most, most))


def leave_network() -> bool:
    """Enter a name space without a network; False where the system does not allow it."""
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(flags) == 0 for flags in (NEW_NETWORK, NEW_USER | NEW_NETWORK))


def _where(trace: TracebackType | None) -> str:
    """Name module and line at which an error arose."""
    place = ""
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__', '')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _say(out: IO[str], **what: object) -> None:
    """Write one line."""
    out.write(json.dumps(what) + "\n")
    out.flush()


def main() -> None:
    """Do what standard input orders; what libraries print goes nowhere."""
    order = json.load(sys.stdin)
    # Open until the process ends: the hook is the last to speak.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    sys.excepthook = lambda kind, _, trace: _say(out, failed=kind.__name__, where=_where(trace))
    work(order, out)


if __name__ == "__main__":
    main()
