"""Does work apart keep its limits, its silence and its loneliness?"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gis.errors import GisError
from gis.jail import Apart, Limits, OverrunError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = "tests.gis.test_jail"
MIB = 1024**2
FEW = Limits(memory=512 * MIB, cpu_s=5, wall_s=20, file=MIB)


def echo(document: Mapping[str, Any], tell: Callable[[str], None]) -> dict[str, Any]:
    os.write(1, b"libraries print\n")
    tell("one")
    tell("two")
    return dict(document)


def refuse(document: Mapping[str, Any], _: Callable[[str], None]) -> dict[str, Any]:
    msg = f"{document['name']}: no"
    raise GisError(msg)


def stumble(*_: object) -> dict[str, Any]:
    raise KeyError


def eat(*_: object) -> dict[str, Any]:
    return {"n": len(bytearray(600 * MIB))}


def spin(*_: object) -> dict[str, Any]:
    while True:
        pass


def sleep(*_: object) -> dict[str, Any]:
    time.sleep(60)
    return {}


def write(document: Mapping[str, Any], _: Callable[[str], None]) -> dict[str, Any]:
    return {"n": Path(document["path"]).write_bytes(bytes(2 * MIB))}


def call(document: Mapping[str, Any], _: Callable[[str], None]) -> dict[str, Any]:
    with closing(socket.socket()) as line:
        return {"code": line.connect_ex(("127.0.0.1", document["port"]))}


def alone(*_: object) -> dict[str, Any]:
    return {"alone": len(socket.if_nameindex()) <= 1}


def surroundings(*_: object) -> dict[str, Any]:
    return dict(os.environ)


def run(
    task: str, document: dict[str, object] | None = None, limits: Limits = FEW
) -> dict[str, Any]:
    told: list[str] = []
    done = Apart(limits).run(f"{HERE}:{task}", document or {}, told.append)
    return {**done, "told": told}


def test_what_is_given_comes_back_and_steps_are_heard() -> None:
    assert run("echo", {"å": [1, None]}) == {"å": [1, None], "told": ["one", "two"]}


def test_a_refusal_is_the_works_own_sentence() -> None:
    with pytest.raises(GisError, match=r"^a\.gpkg: no$"):
        run("refuse", {"name": "a.gpkg"})


@pytest.mark.parametrize(
    ("task", "limits"),
    [
        pytest.param("eat", FEW, id="memory"),
        pytest.param("spin", Limits(cpu_s=1, wall_s=20), id="processor"),
        pytest.param("sleep", Limits(wall_s=1), id="clock"),
    ],
)
def test_work_that_takes_too_much_is_ended(task: str, limits: Limits) -> None:
    began = time.monotonic()
    with pytest.raises(OverrunError):
        run(task, limits=limits)
    assert time.monotonic() - began < 15


def test_a_fault_is_named_with_its_place() -> None:
    with pytest.raises(OverrunError, match=rf"KeyError at {HERE}:\d+$"):
        run("stumble")


def test_it_writes_no_large_file(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with pytest.raises(OverrunError):
        run("write", {"path": str(path)})
    assert path.stat().st_size <= MIB


def test_a_stop_from_outside_ends_it_at_once() -> None:
    apart = Apart(Limits())
    timer = threading.Timer(1.0, apart.stop)
    timer.start()
    began = time.monotonic()
    with pytest.raises(OverrunError):
        apart.run(f"{HERE}:sleep", {}, lambda _: None)
    assert time.monotonic() - began < 10


@pytest.mark.enable_socket
def test_it_reaches_no_network_where_the_system_allows() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert run("call", {"port": port}, Limits(network=True))["code"] == 0
        if not run("alone")["alone"]:
            pytest.skip("this system gives no name space without a network")
        assert run("call", {"port": port})["code"] != 0


def test_secrets_of_the_server_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "secret")
    seen = run("surroundings", limits=Limits(without="OGR_VRT,WFS"))
    assert "PGPASSWORD" not in seen
    assert seen["GDAL_SKIP"] == "OGR_VRT,WFS"
    assert not Path(seen["HOME"]).exists()
