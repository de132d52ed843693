"""Which command draws a map as one file that opens with no network?"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from gis.cli.common import STORE, output_option, police_location, police_option, tell, text

if TYPE_CHECKING:
    from pathlib import Path

    from gis.areas import Area
    from gis.store import Store
    from gis.words import Language
    from maps.page import About, Layers

KINDS = ("inventory", "review", "sites", "promises")
BYTES_PER_KB = 1000
SITES_EACH = 10


def commands(lang: Language) -> list[click.Command]:
    """Return map, its help in `lang`."""

    @click.command("map", help=text(lang, "map.help"))
    @STORE
    @click.argument("kind", type=click.Choice(KINDS))
    @output_option(lang)
    @police_option(lang)
    def map_(*, location: str, kind: str, output: Path, police_store: str | None) -> None:
        from gis import areas
        from gis.store import open_store

        with closing(open_store(location)) as store:
            area = areas.from_json(store.area_json())
            if kind == "sites":
                html = _sites(store, area, police_location(location, police_store), lang)
            else:
                html = _public(kind, store, area, lang)
        output.write_text(html, encoding="utf-8")
        size = output.stat().st_size // BYTES_PER_KB
        tell(text(lang, "map.done", file=output, kb=size))

    return [map_]


def layers_of(store: Store) -> Layers:
    """Return the layers that every map shows."""
    named = {"segments": "segments", "findings": "findings", "streets": "streets"}
    named |= {"areas": "areas", "places": "places"}
    return {name: store.layer(layer) for name, layer in named.items()}


def about(store: Store, area: Area) -> About:
    """Return what a map says of its origin."""
    from maps.page import About

    sources = tuple(f"{d.source} {d.date} ({d.file_name})" for d in store.deliveries())
    made = datetime.now(UTC).date().isoformat()
    return About(attribution=area.attribution, sources=sources, made=made, country=area.country)


def _public(kind: str, store: Store, area: Area, lang: Language) -> str:
    """Draw the inventory, the review or the promises."""
    from gis.promises import answers
    from maps import inventory, promises, review

    shown: dict[str, Any] = {"title": area.name, "lang": lang, "about": about(store, area)}
    if kind == "inventory":
        return inventory.draw(layers_of(store), **shown)
    if kind == "review":
        return review.draw(layers_of(store), **shown)
    return promises.draw(layers_of(store), answers(store, lang=lang)["promises"], **shown)


def _sites(store: Store, area: Area, police: str, lang: Language) -> str:
    """Draw the best control sites of each kind."""
    from gis.controls import open_police, ranked_sites
    from maps import sites

    with closing(open_police(police, store)) as secret:
        ranked = ranked_sites(store, secret, each=SITES_EACH)
    layers = {**layers_of(store), "sites": ranked}
    return sites.draw(layers, title=area.name, lang=lang, about=about(store, area))
