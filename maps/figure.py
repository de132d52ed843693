"""How does folium draw a page that asks no other host for anything?

Three layers of defence. Every script and style that folium names goes through a registry and
an unknown name fails the build (``maps.assets``); what is left is written into the file, or
linked on the own origin with checksums; and the page carries a content security policy that
allows nothing else. No value of a layer ever passes through a folium string: data stands in one
inert JSON element, and scripts of ours build text nodes from it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from gis.words import language
from maps import assets
from maps.assets import AssetError, static_file, vendor_file
from maps.text import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "AssetError",
    "OfflineFigure",
    "OfflineMap",
    "Shell",
    "as_json",
    "static_file",
    "vendor_file",
]

_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
# Signs that could end a script element or open a comment, and the two line ends that old
# scripts cannot read in a text.
_ESCAPES: Final = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What stands round a map: a file that holds all, or a page on our own origin.

    `nav` and `panel` are markup of trusted templates, never of data; `parts` names what stands on
    a served page besides the map (`maps.assets.PARTS`). With `data_url`
    the page is drawn without its data and fetches it from our own origin. `basemap` is a background
    from elsewhere, ``address`` and ``attribution``, where the area's file names one.
    """

    served: bool = False
    nonce: str = ""
    nav: Markup = field(default_factory=Markup)
    panel: Markup = field(default_factory=Markup)
    parts: tuple[str, ...] = ()
    data_url: str = ""
    lang_links: Mapping[str, str] = field(default_factory=dict)
    basemap: Mapping[str, str] = field(default_factory=dict)
    static: str = "/static"
    explain: str = "/api/segments/{id}/explain"


def origin(address: str) -> str:
    """Return the foreign host that an address asks; empty where it is our own.

    Examples
    --------
    >>> origin("https://tile.example.org/{z}/{x}/{y}.png"), origin("/karta/min.pmtiles")
    ('https://tile.example.org', '')
    """
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def as_json(value: object) -> str:
    r"""Write a value so that it can stand inside a script element.

    Parameters
    ----------
    value
        Anything that JSON can hold; NaN is refused.

    Returns
    -------
    text
        JSON without a sign that HTML could read.

    Examples
    --------
    >>> as_json({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text


class OfflineMap(folium.Map):
    """folium's map without tiles, markers or foreign libraries, and the call that draws on it.

    It lies under a fixed name, so that the same layers give the same file. It never holds data:
    branca reads what an element writes as a template once more.
    """

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div id="{{ this.get_name() }}" class="map" data-testid="map" role="region"
             {%- if this.outside %} data-basemap="{{ this.outside | e }}"{% endif %}
             tabindex="0" aria-labelledby="map-heading" aria-describedby="map-keys"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {{ this.leaflet }});
        gcvag.start({{ this.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, options: Mapping[str, object], outside: str = "") -> None:
        super().__init__(tiles=None)
        self._id = "gcvag"
        self.outside = outside
        self.leaflet = as_json(dict(options))
        self.default_js = [(name, name) for name in assets.REGISTRY if not name.endswith("_css")]
        self.default_css = [(name, name) for name in assets.REGISTRY if name.endswith("_css")]


class Part(Element):
    """A part of the page that can be looked through: head, body or script."""

    @property
    def named(self) -> dict[str, Element]:
        """Name to element, in order."""
        return dict(self._children)

    @property
    def body(self) -> str:
        """The text of all elements, in order."""
        return "\n".join(child.render().strip() for child in self._children.values())


class OfflineFigure(Figure):
    """folium's page with our own template, our own assets and a policy that allows no other.

    `data` is what the scripts of the page draw; `kind`, `title` and `lang` stand in it.
    """

    def __init__(self, data: Mapping[str, object], *, shell: Shell, about: object) -> None:
        super().__init__()
        self.known = dict(data)
        self.shell = shell
        self.about = about
        # branca's own head holds a meta element; ours stands in the template.
        self.header = self.head = Part()
        self.html = self.inner = Part()
        self.script = self.calls = Part()

    def render(self, **kwargs: object) -> str:
        """Return the page.

        Raises
        ------
        AssetError
            If an element of the page names a script or style that is not registered, or
            writes anything else into the head.
        """
        for child in self._children.values():
            child.render(**kwargs)
        wanted = [asset for asset in (_asset(*pair) for pair in self.head.named.items()) if asset]
        script = self.calls.body
        lang = language(str(self.known["lang"]))
        return (
            _environment()
            .get_template("page.html")
            .render(
                kind=self.known["kind"],
                title=self.known["title"],
                lang=lang,
                shell=self.shell,
                about=self.about,
                bundles={
                    ending: assets.bundle(("map", *self.shell.parts), ending)
                    for ending in ("css", "js")
                },
                t=sentences(lang),
                styles=[asset for asset in wanted if asset.is_style],
                scripts=[asset for asset in wanted if not asset.is_style],
                script=script,
                body=self.inner.body,
                data=as_json(self.known),
                policy=_policy(wanted, script),
                icon=_icon(),
            )
        )


def _asset(name: str, child: Element) -> assets.Asset | None:
    """Return what a head element stands for; refuse everything that is no registered link."""
    if not isinstance(child, JavascriptLink | CssLink):
        msg = f"{name!r} writes into the head of the page; only registered assets may stand there"
        raise AssetError(msg)
    return assets.find(name)


def _policy(wanted: list[assets.Asset], script: str) -> str:
    """Write the policy of a file that stands alone: these scripts and styles by hash, no host."""
    hashes: dict[bool, list[str]] = {True: [], False: []}
    for asset in wanted:
        hashes[asset.is_style].append(f"'{assets.checksum(asset.inline.encode(), 'sha256')}'")
    hashes[False].append(f"'{assets.checksum(script.encode(), 'sha256')}'")
    return (
        f"default-src 'none'; script-src {' '.join(hashes[False])};"
        f" style-src {' '.join(hashes[True])}; img-src data: blob:;"
        " object-src 'none'; base-uri 'none'; form-action 'none'"
    )


@cache
def _icon() -> str:
    """Return the icon of the page as an address that needs no request."""
    return assets.data_address(static_file("icon.svg"), "image/svg+xml")


@cache
def _environment() -> Environment:
    """Return the templates; every value is escaped, and a missing one is an error."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
