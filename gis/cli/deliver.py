"""Which commands make a store and bring deliveries into it: init, import, update?"""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gis.cli.common import STORE, json_option, out, progress, tell, text

if TYPE_CHECKING:
    from gis.inventory import Imported, Updated
    from gis.store import Store
    from gis.words import Language

STEPS = ("read", "network", "signs", "classify", "checks", "status", "write")
SHOWN_FAULTS = 10


def commands(lang: Language) -> list[click.Command]:
    """Return init, import and update, their help in `lang`."""
    return [_init(lang), _import(lang), _update(lang)]


def _init(lang: Language) -> click.Command:
    @click.command("init", help=text(lang, "init.help"))
    @STORE
    @click.option("--area", required=True, help=text(lang, "init.area"))
    def init(location: str, area: str) -> None:
        from gis import areas, inventory
        from gis.store import create_store

        profile = areas.load(area)
        with closing(create_store(location, profile.to_json())) as store:
            inventory.update(store)
        tell(text(lang, "init.done", store=location, area=profile.name))

    return init


def _import(lang: Language) -> click.Command:
    @click.command("import", help=text(lang, "import.help"))
    @STORE
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--kind", help=text(lang, "import.kind"))
    @click.option("--source", help=text(lang, "import.source"))
    @click.option("--date", help=text(lang, "import.date"))
    @click.option("--dry-run", is_flag=True, help=text(lang, "import.dry"))
    @click.option("--no-update", is_flag=True, help=text(lang, "import.noupdate"))
    @json_option(lang)
    def import_(
        *,
        location: str,
        file: Path,
        kind: str | None,
        source: str | None,
        date: str | None,
        dry_run: bool,
        no_update: bool,
        as_json: bool,
    ) -> None:
        from gis.inventory import import_file, is_current
        from gis.store import open_store

        with closing(open_store(location)) as store:
            kept = import_file(store, file, kind=kind, source=source, date=date, dry_run=dry_run)
            wanted = not (dry_run or no_update or is_current(store))
            updated = _run_update(store, lang) if wanted else None
        if as_json:
            out(_imported(kept, updated))
        else:
            _tell_import(file, kept, updated, lang)

    return import_


def _update(lang: Language) -> click.Command:
    @click.command("update", help=text(lang, "update.help"))
    @STORE
    @json_option(lang)
    def update(*, location: str, as_json: bool) -> None:
        from gis.store import open_store

        with closing(open_store(location)) as store:
            updated = _run_update(store, lang)
        if as_json:
            out(updated.figures())
        else:
            tell(text(lang, "update.done", **updated.figures()))

    return update


def _run_update(store: Store, lang: Language) -> Updated:
    """Recompute a store, showing each step."""
    from gis.inventory import update

    with progress(lang, STEPS) as step:
        start = time.perf_counter()
        return update(store, step=step, started=start)


def _imported(kept: Imported, updated: Updated | None) -> dict[str, object]:
    """Lay the outcome of an import out as JSON."""
    return {
        "delivery_id": kept.delivery_id,
        "new": kept.new,
        "kind": kept.kind,
        "source": kept.source,
        "counts": kept.counts,
        "faults": kept.faults.to_dict("records"),
        "update": updated.figures() if updated else None,
    }


def _tell_import(file: Path, kept: Imported, updated: Updated | None, lang: Language) -> None:
    """Say what became of a file, its faults first ten of them."""
    if kept.delivery_id is not None and not kept.new:
        tell(text(lang, "import.same", file=file.name))
        return
    counts = {**kept.counts, "faults": len(kept.faults)}
    tell(text(lang, "import.kept", file=file.name, source=kept.source, **counts))
    for fault in kept.faults.head(SHOWN_FAULTS).to_dict("records"):
        message = fault[f"message_{lang}"]
        tell("  " + text(lang, "import.fault", feature=fault["feature"], message=message))
    if len(kept.faults) > SHOWN_FAULTS:
        tell("  " + text(lang, "import.morefaults", n=len(kept.faults) - SHOWN_FAULTS))
    if updated is not None:
        tell(text(lang, "update.done", **updated.figures()))
