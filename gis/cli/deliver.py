"""Which commands make a store and bring deliveries into it: init, import, update?"""

from __future__ import annotations

import time
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gis.cli.common import (
    STORE,
    json_option,
    out,
    police_location,
    police_option,
    progress,
    tell,
    text,
)
from gis.cli.returned import take_marks, tell_marks

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from gis.inventory import Imported, Told, Updated
    from gis.inventory.engines import Engine
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
    @click.argument("location", metavar="STORE", required=False)
    @click.argument("file", type=click.Path(path_type=Path), required=False)
    @click.option("--kind", help=text(lang, "import.kind"))
    @click.option("--source", help=text(lang, "import.source"))
    @click.option("--date", help=text(lang, "import.date"))
    @click.option("--mapping", type=click.Path(path_type=Path), help=text(lang, "import.mapping"))
    @click.option(
        "--explain-mapping", type=click.Path(path_type=Path), help=text(lang, "import.explain")
    )
    @click.option("--dry-run", is_flag=True, help=text(lang, "import.dry"))
    @click.option("--no-update", is_flag=True, help=text(lang, "import.noupdate"))
    @police_option(lang)
    @json_option(lang)
    def import_(
        *,
        location: str | None,
        file: Path | None,
        kind: str | None,
        source: str | None,
        date: str | None,
        mapping: Path | None,
        explain_mapping: Path | None,
        dry_run: bool,
        no_update: bool,
        police_store: str | None,
        as_json: bool,
    ) -> None:
        from gis.inventory import ACCIDENTS, Told, kind_of
        from gis.inventory.returned import MARKS

        if explain_mapping is not None:
            from gis.sources.mapping_draft import explain_mapping as draft

            tell(draft(explain_mapping))
            return
        if location is None or file is None:
            raise click.UsageError(text(lang, "import.missing"))
        told = Told(kind=kind, source=source, date=date, mapping=_mapping(mapping))
        known = kind_of(file, told)
        if known == MARKS:
            found = take_marks(location, file, source, lang, dry_run=dry_run, still=no_update)
            tell_marks(file, found, lang, as_json=as_json)
            return
        updated = None
        if known == ACCIDENTS:
            kept = _keep_accidents(location, file, told, police_store, dry_run=dry_run)
        else:
            kept, updated = keep(location, file, told, lang, dry_run=dry_run, still=no_update)
        show(file, kept, updated, lang, as_json=as_json)

    return import_


def show(
    file: Path, kept: Imported, updated: Updated | None, lang: Language, *, as_json: bool
) -> None:
    """Say what became of a delivery."""
    if as_json:
        out(_imported(kept, updated))
    else:
        _tell_import(file, kept, updated, lang)


def _mapping(path: Path | None) -> str | None:
    """Read the mapping of a table and see that it is one."""
    if path is None:
        return None
    from gis.sources import mapping

    mapping.load(path)
    return path.read_text(encoding="utf-8-sig")


def keep(
    location: str, file: Path, told: Told, lang: Language, *, dry_run: bool, still: bool
) -> tuple[Imported, Updated | None]:
    """Keep a file in the public store and bring the layers up to date."""
    from gis.inventory import import_file, is_current
    from gis.store import open_store

    with closing(open_store(location)) as store:
        kept = import_file(store, file, told, dry_run=dry_run)
        wanted = not (dry_run or still or is_current(store))
        return kept, _run_update(store, lang) if wanted else None


def _keep_accidents(
    location: str, file: Path, told: Told, police_store: str | None, *, dry_run: bool
) -> Imported:
    """Keep accidents, which the public store never sees, in the police store."""
    from gis import controls
    from gis.inventory import import_file
    from gis.store import open_store

    where = police_location(location, police_store)
    with (
        closing(open_store(location)) as public,
        closing(controls.open_police(where, public)) as police,
    ):
        return import_file(police, file, told, dry_run=dry_run)


def _update(lang: Language) -> click.Command:
    @click.command("update", help=text(lang, "update.help"))
    @STORE
    @click.option(
        "--engine",
        "engine_name",
        type=click.Choice(("local", "dask")),
        default="local",
        help=text(lang, "update.engine"),
    )
    @click.option("--scheduler", metavar="ADDRESS", help=text(lang, "update.scheduler"))
    @click.option("--area", help=text(lang, "update.area"))
    @json_option(lang)
    def update(
        *, location: str, engine_name: str, scheduler: str | None, area: str | None, as_json: bool
    ) -> None:
        from gis import areas, inventory
        from gis.store import open_store

        if scheduler is not None and engine_name != "dask":
            raise click.UsageError(text(lang, "update.alone"))
        spread = _dask(scheduler) if engine_name == "dask" else nullcontext()
        with closing(open_store(location)) as store, spread as engine:
            if area is not None:
                inventory.change_area(store, areas.load(area))
            updated = _run_update(store, lang, engine)
        if as_json:
            out(updated.figures())
        else:
            _tell_update(updated, lang)

    return update


def _dask(scheduler: str | None) -> AbstractContextManager[Engine]:
    """Reach a scheduler; dask is imported for nobody else."""
    from gis.inventory.daskengine import dask

    return dask(scheduler)


def _run_update(store: Store, lang: Language, engine: Engine | None = None) -> Updated:
    """Recompute a store, showing each step."""
    from gis.inventory import update

    with progress(lang, STEPS) as step:
        start = time.perf_counter()
        return update(store, engine=engine, step=step, started=start)


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
        _tell_update(updated, lang)
        return
    counts = {**kept.counts, "faults": len(kept.faults)}
    key = "import.kept" if "ways" in kept.counts else "import.said"
    tell(text(lang, key, file=file.name, source=kept.source, **counts))
    for fault in kept.faults.head(SHOWN_FAULTS).to_dict("records"):
        tell(f"  {fault[f'message_{lang}']}")
    if len(kept.faults) > SHOWN_FAULTS:
        tell("  " + text(lang, "import.morefaults", n=len(kept.faults) - SHOWN_FAULTS))
    _tell_update(updated, lang)


def _tell_update(updated: Updated | None, lang: Language) -> None:
    """Say what an update came to, and how much of the area it computed anew."""
    if updated is None:
        return
    tell(text(lang, "update.done", **updated.figures()))
    why = f"update.whole.{updated.whole}" if updated.whole else "update.part"
    tell(text(lang, why, **updated.figures()))
    for drift in updated.drifts:
        tell(drift["message_sv"] if lang == "sv" else drift["message_en"])
