"""Which commands speak of the promise: sites and promises?"""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gis.cli.common import (
    STORE,
    json_option,
    out,
    police_location,
    police_option,
    table,
    tell,
    text,
)

if TYPE_CHECKING:
    from gis.store import Store
    from gis.words import Language

DAY = click.DateTime(["%Y-%m-%d"])
KINDS = ("cyclist", "driver", "school")
SHOWN_REASONS = 3


def commands(lang: Language) -> list[click.Command]:
    """Return sites and promises, their help in `lang`."""
    return [_sites(lang), _promises(lang)]


def _sites(lang: Language) -> click.Command:
    @click.command("sites", help=text(lang, "sites.help"))
    @STORE
    @click.option("--kind", required=True, type=click.Choice(KINDS), help=text(lang, "sites.kind"))
    @click.option(
        "-n", "number", default=10, type=click.IntRange(min=1), help=text(lang, "sites.n")
    )
    @click.option("--seed", type=int, help=text(lang, "sites.seed"))
    @click.option(
        "--draw", "period", type=(DAY, DAY, click.IntRange(min=1)), help=text(lang, "sites.draw")
    )
    @police_option(lang)
    @json_option(lang)
    def sites(
        *,
        location: str,
        kind: str,
        number: int,
        seed: int | None,
        period: tuple[datetime, datetime, int] | None,
        police_store: str | None,
        as_json: bool,
    ) -> None:
        from gis import controls
        from gis.store import open_store

        where = police_location(location, police_store)
        with (
            closing(open_store(location)) as public,
            closing(controls.open_police(where, public)) as police,
        ):
            _note_read(police, "gcvag sites")
            found = controls.ask(public, police, kind=kind, n=number, seed=seed).to_dict()
            if period is not None:
                first, last, visits = period
                wish = controls.Wish(
                    kind=kind, first=first.date(), last=last.date(), visits=visits,
                    n=number, seed=seed,
                )  # fmt: skip
                found["draw"] = controls.draw_visits(public, police, wish)
            _publish(public, police)
        if as_json:
            out(found)
        else:
            _tell_sites(found, lang)

    return sites


def _note_read(police: Store, command: str) -> None:
    """Remember in the police store who read it: the account of the computer, by its name there."""
    from gis.controls.access import note_read

    try:
        name = getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no account.
        name = f"uid {os.getuid()}"
    note_read(police, police.person(name), command)


def _tell_sites(found: dict[str, Any], lang: Language) -> None:
    """Print a ranking for a person, each place with its main reasons."""
    for site in found["sites"]:
        span = f"{site['rank_low']}–{site['rank_high']}"
        tell(f"{site['rank']:3d} ({span})  {site['segment_id']}  {site['lat']}, {site['lon']}")
        for reason in site["reasons"][:SHOWN_REASONS]:
            tell(f"       {reason[f'text_{lang}']}")
    if found["unclear"]:
        tell(text(lang, "sites.unclear", n=len(found["unclear"])))
    if "draw" in found:
        tell(text(lang, "sites.drawn", seed=found["draw"]["seed"]))
        for visit in found["draw"]["visits"]:
            mark = text(lang, "sites.explored") if visit["explored"] else ""
            tell(f"  {visit['day']}  {visit['segment_id']}  {mark}".rstrip())


def _publish(public: Store, police: Store) -> None:
    """Write the figures that may be public by now, as every holder of the police store does."""
    from gis import areas, promises

    area = areas.from_json(public.area_json())
    promises.publish_due(police, public, area, datetime.now(UTC))


def publish_held(public: Store, police: str) -> None:
    """Publish what is due where there is a police store at a location."""
    from gis.controls import open_police
    from gis.store import is_there

    if is_there(police):
        with closing(open_police(police, public)) as secret:
            _publish(public, secret)


def _answers(store: Store, police: str, year: int | None, lang: Language) -> dict[str, Any]:
    """Count the promises: by the police store where there is one, else as everybody sees them."""
    from gis.controls import open_police
    from gis.promises import answers
    from gis.store import is_there

    if not is_there(police):
        return answers(store, year=year, lang=lang)
    with closing(open_police(police, store)) as secret:
        _note_read(secret, "gcvag promises")
        _publish(store, secret)
        return answers(store, role="police", year=year, lang=lang, police=secret)


def _keep_table(store: Store, file: Path, first: datetime | None) -> None:
    """Keep the municipality's own promises, from this year on unless a day is given."""
    from gis.promises import keep_table

    begins = first or datetime(datetime.now(UTC).year, 1, 1, tzinfo=UTC)
    keep_table(store, file, begins.date(), author=store.person("system"))


def _promises(lang: Language) -> click.Command:
    @click.command("promises", help=text(lang, "promises.help"))
    @STORE
    @click.option("--year", type=int, help=text(lang, "promises.year"))
    @click.option(
        "--table",
        "file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help=text(lang, "promises.table"),
    )
    @click.option(
        "--from", "first", type=click.DateTime(["%Y-%m-%d"]), help=text(lang, "promises.from")
    )
    @police_option(lang)
    @json_option(lang)
    def promises(
        *,
        location: str,
        year: int | None,
        file: Path | None,
        first: datetime | None,
        police_store: str | None,
        as_json: bool,
    ) -> None:
        from gis.store import open_store

        with closing(open_store(location)) as store:
            if file is not None:
                _keep_table(store, file, first)
            found = _answers(store, police_location(location, police_store), year, lang)
        if as_json:
            out(found)
            return
        heads = [text(lang, f"promises.{name}") for name in ("label", "done", "target", "unit")]
        rows = [
            [row[name] for name in ("label", "done", "target", "unit")] for row in found["promises"]
        ]
        table(heads, [["–" if cell is None else cell for cell in row] for row in rows])

    return promises
