"""How does a copy of a running store come into being, and how long is it kept?

A backup is three files and a manifest: the copy, its signed head and public key, and their
hashes. It is written under another name, looked through, and only then given its own.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gis.errors import StoreError
from gis.store.canonical import now, read_time, write_time
from gis.store.database import looking
from gis.store.head import Checker, beside, put_file
from gis.store.history import last_link
from gis.store.looking import file_faults
from gis.store.shelf import digest_beside
from gis.store.verifying import chain_faults

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.store.head import Signer
    from gis.store.part import Engine

_FORMAT: Final = 1
_ENDING: Final = ".manifest.json"
_BLOCK: Final = 2**20
# Every backup of a day, the last of each day for a month, the last of each month for a year.
_ALL_FOR: Final = timedelta(hours=24)
_DAYS: Final = timedelta(days=30)
_MONTHS: Final = timedelta(days=366)


class Manifest(NamedTuple):
    """What a backup says of itself: where it lies, whose it is, and until when it reaches."""

    path: Path
    file: Path
    store_id: str
    kind: str
    sha256: str
    seq: int
    hash: str
    beside: str
    at: datetime


def write_backup(database: Engine, signer: Signer, folder: Path) -> Path:
    """Write an online backup and give the path of its manifest.

    Raises
    ------
    StoreError
        If the copy is not whole; nothing is left of it then.
    """
    at = now()
    folder.mkdir(parents=True, exist_ok=True)
    source = beside(signer.base, "pub")
    stem = Path(signer.base).name.removesuffix(".gpkg")
    target = folder / f"{stem}-{at.strftime('%Y%m%dT%H%M%S%fZ')}.gpkg"
    new = target.with_name(f"{target.name}.new")
    try:
        database.copy_to(new)
        said = _look_through(new, signer.base)
        put_file(beside(str(target), "head"), signer.sign(said["seq"], said["hash"]))
        if source.exists():
            put_file(beside(str(target), "pub"), source.read_bytes())
        manifest = {"format": _FORMAT, "file": target.name, "at": write_time(at), **said}
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
    path = target.with_name(target.name + _ENDING)
    put_file(path, json.dumps(manifest, indent=1).encode())
    return path


def _look_through(path: Path, base: str) -> dict[str, Any]:
    """Check a copy as a whole and say what it holds."""
    with looking(path) as tx:
        settings: dict[str, str] = dict(tx.rows("SELECT key, value FROM store_meta"))
        faults = [*file_faults(tx), *chain_faults(tx, Checker(base, settings["store_id"]))]
        last = last_link(tx, settings["store_id"])
        beside_it = digest_beside(tx)
    if faults:
        msg = f"the backup is not whole: {faults[0].message}"
        raise StoreError(msg)
    return {
        "store_id": settings["store_id"],
        "kind": settings["kind"],
        "seq": last.seq,
        "hash": last.hash,
        "beside": beside_it,
        "size": path.stat().st_size,
        "sha256": file_sha256(path),
    }


def file_sha256(path: Path) -> str:
    """Hash a file that no connection of this process has open."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def manifests(folder: Path) -> list[Manifest]:
    """Read the manifests of a folder, oldest first.

    Raises
    ------
    StoreError
        If one of them is no manifest.
    """
    return sorted(map(_read, folder.glob(f"*{_ENDING}")), key=lambda one: one.at)


def _read(path: Path) -> Manifest:
    try:
        said = json.loads(path.read_bytes())
        return Manifest(
            path,
            path.parent / str(said["file"]),
            str(said["store_id"]),
            str(said["kind"]),
            str(said["sha256"]),
            int(said["seq"]),
            str(said["hash"]),
            str(said.get("beside", "")),
            read_time(str(said["at"])),
        )
    except (ValueError, KeyError, TypeError) as fault:
        msg = f"{path} is no manifest of a backup; take it out of the folder"
        raise StoreError(msg) from fault


def prune(folder: Path, *, at: datetime | None = None) -> list[Path]:
    """Drop backups that need not be kept: all of 24 hours, one a day of 30, one a month of 12.

    Returns
    -------
    dropped
        The manifests of the backups that are gone. The newest of all is never dropped.
    """
    moment = at or now()
    kept = manifests(folder)
    wanted = {one.path for one in kept[-1:]} | {one.path for one in _wanted(kept, moment)}
    gone = [one for one in kept if one.path not in wanted]
    for one in gone:
        for file in (
            one.path,
            one.file,
            beside(str(one.file), "head"),
            beside(str(one.file), "pub"),
        ):
            file.unlink(missing_ok=True)
    return [one.path for one in gone]


def _wanted(kept: Iterable[Manifest], moment: datetime) -> Iterable[Manifest]:
    young = [one for one in kept if moment - one.at <= _ALL_FOR]
    daily = _last_of_each(kept, moment, _DAYS, "%Y-%m-%d")
    monthly = _last_of_each(kept, moment, _MONTHS, "%Y-%m")
    return [*young, *daily, *monthly]


def _last_of_each(
    kept: Iterable[Manifest], moment: datetime, reach: timedelta, span: str
) -> Iterable[Manifest]:
    within = [one for one in kept if moment - one.at <= reach]
    return {one.at.astimezone(UTC).strftime(span): one for one in within}.values()
