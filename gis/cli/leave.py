"""Which command takes data out: export?"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from gis.cli.common import STORE, output_option, tell, text
from gis.errors import GisError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gis.exports.drawing import Drawn
    from gis.words import Language

FORMATS = (
    "gpkg", "geojson", "geoparquet", "fgb", "csv", "shp", "nvdb", "osm", "maproulette", "qfield",
)  # fmt: skip
"""Those of ``gis.exports``, named here so that help needs no geopandas."""


def commands(lang: Language, lines: Callable[[], Drawn]) -> list[click.Command]:
    """Return export, its help in `lang`; `lines` tells how a project draws each class."""

    @click.command("export", help=text(lang, "export.help"))
    @STORE
    @click.argument("format_", type=click.Choice(FORMATS))
    @output_option(lang)
    @click.option("--layer", "layers", multiple=True, help=text(lang, "export.layer"))
    @click.option("--bbox", help=text(lang, "export.bbox"))
    @click.option("--class", "classes", multiple=True, help=text(lang, "export.class"))
    @click.option("--as-of", help=text(lang, "export.asof"))
    def export(
        *,
        location: str,
        format_: str,
        output: Path,
        layers: tuple[str, ...],
        bbox: str | None,
        classes: tuple[str, ...],
        as_of: str | None,
    ) -> None:
        from gis import exports, inventory
        from gis.store import open_store

        cut = exports.Cut(
            layers=layers,
            bbox=exports.parse_bbox(bbox) if bbox else None,
            classes=classes,
            as_of=past(as_of) if as_of else None,
        )
        with closing(open_store(location)) as store:
            if as_of is None:
                inventory.catch_up(store)
            number = exports.export(store, format_, output, cut, drawn=lines())
        tell(text(lang, "export.done", file=output, n=number))

    return [export]


def past(written: str) -> datetime:
    """Read the time of ``--as-of``: ISO 8601, local without a zone, never in the future.

    Raises
    ------
    GisError
        If it is no time, or has not come yet.
    """
    from gis.marks.clock import moment

    try:
        at = moment(written)
    except (ValueError, OverflowError) as error:
        msg = f"--as-of {written!r} is no time; write for instance 2026-11-22T08:00."
        raise GisError(msg) from error
    if at > datetime.now(UTC):
        msg = f"--as-of {written!r} has not come yet; name a time that has passed."
        raise GisError(msg)
    return at
