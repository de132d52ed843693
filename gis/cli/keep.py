"""Which commands look after the store and the tables: verify, backup, restore, tables?"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gis.cli.common import (
    STORE,
    complain,
    json_option,
    out,
    output_option,
    plain,
    police_option,
    tell,
    text,
)
from gis.errors import GisError, StoreError

if TYPE_CHECKING:
    from gis.words import Language


def commands(lang: Language) -> list[click.Command]:
    """Return verify, backup, restore and tables, their help in `lang`."""
    return [_verify(lang), _backup(lang), _restore(lang), _tables(lang)]


def _verify(lang: Language) -> click.Command:
    @click.command("verify", help=text(lang, "verify.help"))
    @STORE
    @police_option(lang)
    @json_option(lang)
    def verify(*, location: str, police_store: str | None, as_json: bool) -> None:
        said = {location: _look(location)}
        if police_store is not None:
            said[police_store] = _look(police_store)
        faults = [fault for found in said.values() for fault in found["faults"]]
        if as_json:
            police = {} if police_store is None else {"police": said[police_store]}
            out({**said[location], **police})
        for fault in faults:
            complain(fault["message"], lang)
        if faults:
            raise SystemExit(StoreError.exit_code)
        for store, found in {} if as_json else said.items():
            tell(text(lang, "verify.ok", store=plain(store), n=found["revisions"]))

    return verify


def _look(location: str) -> dict[str, Any]:
    """Look through a store; what is whole is also computed again and compared."""
    from gis.inventory.proving import derived_faults
    from gis.store import open_store

    with closing(open_store(location, check=False)) as store:
        faults = store.verify() or derived_faults(store)
        return {"revisions": store.head()[0], "faults": [fault._asdict() for fault in faults]}


def _backup(lang: Language) -> click.Command:
    @click.command("backup", help=text(lang, "backup.help"))
    @STORE
    @output_option(lang, "backup.output")
    @click.option("--keep", is_flag=True, help=text(lang, "backup.keep"))
    @police_option(lang)
    def backup(*, location: str, output: Path, keep: bool, police_store: str | None) -> None:
        from gis.store import open_store
        from gis.store.schedule import back_up

        sets = {location: output}
        if police_store is not None:
            sets[police_store] = _police_folder(output)
        for place, folder in sets.items():
            with closing(open_store(place)) as store:
                written = back_up(store, folder) if keep else store.backup(folder)
            tell(text(lang, "backup.done", file=written))

    return backup


def _police_folder(folder: Path) -> Path:
    """Return where backups of the police store lie: beside the others, for its owner alone."""
    beside = folder.with_name(f"{folder.name}.police")
    beside.mkdir(mode=0o700, parents=True, exist_ok=True)
    return beside


def _restore(lang: Language) -> click.Command:
    @click.command("restore", help=text(lang, "restore.help"))
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
    @STORE
    @click.option("--at", "at_text", help=text(lang, "restore.at"))
    @police_option(lang)
    def restore(
        *, folder: Path, location: str, at_text: str | None, police_store: str | None
    ) -> None:
        from gis import inventory
        from gis.store import restore as bring_back

        at = _time(at_text)
        with closing(bring_back(folder, location, at=at)) as store:
            inventory.update(store)
        tell(text(lang, "restore.done", store=plain(location)))
        if police_store is not None:
            bring_back(_police_folder(folder), police_store, at=at).close()
            tell(text(lang, "restore.done", store=plain(police_store)))

    return restore


def _time(value: str | None) -> datetime | None:
    """Read a time; one without a zone is UTC."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        msg = f"--at {value!r} is no time; write for instance 2026-11-22T08:00Z."
        raise GisError(msg) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _tables(lang: Language) -> click.Command:
    @click.command("tables", help=text(lang, "tables.help"))
    @click.option("--check", is_flag=True, help=text(lang, "tables.check"))
    def tables(*, check: bool) -> None:
        from gis import tables as validation

        if not check:
            for name in validation.names():
                tell(f"{len(validation.read(name)):6d}  {name}")
            return
        faults = validation.check()
        for fault in faults:
            complain(str(fault), lang)
        if faults:
            raise SystemExit(GisError.exit_code)
        names = validation.names()
        rows = sum(len(validation.read(name)) for name in names)
        tell(text(lang, "tables.ok", n=len(names), rows=rows))

    return tables
