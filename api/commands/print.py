"""Which command prints the inventory on sheets of paper?"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from api.commands.draw import about, layers_of, outline_of
from gis.cli.common import STORE, output_option, tell, text

if TYPE_CHECKING:
    from pathlib import Path

    from gis.areas import Area
    from gis.words import Language

PAPERS = ("A3", "A4")
USUAL_SCALE = "1:5000"


def commands(lang: Language) -> list[click.Command]:
    """Return sheet, its help in `lang`."""

    @click.command("sheet", help=text(lang, "sheet.help"))
    @STORE
    @click.option("--bbox", metavar="W,S,E,N", help=text(lang, "sheet.bbox"))
    @click.option("--district", metavar="NAME", help=text(lang, "sheet.district"))
    @click.option("--scale", default=USUAL_SCALE, show_default=True, help=text(lang, "sheet.scale"))
    @click.option(
        "--paper", type=click.Choice(PAPERS), default="A3", help=text(lang, "sheet.paper")
    )
    @output_option(lang)
    def sheet(
        *,
        location: str,
        bbox: str | None,
        district: str | None,
        scale: str,
        paper: str,
        output: Path,
    ) -> None:
        from gis import areas
        from gis.store import open_store
        from maps.sheet import Wish, draw

        if bbox and district:
            raise click.UsageError(text(lang, "sheet.both"))
        with closing(open_store(location)) as store:
            area = areas.from_json(store.area_json())
            outline = outline_of(store, district, lang) if district else None
            wish = Wish(
                scale=scale,
                paper=paper,
                title=f"{area.name}, {district}" if district else area.name,
                lang=lang,
                extent=_extent(bbox, area, lang) if bbox else None,
                outline=outline,
            )
            pages = draw(layers_of(store), wish, about=about(store, area), output=output)
        tell(text(lang, "sheet.done", file=output, n=pages))

    return [sheet]


def _extent(bbox: str, area: Area, lang: Language) -> tuple[float, float, float, float]:
    """Read west, south, east and north in degrees as a box in the working CRS."""
    import numpy as np

    from gis.crs import WGS84, project
    from gis.errors import GisError

    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (west < east and south < north):
        raise GisError(text(lang, "sheet.bbox.fault", bbox=bbox[:80]))
    x, y = project(
        [west, east, east, west], [south, south, north, north], source=WGS84, target=area.crs
    )
    if not np.isfinite([x, y]).all():
        raise GisError(text(lang, "sheet.bbox.fault", bbox=bbox[:80]))
    return (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
