"""Which command downloads an area's own data: fetch?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from gis.cli.common import STORE, json_option, text
from gis.cli.deliver import keep, show

if TYPE_CHECKING:
    from gis.words import Language

KINDS = ("osm", "nvdb", "schools")
"""Those of ``gis.sources.fetching``, named here so that help needs no geopandas."""


def commands(lang: Language) -> list[click.Command]:
    """Return fetch, its help in `lang`."""

    @click.command("fetch", help=text(lang, "fetch.help"))
    @STORE
    @click.argument("kind", type=click.Choice(KINDS))
    @click.option("--no-update", is_flag=True, help=text(lang, "import.noupdate"))
    @json_option(lang)
    def fetch(*, location: str, kind: str, no_update: bool, as_json: bool) -> None:
        from gis import areas
        from gis.inventory import Told
        from gis.sources.fetching import fetch as download
        from gis.store import open_store

        with closing(open_store(location)) as store:
            area = areas.from_json(store.area_json())
        with TemporaryDirectory(prefix="gcvag-") as folder:
            file = download(area, kind, Path(folder))
            kept, updated = keep(
                location, file, Told(kind=kind), lang, dry_run=False, still=no_update
            )
        show(file, kept, updated, lang, as_json=as_json)

    return [fetch]
