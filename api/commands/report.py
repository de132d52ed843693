"""Which command writes the yearly report to the residents?"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from api.commands.draw import about
from gis.cli.common import STORE, output_option, police_location, police_option, tell, text
from gis.cli.figures import publish_held

if TYPE_CHECKING:
    from pathlib import Path

    from gis.store import Store
    from gis.words import Language
    from maps.report import Report

EARLIEST, LATEST = 2000, 2100
QUESTION = 2


def commands(lang: Language) -> list[click.Command]:
    """Return report, its help in `lang`."""

    @click.command("report", help=text(lang, "report.help"))
    @STORE
    @click.option(
        "--year",
        required=True,
        type=click.IntRange(EARLIEST, LATEST),
        help=text(lang, "report.year"),
    )
    @output_option(lang)
    @police_option(lang)
    def report(*, location: str, year: int, output: Path, police_store: str | None) -> None:
        from gis.store import open_store
        from maps.report import draw

        with closing(open_store(location)) as store:
            publish_held(store, police_location(location, police_store))
            told = report_of(store, year, lang)
        pages = draw(told, output)
        tell(text(lang, "report.done", file=output, n=pages))

    return [report]


def report_of(store: Store, year: int, lang: Language) -> Report:
    """Gather what everybody may see of a year."""
    from api.pages.progress import checks
    from gis import areas, inventory, promises
    from maps.report import Report

    area = areas.from_json(store.area_json())
    origin = about(store, area)
    figures = inventory.status(store)
    asked = checks(lang)
    return Report(
        place=area.name,
        year=year,
        made=origin.made,
        lang=lang,
        promises=promises.answers(store, year=year, lang=lang)["promises"],
        figures=figures,
        questions=[
            (asked[one["check_id"]], one["count"])
            for one in figures["flags"]
            if one["severity"] >= QUESTION and one["check_id"] in asked
        ],
        sources=(*origin.attribution, *origin.sources),
        follow=promises.follow_up(store, year=year, lang=lang),
    )
