"""What does every map page hold, whatever it shows?

A page is drawn in two steps: `contents` makes one plain mapping of the layers, and `draw` writes
it into a file that stands alone, or into a page of our own origin. A server may keep the first
and answer it at `Shell.data_url`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from maps.figure import OfflineFigure, OfflineMap, Shell, origin
from maps.layers import background, findings, segments, words
from maps.layers.coding import Texts
from maps.text import both, sentences

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.words import Language

Kind = Literal["inventory", "review", "sites", "promises"]
Layers = Mapping[str, "gpd.GeoDataFrame"]

# Sources whose text the licence asks for, by the start of their ids.
_CREDITED: Final = {"osm": "attribution.osm", "nvdb": "attribution.nvdb"}
_MAP_OPTIONS: Final = {
    "zoomControl": False,
    "attributionControl": False,
    "minZoom": 8,
    "maxZoom": 20,
    "zoomAnimation": True,
    "preferCanvas": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a page says of its own origin.

    `attribution` stands on the map; without it, it follows from the sources of the segments.
    `sources` are further lines of text such as a source with its date; `made` is a day as
    ``YYYY-MM-DD``; `country` decides whether rights are stated as Swedish law.
    """

    attribution: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    made: str = ""
    country: str = "SE"

    @property
    def credits(self) -> tuple[str, ...]:
        """Every line of text about origin, once."""
        return tuple(dict.fromkeys((*self.sources, *self.attribution)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The data of a page, ready to be written as JSON, and what is said of its origin."""

    data: Mapping[str, Any]
    about: About


def contents(kind: Kind, layers: Layers, about: About, title: str = "") -> Contents:
    """Code the layers that every kind of page shows.

    Parameters
    ----------
    kind
        What the page is for.
    layers
        `segments` and, when there are any, `findings`, `streets`, `areas`, `places`; each with
        its columns of the layer contract, any CRS.
    about
        Origin of the data.
    title
        Name of the place.

    Returns
    -------
    contents
        Plain lists, numbers and texts in `data`.

    Raises
    ------
    KeyError
        If there is no layer `segments`.
    """
    shown = segments.drawn(layers["segments"])
    around = background.window(shown)
    texts = Texts()
    origin = credited(shown, about)
    data = {
        "kind": kind,
        "title": title,
        "country": origin.country,
        "attribution": list(origin.attribution),
        "extent": segments.extent(shown),
        "segments": {
            **segments.columns(shown, texts),
            "beside": texts.column(segments.beside(shown, layers.get("streets"))),
        },
        "findings": findings.columns(layers.get("findings"), shown, texts),
        "background": background.areas(layers.get("areas"), around),
        "streets": background.streets(layers.get("streets"), around, texts),
        "labels": background.labels(layers.get("areas"), layers.get("places"), around, texts),
        "words": words.vocabulary(),
        "style": words.looks(),
        "says": both(),
        "texts": texts.table,
    }
    return Contents(data=data, about=origin)


def credited(shown: gpd.GeoDataFrame, about: About) -> About:
    """Add the texts that the licences of the segments' sources ask for, unless some are given."""
    if about.attribution:
        return about
    ids = shown["source_ids"].explode().dropna().astype(str).str.split(":").str[0].unique()
    say = sentences("sv")
    texts = tuple(say(key) for source, key in _CREDITED.items() if source in ids)
    return About(attribution=texts, sources=about.sources, made=about.made, country=about.country)


def draw(page: Contents, *, title: str, lang: Language, shell: Shell) -> str:
    """Write a page.

    Parameters
    ----------
    page
        From `contents`, with what the kind of page adds.
    title
        Name of the place, shown above the heading; may be empty.
    lang
        Language on opening.
    shell
        A file that stands alone, or a page on our own origin.

    Returns
    -------
    html
        The whole page.
    """
    data = {
        **page.data,
        "title": title,
        "lang": lang,
        "served": shell.served,
        "explain": shell.explain,
        "basemap": dict(shell.basemap) or None,
    }
    if shell.data_url:
        keep = ("kind", "title", "lang", "served", "basemap")
        data = {"src": shell.data_url, "explain": shell.explain, **{key: data[key] for key in keep}}
    figure = OfflineFigure(data, shell=shell, about=page.about)
    figure.add_child(OfflineMap(_MAP_OPTIONS, origin(shell.basemap.get("address", ""))))
    return figure.render()
