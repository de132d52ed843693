"""How do the workers of a dask scheduler share the parts of an inventory?

Few parts are in flight at a time, so that no worker ever holds many. Nothing imports this module
but what asks for dask.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from distributed import Client, LocalCluster

from gis.errors import GisError
from gis.inventory.engines import PART_ROWS, Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from distributed import Future

Given = TypeVar("Given")
Answer = TypeVar("Answer")
WAIT_S: Final = 20
IN_FLIGHT: Final = 2
"""Parts sent out for each worker: one that it works on and the next."""


@contextmanager
def dask(scheduler: str | None = None, *, part_rows: int = PART_ROWS) -> Iterator[Engine]:
    """Share parts among the workers of a dask scheduler.

    Parameters
    ----------
    scheduler
        Its address, ``tcp://HOST:8786``; None starts one here with a worker for each core.
    part_rows
        How many segments a part owns at most.

    Raises
    ------
    GisError
        If no scheduler answers there, or it has no worker.
    """
    if scheduler is None:
        with (
            LocalCluster(threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster) as client,
        ):
            yield Engine(spread=_Spread(client), part_rows=part_rows)
        return
    with _client(scheduler) as client:
        yield Engine(spread=_Spread(client), part_rows=part_rows)


def _client(scheduler: str) -> Client:
    """Reach a scheduler that has workers."""
    try:
        client = Client(scheduler, timeout=WAIT_S)
        client.wait_for_workers(1, timeout=WAIT_S)
    except (OSError, ValueError, TimeoutError) as error:
        msg = f"no dask scheduler with workers answers at {scheduler}; start one, or name another"
        raise GisError(msg) from error
    return client


@dataclass(frozen=True, slots=True)
class _Spread:
    """Parts sent to the workers of one client."""

    client: Client

    def __call__(
        self, ask: Callable[[Given], Answer], parts: Iterable[Given], /
    ) -> Iterator[Answer]:
        """Keep a few parts in flight and give the answers in order."""
        most = IN_FLIGHT * len(self.client.scheduler_info(n_workers=-1)["workers"])
        waiting: deque[Future] = deque()
        for part in parts:
            sent = self.client.scatter(part, hash=False)
            waiting.append(self.client.submit(ask, sent, pure=False))
            if len(waiting) >= most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
