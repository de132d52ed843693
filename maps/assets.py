"""Which scripts and styles may a page use?

Every asset has a name, the one folium knows it by, and a file of ours: ``maps/vendor`` for
libraries (version, licence and checksum in ``manifest.json``), ``maps/static`` for our own. A name
that stands in neither list is refused, so no page can ask a foreign host for anything.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from gis.errors import GisError, NotFoundError

_FOLDER: Final = Path(__file__).resolve().parent
VENDOR: Final = _FOLDER / "vendor"
STATIC: Final = _FOLDER / "static"

REGISTRY: Final[dict[str, str]] = {
    "leaflet": "vendor/leaflet.js",
    "leaflet_css": "vendor/leaflet.css",
    "gcvag_css": "static/gcvag.css",
    "gcvag_data": "static/gcvag-data.js",
    "gcvag_canvas": "static/gcvag-canvas.js",
    "gcvag_ground": "static/gcvag-ground.js",
    "gcvag_labels": "static/gcvag-labels.js",
    "gcvag_legend": "static/gcvag-legend.js",
    "gcvag_popup": "static/gcvag-popup.js",
    "gcvag_list": "static/gcvag-list.js",
    "gcvag_search": "static/gcvag-search.js",
    "gcvag_sites": "static/gcvag-sites.js",
    "gcvag_promises": "static/gcvag-promises.js",
    "gcvag_map": "static/gcvag-map.js",
}
# What a page on our own origin adds to its drawing, by the name its shell gives.
PARTS: Final[dict[str, tuple[str, ...]]] = {
    "map": tuple(REGISTRY.values()),
    "archive": ("vendor/protomaps-leaflet.js",),
    "tiled": ("vendor/protomaps-leaflet.js", "static/gcvag-tiled.js"),
    "served": ("static/gcvag-served.js",),
    "review": tuple(
        f"static/gcvag-review{part}.js"
        for part in ("-photo", "-panel", "", "-work", "-shape", "-line")
    ),
    "controls": tuple(
        f"static/gcvag-controls{part}.js" for part in ("", "-outcome", "-why", "-place", "-draw")
    ),
}
# folium asks for these on every map; nothing here uses them.
UNUSED: Final = frozenset(
    {
        "jquery",
        "bootstrap",
        "bootstrap_css",
        "glyphicons_css",
        "awesome_markers",
        "awesome_markers_css",
        "awesome_markers_font_css",
        "awesome_rotate_css",
    }
)

BUNDLED: Final = re.compile(r"(?P<parts>[a-z]+(\.[a-z]+)*)-[0-9a-f]{16}\.(?P<ending>js|css)")
_SOURCE_MAP: Final = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_IMAGE: Final = re.compile(r"url\(images/[^)]*\)")
_CLOSING: Final = re.compile(r"</(?:script|style)|<!--", re.IGNORECASE)


class AssetError(GisError):
    """A page names a script or style that is not ours to serve."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One script or style: the folder and the file it is served from."""

    folder: str
    file: str

    @property
    def is_style(self) -> bool:
        """Tell a style from a script."""
        return self.file.endswith(".css")

    @property
    def data(self) -> bytes:
        """The bytes as they are served."""
        return vendor_file(self.file) if self.folder == "vendor" else static_file(self.file)

    @property
    def integrity(self) -> str:
        """The checksum that stands beside a link to the asset."""
        return checksum(self.data, "sha384")

    @property
    def inline(self) -> str:
        """The text as it stands inside a page: no source map, no image file, no end tag."""
        text = _IMAGE.sub("none", _SOURCE_MAP.sub("", self.data.decode()))
        if _CLOSING.search(text):
            msg = f"{self.file} holds an end tag or a comment mark of HTML; write it in two parts"
            raise AssetError(msg)
        return text.replace("\r\n", "\n").strip()


def find(name: str) -> Asset | None:
    """Find what stands behind an asset name of folium.

    Parameters
    ----------
    name
        The key of ``default_js`` or ``default_css``.

    Returns
    -------
    asset
        The asset, or None for a name that folium asks for and no page uses.

    Raises
    ------
    AssetError
        If the name is in neither list.
    """
    if name in UNUSED:
        return None
    if name not in REGISTRY:
        msg = f"asset {name!r} is not registered; vendor it and name it in maps/assets.py"
        raise AssetError(msg)
    return Asset(*REGISTRY[name].split("/"))


@dataclass(frozen=True, slots=True)
class Bundle:
    """The scripts, or the styles, of a page in one file: one request instead of twenty.

    Its name holds a checksum, so that a browser may keep it for ever.
    """

    file: str
    data: bytes
    integrity: str


@cache
def bundle(parts: tuple[str, ...], ending: str) -> Bundle:
    """Put the files of some of `PARTS` with an ending (``js`` or ``css``) together, in order."""
    files = [Asset(*file.split("/")) for part in parts for file in PARTS[part]]
    data = "\n".join(one.inline for one in files if one.file.endswith(f".{ending}")).encode()
    name = f"{'.'.join(parts)}-{hashlib.sha256(data).hexdigest()[:16]}.{ending}"
    return Bundle(name, data, checksum(data, "sha384"))


def checksum(data: bytes, method: str) -> str:
    """Return a checksum as content security policies and links write it.

    Examples
    --------
    >>> checksum(b"", "sha256")
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return f"{method}-{base64.b64encode(hashlib.new(method, data).digest()).decode()}"


def data_address(data: bytes, media_type: str) -> str:
    """Write a file as an address that needs no request."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def vendor_file(name: str) -> bytes:
    """Return a vendored file; only what the manifest names exists.

    Raises
    ------
    NotFoundError
        If the manifest does not name it.
    AssetError
        If the file is not the one that the manifest describes.
    """
    if name not in vendored():
        msg = f"there is no vendored file {name!r}"
        raise NotFoundError(msg)
    return _sound(name, vendored()[name])


def static_file(name: str) -> bytes:
    """Return one of our own scripts, styles or icons, or a bundle of them.

    Raises
    ------
    NotFoundError
        If there is no such file, or a bundle has other contents now.
    """
    named = BUNDLED.fullmatch(name)
    parts = tuple(named["parts"].split(".")) if named else ()
    if named and set(parts) <= set(PARTS):
        made = bundle(parts, named["ending"])
        if made.file == name:
            return made.data
    if name not in {path.name for path in STATIC.iterdir()}:
        msg = f"there is no static file {name!r}"
        raise NotFoundError(msg)
    return (STATIC / name).read_bytes()


@cache
def vendored() -> dict[str, str]:
    """Return file name to checksum for every file of the manifest."""
    manifest = json.loads((VENDOR / "manifest.json").read_text("utf-8"))
    return {
        file["name"]: file["integrity"]
        for library in manifest["libraries"]
        for file in library["files"]
    }


@cache
def _sound(name: str, integrity: str) -> bytes:
    """Read a vendored file once and compare it with the manifest."""
    data = (VENDOR / name).read_bytes()
    if checksum(data, "sha384") != integrity:
        msg = f"maps/vendor/{name} differs from manifest.json; run make vendor"
        raise AssetError(msg)
    return data
