"""Which commands look after the store and the tables: verify, backup, restore, tables?"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gis.cli.common import STORE, json_option, out, tell, text
from gis.errors import GisError, StoreError

if TYPE_CHECKING:
    from gis.words import Language


def commands(lang: Language) -> list[click.Command]:
    """Return verify, backup, restore and tables, their help in `lang`."""
    return [_verify(lang), _backup(lang), _restore(lang), _tables(lang)]


def _verify(lang: Language) -> click.Command:
    @click.command("verify", help=text(lang, "verify.help"))
    @STORE
    @json_option(lang)
    def verify(*, location: str, as_json: bool) -> None:
        from gis.store import open_store

        with closing(open_store(location, check=False)) as store:
            faults = store.verify()
            number, _ = store.head()
        if as_json:
            out({"revisions": number, "faults": [fault._asdict() for fault in faults]})
        for fault in faults:
            click.echo(fault.message, err=True)
        if faults:
            raise SystemExit(StoreError.exit_code)
        if not as_json:
            tell(text(lang, "verify.ok", store=location, n=number))

    return verify


def _backup(lang: Language) -> click.Command:
    @click.command("backup", help=text(lang, "backup.help"))
    @STORE
    @click.option(
        "-o",
        "--output",
        required=True,
        type=click.Path(path_type=Path),
        help=text(lang, "backup.output"),
    )
    def backup(*, location: str, output: Path) -> None:
        from gis.store import open_store

        with closing(open_store(location)) as store:
            written = store.backup(output)
        tell(text(lang, "backup.done", file=written))

    return backup


def _restore(lang: Language) -> click.Command:
    @click.command("restore", help=text(lang, "restore.help"))
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
    @STORE
    @click.option("--at", "at_text", help=text(lang, "restore.at"))
    def restore(*, folder: Path, location: str, at_text: str | None) -> None:
        from gis import inventory
        from gis.store import restore as bring_back

        with closing(bring_back(folder, location, at=_time(at_text))) as store:
            inventory.update(store)
        tell(text(lang, "restore.done", store=location))

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
            click.echo(str(fault), err=True)
        if faults:
            raise SystemExit(GisError.exit_code)
        names = validation.names()
        rows = sum(len(validation.read(name)) for name in names)
        tell(text(lang, "tables.ok", n=len(names), rows=rows))

    return tables
