"""Which addresses does a document point to?

Every document points to itself, to its other format, and onward. Addresses start from the one
the client called.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
SCHEMA: Final = "application/schema+json"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
HTML: Final = "text/html"
CSV: Final = "text/csv"
FLATGEOBUF: Final = "application/vnd.flatgeobuf"
PARQUET: Final = "application/vnd.apache.parquet"
TILE: Final = "application/vnd.mapbox-vector-tile"
FORMS: Final = {
    "json": GEOJSON,
    "html": HTML,
    "csv": CSV,
    "fgb": FLATGEOBUF,
    "geoparquet": PARQUET,
}
"""Media type of a page of features by the word that ``f`` takes."""


def told(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Say for the OpenAPI document as what an answer may come.

    Examples
    --------
    >>> told("text/csv")
    {200: {'content': {'text/csv': {}}}}
    """
    return {200: {"content": {one: {} for one in media_types}}}


def link(href: str, rel: str, media_type: str, title: str = "") -> dict[str, str]:
    """Make one link."""
    made = {"href": href, "rel": rel, "type": media_type}
    return made | ({"title": title} if title else {})


def address(base: str, path: str, **query: str | int | None) -> str:
    """Make an address below `base`; null parameters are left out.

    Examples
    --------
    >>> address("http://x", "/ogc", f="json", crs=None)
    'http://x/ogc?f=json'
    """
    asked = {name: value for name, value in query.items() if value is not None}
    return f"{base}{path}" + (f"?{urlencode(asked)}" if asked else "")


def twins(href: str, media_type: str, *, html: bool) -> list[dict[str, str]]:
    """Link a document to itself and to its other format."""
    joint = "&" if "?" in href else "?"
    in_json = (f"{href}{joint}f=json", media_type)
    in_html = (f"{href}{joint}f=html", HTML)
    here, there = (in_html, in_json) if html else (in_json, in_html)
    return [link(here[0], "self", here[1]), link(there[0], "alternate", there[1])]
