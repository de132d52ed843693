"""Is work that a second process does the same as if it were done here, and does it end with us?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from gis.store import open_store

BEGIN = """
import os, sys, threading, time
from contextlib import closing
import geopandas as gpd
from gis.errors import LayerError, StoreError
from gis.store import create_store, open_store
from gis.store.aside import Aside, can_fork

def rows(n, start=0):
    return gpd.GeoDataFrame(
        {"segment_id": [f"s{start + i:04}" for i in range(n)], "name": ["å"] * n},
        geometry=gpd.points_from_xy([500_000.0 + i for i in range(n)], [6_230_000.0] * n), crs=3006)

KEYS = {"segments": "segment_id", "streets": "segment_id"}
"""


def run(code: str, *words: str | Path) -> str:
    """Run lines in a process that has one thread, as a command has."""
    told = subprocess.run(
        [sys.executable, "-c", BEGIN + code, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout


def test_work_is_done_by_another_process_and_its_end_is_told_here() -> None:
    said = run("""
import signal
assert can_fork()
own = os.getpid()
many = [Aside(lambda n=n: (n, os.getpid())) for n in range(3)]
answers = [one.result() for one in many]
print([n for n, _ in answers], own in {pid for _, pid in answers})
def refuse():
    raise LayerError("layer å has no key")
for work in (refuse, lambda: os.kill(os.getpid(), signal.SIGKILL)):
    try:
        Aside(work).result()
    except (LayerError, StoreError) as fault:
        print(fault)
stop = threading.Event()
threading.Thread(target=stop.wait).start()
print(can_fork(), Aside(os.getpid).result() == own)
stop.set()
""")
    first, refused, died, beside_a_thread = said.splitlines()
    assert first == "[0, 1, 2] False"
    assert refused == "layer å has no key"
    assert "ended early, nothing changed" in died
    assert beside_a_thread == "False True"


def test_groups_come_out_as_one_mapping_does(tmp_path: Path) -> None:
    run(
        """
forks, fork = [], os.fork
os.fork = lambda: forks.append(1) or fork()
with closing(create_store(sys.argv[1], '{"id":"town"}')) as store:
    groups = ({"segments": rows(9000)}, {"streets": rows(5)})
    state = store.replace_layers(iter(groups), keys=KEYS)
    assert len(forks) == 2 and state == 1
    store.replace_layers({"segments": rows(9001)}, keys=KEYS)
    assert len(forks) == 2
with closing(create_store(sys.argv[2], '{"id":"town"}')) as store:
    store.replace_layers({"segments": rows(9000), "streets": rows(5)}, keys=KEYS)
    store.replace_layers({"segments": rows(9001)}, keys=KEYS)
""",
        tmp_path / "forked.gpkg",
        tmp_path / "here.gpkg",
    )
    stores = (open_store(tmp_path / name) for name in ("forked.gpkg", "here.gpkg"))
    with closing(next(stores)) as one, closing(next(stores)) as two:
        assert one.verify() == []
        for name in ("segments", "streets"):
            assert one.layer(name).equals(two.layer(name))
            assert one.extent(name) == two.extent(name)


def test_a_group_that_fails_leaves_all_as_it_was(tmp_path: Path) -> None:
    said = run(
        """
with closing(create_store(sys.argv[1], '{"id":"town"}')) as store:
    store.replace_layers({"segments": rows(3)}, keys=KEYS)
    twice = rows(4).assign(segment_id="s1")
    try:
        store.replace_layers(iter(({"segments": rows(5000)}, {"streets": twice})), keys=KEYS)
    except LayerError as fault:
        print(fault, store.count("segments"), store.layer_names())
    with store.transaction():
        try:
            store.replace_layers(iter(({"segments": rows(9)},)), keys=KEYS)
        except StoreError as fault:
            print(fault)
    store.replace_layers(iter(({"segments": rows(9)},)), keys=KEYS)
    print(store.count("segments"), store.verify())
""",
        tmp_path / "town.gpkg",
    )
    first, second, third = said.splitlines()
    assert "streets: segment_id is empty or repeated" in first
    assert first.endswith("3 ['segments']")
    assert "no second process can write inside a transaction" in second
    assert third == "9 []"


def test_the_second_process_ends_with_the_first(tmp_path: Path) -> None:
    code = """
child = Aside(lambda: (print(os.getpid(), flush=True), time.sleep(60)))
child.result()
"""
    with subprocess.Popen(
        [sys.executable, "-c", BEGIN + code], stdout=subprocess.PIPE, text=True, cwd=tmp_path
    ) as first:
        assert first.stdout is not None
        second = int(first.stdout.readline())
        first.send_signal(signal.SIGKILL)
    until = time.monotonic() + 10
    while time.monotonic() < until and alive(second):
        time.sleep(0.05)
    assert not alive(second)


def alive(pid: int) -> bool:
    """Tell whether a process runs, and is not only waiting to be buried."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    told = Path(f"/proc/{pid}/stat")
    return told.exists() and told.read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
