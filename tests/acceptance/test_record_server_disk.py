"""Does a store in PostgreSQL stand a full disk, and go on when it is freed?

Runs with GCVAG_SOAK=1 alone: the small disk is a tmpfs, which not every machine may mount.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from gis.store import create_store
from gis.store.base import StoreFullError
from tests.acceptance.record_world import dice, kept, mark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cluster import Cluster

FULL: Final = 40
ROOM: Final = 48 * 2**20
PIECE: Final = 2**16


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the keys of a store lie in a folder of the test."""
    monkeypatch.setenv("GCVAG_KEYS", str(tmp_path / "keys"))


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Give a folder on a disk of its own with little room."""
    disk = folder / "disk"
    disk.mkdir()
    words = ["/bin/mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(disk)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here; the full disk of a file is tried everywhere")
    try:
        yield disk
    finally:
        subprocess.run(["/bin/umount", disk], check=True)


def fill(disk: Path, left: int) -> None:
    """Fill a disk but for some bytes."""
    usage = shutil.disk_usage(disk)
    with (disk / "ballast").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(usage.free - left, 1))


def test_a_full_disk_refuses_and_a_freed_one_goes_on(postgres: Cluster) -> None:
    rng, sent, refused = dice(5), [], 0
    with small_disk(postgres.folder) as disk:
        address = postgres.database_in(disk / "tablespace")
        with closing(create_store(address, "{}")) as store:
            for number in range(FULL):
                fill(disk, int(rng.integers(8)) * PIECE)
                for _ in range(200):
                    try:
                        sent.append(store.append([mark(rng)])[0].op_id)
                        store.keep_item("photo", str(number), rng.bytes(PIECE))
                    except StoreFullError:
                        refused += 1
                        break
                assert set(sent) <= set(kept(store))
                (disk / "ballast").unlink()
                sent.append(store.append([mark(rng)])[0].op_id)
                assert store.verify() == []
        postgres.drop_elsewhere()
    assert refused == FULL
