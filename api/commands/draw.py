"""Which command draws a map as one file that opens with no network?"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from gis.cli.common import STORE, output_option, police_location, police_option, tell, text

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from gis.areas import Area
    from gis.store import Store
    from gis.words import Language
    from maps.page import About, Layers

KINDS = ("inventory", "review", "sites", "promises")
BYTES_PER_KB = 1000
SITES_EACH = 10
SHOWN = ("segments", "findings", "streets", "areas", "places")
MOST_IN_A_FILE = 50_000
"""Segments; a file of more stalls a browser for seconds (design: breakpoints of maps)."""


def commands(lang: Language) -> list[click.Command]:
    """Return map, its help in `lang`."""

    @click.command("map", help=text(lang, "map.help"))
    @STORE
    @click.argument("kind", type=click.Choice(KINDS))
    @click.option("--district", metavar="NAME", help=text(lang, "map.district"))
    @output_option(lang)
    @police_option(lang)
    def map_(
        *, location: str, kind: str, district: str | None, output: Path, police_store: str | None
    ) -> None:
        from gis import areas
        from gis.store import open_store

        with closing(open_store(location)) as store:
            area = areas.from_json(store.area_json())
            outline = outline_of(store, district, lang) if district else None
            if outline is None:
                _refuse_many(store.count("segments"), lang)
            layers = layers_of(store, outline)
            _refuse_many(len(layers["segments"]), lang)
            shown = {
                "title": f"{area.name}, {district}" if district else area.name,
                "lang": lang,
                "about": about(store, area),
            }
            if kind == "sites":
                html = _sites(store, layers, police_location(location, police_store), shown)
            else:
                html = _public(kind, store, layers, shown)
        output.write_text(html, encoding="utf-8")
        size = output.stat().st_size // BYTES_PER_KB
        tell(text(lang, "map.done", file=output, kb=size))

    return [map_]


def layers_of(store: Store, outline: BaseGeometry | None = None) -> Layers:
    """Return the layers that every map shows: of the whole area, or of one district."""
    box = None if outline is None else outline.bounds
    layers = {name: store.layer(name, bbox=box) for name in SHOWN}
    if outline is not None:
        segments = layers["segments"]
        layers["segments"] = segments[segments.intersects(outline)]
        findings, ids = layers["findings"], layers["segments"]["segment_id"]
        layers["findings"] = findings[findings["segment_id"].isin(ids)]
    return layers


def outline_of(store: Store, name: str, lang: Language) -> BaseGeometry:
    """Return the outline of a district by its name."""
    from gis.errors import NotFoundError

    layer = store.layer("districts")
    found = layer[layer["name"].eq(name)]
    if found.empty:
        known = ", ".join(sorted(layer["name"].dropna())) or "–"
        raise NotFoundError(text(lang, "sheet.district.fault", name=name[:80], known=known[:300]))
    return found.geometry.union_all()


def _refuse_many(number: int, lang: Language) -> None:
    """Refuse a file that no browser would draw in time, and say what to use."""
    from gis.errors import GisError

    if number > MOST_IN_A_FILE:
        raise GisError(text(lang, "map.many", n=number, most=MOST_IN_A_FILE))


def about(store: Store, area: Area) -> About:
    """Return what a map says of its origin."""
    from maps.page import About

    sources = tuple(f"{d.source} {d.date} ({d.file_name})" for d in store.deliveries())
    made = datetime.now(UTC).date().isoformat()
    return About(attribution=area.attribution, sources=sources, made=made, country=area.country)


def _public(kind: str, store: Store, layers: Layers, shown: dict[str, Any]) -> str:
    """Draw the inventory, the review or the promises."""
    from gis.promises import answers
    from maps import inventory, promises, review

    if kind == "inventory":
        return inventory.draw(layers, **shown)
    if kind == "review":
        return review.draw(layers, **shown)
    said = answers(store, lang=shown["lang"])["promises"]
    return promises.draw(layers, said, **shown)


def _sites(store: Store, layers: Layers, police: str, shown: dict[str, Any]) -> str:
    """Draw the best control sites of each kind; of a district, those of them that lie there."""
    from gis.controls import open_police, ranked_sites
    from maps import sites

    with closing(open_police(police, store)) as secret:
        ranked = ranked_sites(store, secret, each=SITES_EACH)
    ranked = ranked[ranked["segment_id"].isin(layers["segments"]["segment_id"])]
    return sites.draw({**layers, "sites": ranked}, **shown)
