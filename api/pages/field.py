"""What is the field page made of, so that a phone can keep all of it?

Page, scripts, styles, pictures and the form have one version: a digest of all of them. The worker
that keeps them carries it, so that a phone takes a newer page as a whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.answers import dumps
from api.work.field import limits
from api.work.field_form import form
from gis.words import LANGUAGES, catalogue
from maps.figure import static_file, vendor_file

if TYPE_CHECKING:
    from gis.areas import Area
    from gis.words import Language

PAGE: Final = "/falt"
FORM: Final = "/api/field/form"
WORKER: Final = "falt-worker.js"
_HERE: Final = Path(__file__).resolve().parent
TEMPLATE: Final = _HERE / "templates" / "field.html"
TEXTS: Final = _HERE / "field.csv"
SCRIPTS: Final = (
    "falt.js", "falt-area.js", "falt-compass.js", "falt-decide.js", "falt-draw.js",
    "falt-form.js", "falt-ground.js", "falt-kept.js", "falt-line.js", "falt-list.js", "falt-map.js",
    "falt-marks.js", "falt-move.js", "falt-operation.js", "falt-outing.js", "falt-photo.js",
    "falt-place.js", "falt-round.js", "falt-shape.js", "falt-signs.js", "falt-sync.js",
    "falt-words.js",
)  # fmt: skip
OWN: Final = (*SCRIPTS, "gcvag.css", "falt.css", "icon.svg", "falt-192.png", "falt-512.png")
VENDORED: Final = ("idb.js", "leaflet.js", "leaflet.css")
PAINTER: Final = "protomaps-leaflet.js"
"""What draws a background of vector tiles; only where the area names one."""
ARCHIVE: Final = ".pmtiles"


def texts(lang: Language) -> dict[str, str]:
    """Return every sentence of the page in one language, by key."""
    return {key: row[lang] for key, row in catalogue(TEXTS).items()}


def form_data(area: Area) -> dict[str, Any]:
    """Return the form with the area's limits and every sentence in both languages."""
    says = {key: [row[lang] for lang in LANGUAGES] for key, row in catalogue(TEXTS).items()}
    return {**form(area.country), "area": area.name, "limits": limits(area), "says": says}


def background(area: Area) -> str:
    """Return the address of the area's background that a phone can keep; empty without one."""
    address: str = (area.basemap or {}).get("address", "")
    return address if address.endswith(ARCHIVE) else ""


def files(area: Area) -> dict[str, bytes]:
    """Return address to content of all that the page loads beside the form."""
    own = {f"/static/{name}": static_file(name) for name in OWN}
    vendored = (*VENDORED, PAINTER) if background(area) else VENDORED
    return own | {f"/vendor/{name}": vendor_file(name) for name in vendored}


def version(area: Area) -> str:
    """Digest all that the phone keeps of the page."""
    parts = [*files(area).values(), TEMPLATE.read_bytes(), dumps(form_data(area))]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def worker(area: Area) -> bytes:
    """Write the worker's script: what to keep and under which version, then what it does."""
    kept = json.dumps({"version": version(area), "files": [PAGE, FORM, *files(area)]})
    return f"const KEPT = {kept};\n".encode() + static_file(WORKER)


def manifest(area: Area, lang: Language) -> dict[str, Any]:
    """Describe the page as something to install."""
    told = texts(lang)
    icons = [
        {"src": f"/static/falt-{size}.png", "sizes": f"{size}x{size}", "type": "image/png",
         "purpose": purpose}
        for size, purpose in ((192, "any"), (512, "any"), (512, "maskable"))
    ]  # fmt: skip
    return {
        "id": PAGE,
        "name": f"{told['app']} – {area.name}",
        "short_name": told["short"],
        "description": told["lead"],
        "lang": lang,
        "dir": "ltr",
        "start_url": PAGE,
        "scope": PAGE,
        "display": "standalone",
        "orientation": "any",
        "theme_color": "#0B5770",
        "background_color": "#F7F5F0",
        "icons": icons,
    }
