"""Do two really served towns, one of them full of plans, answer everybody else in the same bytes?

Both run as processes of their own on this computer; they are called by one name, so that an
address in an answer cannot tell them apart.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

import httpx2
import pytest

from api.server import serve
from tests.api.conftest import copied
from tests.api.test_server import free_port, wait
from tests.api.worlds import CANARY, DAY, VIEWERS, addresses, leaks, plot, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLANNED = 200
NAME = "gcvag.example"

pytestmark = [pytest.mark.server, pytest.mark.enable_socket]


@dataclass(frozen=True, slots=True)
class Served:
    """A town as its clients see it, and what its process has printed."""

    client: httpx2.Client
    printed: Path


def run(printed: Path, location: str, port: int) -> None:
    """Serve with the police store beside the store; what is printed goes to a file."""
    with printed.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    police = location.removesuffix(".gpkg") + ".police.gpkg"
    serve(location, police_store=police, port=port)


@contextmanager
def served(location: Path) -> Iterator[Served]:
    """Serve a store in a process of its own."""
    port, printed = free_port(), location.with_suffix(".txt")
    process = get_context("spawn").Process(target=run, args=(printed, str(location), port))
    process.start()
    try:
        wait(port)
        address, named = f"http://127.0.0.1:{port}", {"host": NAME}
        with httpx2.Client(base_url=address, headers=named, timeout=60) as client:
            yield Served(client, printed)
    finally:
        process.terminate()
        process.join(30)


@pytest.fixture(scope="module")
def towns(
    tmp_path_factory: pytest.TempPathFactory, built: Path
) -> Iterator[tuple[Served, Served, list[str]]]:
    """Serve a town without plans and one with many."""
    places = [copied(built, tmp_path_factory.mktemp(name)) for name in ("without", "with")]
    with served(places[0]) as without, served(places[1]) as other:
        yield without, other, plot(other.client, PLANNED)


@pytest.mark.parametrize("role", VIEWERS)
def test_every_answer_is_the_same(
    towns: tuple[Served, Served, list[str]], role: str | None
) -> None:
    without, other, ids = towns
    paths = addresses(without.client)
    here, there = told(without.client, role, paths), told(other.client, role, paths)
    assert [path for path in paths if here[path] != there[path]] == []
    read = b"".join(str(one).encode() + bytes(one[1]) for one in there.values())
    assert leaks([CANARY, DAY, *ids], read) == []


def test_what_the_servers_print_holds_no_value_of_a_plan(
    towns: tuple[Served, Served, list[str]],
) -> None:
    printed = towns[1].printed.read_bytes()
    assert b"/api/police/plans" in printed
    assert leaks([CANARY, DAY, *towns[2]], printed) == []
