"""What does a served map show, and when is it drawn anew?

The coded layers are kept in memory as long as the store's layers do not change; the page itself
is small and fetches them from our own origin.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answers import dumps
from api.ogc.tags import short
from gis.layers import empty
from maps import inventory, page
from maps.figure import Shell
from maps.page import About, Contents

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from gis.areas import Area
    from gis.store import Store
    from gis.words import Language

DATA_URL: Final = "/api/map"
SEGMENTS: Final = "segments"
LAYERS: Final[tuple[str, ...]] = (SEGMENTS, "findings", "streets", "areas", "places")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The coded layers of one state of the store, and the same as JSON with its tag."""

    state: int
    contents: Contents
    data: bytes
    tag: str


class MapView:
    """Keeps the newest drawing; two requests never draw at once."""

    def __init__(self, code: Callable[..., Contents] = inventory.contents) -> None:
        self._code = code
        self._drawn: Drawn | None = None
        self._lock = threading.Lock()

    def drawn(self, store: Store, area: Area) -> Drawn:
        """Return the drawing of the layers as they stand."""
        with self._lock:
            state = store.layers_state()
            if self._drawn is None or self._drawn.state != state:
                self._drawn = _draw(store, area, state, self._code)
            return self._drawn


def html(drawn: Drawn, area: Area, *, lang: Language, nonce: str, nav: Markup) -> str:
    """Write the page around a drawing."""
    shell = Shell(
        served=True,
        nonce=nonce,
        nav=nav,
        data_url=DATA_URL,
        lang_links={"sv": "?lang=sv", "en": "?lang=en"},
    )
    return page.draw(drawn.contents, title=area.name, lang=lang, shell=shell)


def _draw(store: Store, area: Area, state: int, code: Callable[..., Contents]) -> Drawn:
    """Code the layers."""
    held = store.layer_names()
    layers = {SEGMENTS: empty(SEGMENTS, area.crs)}
    layers |= {name: store.layer(name) for name in LAYERS if name in held}
    about = About(attribution=area.attribution, country=area.country)
    coded = code(layers, title=area.name, about=about)
    data = dumps(coded.data)
    return Drawn(state, coded, data, f'"{short(data)}"')
