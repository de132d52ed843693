"""What does a served map show, and when is it drawn anew?

The coded layers are kept in memory as long as the store's layers do not change; the page itself
is small and fetches them from our own origin. Of a large inventory only words and counts are
coded: its page draws tiles.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answers import dumps
from api.ogc.tags import short
from gis.crs import WGS84, project
from gis.layers import empty
from maps import inventory, page, tiled
from maps.figure import Shell, origin
from maps.page import About, Contents

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from markupsafe import Markup

    from gis.areas import Area
    from gis.store import Store
    from gis.words import Language

DATA_URL: Final = "/api/map"
NAMES_URL: Final = tiled.NAMES
SEGMENTS: Final = "segments"
ARCHIVE: Final = ".pmtiles"
LAG_S: Final = 30
LAYERS: Final[tuple[str, ...]] = (SEGMENTS, "findings", "streets", "areas", "places")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The coded layers of one state of the store, and the same as JSON with its tag."""

    state: int
    contents: Contents
    data: bytes
    tag: str
    at_s: float

    def holds(self, state: int, now_s: float) -> bool:
        """Tell whether it may be shown; the counts of a large public map may lag a little."""
        data = self.contents.data
        lagging = "tiled" in data and data["kind"] == "inventory"
        return self.state == state or (lagging and now_s - self.at_s < LAG_S)


class MapView:
    """Keeps the newest drawing; two requests never draw at once."""

    def __init__(self, code: Callable[[Store, Area], Contents]) -> None:
        self._code = code
        self._drawn: Drawn | None = None
        self._lock = threading.Lock()

    def drawn(self, store: Store, area: Area) -> Drawn:
        """Return the drawing of the layers as they stand."""
        with self._lock:
            state, now_s = store.layers_state(), time.monotonic()
            if self._drawn is None or not self._drawn.holds(state, now_s):
                contents = self._code(store, area)
                data = dumps(contents.data)
                self._drawn = Drawn(state, contents, data, f'"{short(data)}"', now_s)
            return self._drawn


def html(drawn: Drawn, area: Area, *, lang: Language, nonce: str, nav: Markup) -> str:
    """Write the page around a drawing."""
    shell = Shell(
        served=True,
        nonce=nonce,
        nav=nav,
        parts=(*drawing(drawn, area), "served"),
        data_url=DATA_URL,
        lang_links={"sv": "?lang=sv", "en": "?lang=en"},
        basemap=area.basemap or {},
    )
    return page.draw(drawn.contents, title=area.name, lang=lang, shell=shell)


def drawing(drawn: Drawn, area: Area) -> tuple[str, ...]:
    """Name the part that draws tiles, of the inventory or of a background, where there are."""
    if "tiled" in drawn.contents.data:
        return ("tiled",)
    return ("archive",) if outside(area)[0].endswith(ARCHIVE) else ()


def outside(area: Area) -> tuple[str, str]:
    """Return address and foreign host of the area's background; empty without one."""
    address = (area.basemap or {}).get("address", "")
    return address, origin(address)


def public(store: Store, area: Area) -> Contents:
    """Code the public map: all of a small inventory, words and counts of a large one."""
    about = About(attribution=area.attribution, country=area.country)
    if SEGMENTS not in store.layer_names() or store.count(SEGMENTS) <= tiled.MOST_SENT:
        return whole(store, area, inventory.contents)
    none = empty(SEGMENTS, area.crs)
    return tiled.contents(none, counted(store), extent(store, area), about, area.name)


def counted(store: Store) -> pd.DataFrame:
    """Read what a legend counts of every segment."""
    return store.table(SEGMENTS)[["path_class", "status", "length_m"]]


def whole(store: Store, area: Area, code: Callable[..., Contents]) -> Contents:
    """Code every layer that a map shows."""
    held = store.layer_names()
    layers = {SEGMENTS: empty(SEGMENTS, area.crs)}
    layers |= {name: store.layer(name) for name in LAYERS if name in held}
    about = About(attribution=area.attribution, country=area.country)
    return code(layers, title=area.name, about=about)


def names(store: Store) -> bytes:
    """Write every name that can be searched for, with its place."""
    held = store.layer_names()
    return dumps(tiled.names({name: store.layer(name) for name in tiled.PLACES if name in held}))


def extent(store: Store, area: Area) -> list[list[float]] | None:
    """Measure the segments in degrees, from all four corners of their box."""
    box = store.extent(SEGMENTS)
    if box is None:
        return None
    west, south, east, north = box
    x, y = project(
        [west, east, east, west], [south, south, north, north], source=area.crs, target=WGS84
    )
    return [[float(y.min()), float(x.min())], [float(y.max()), float(x.max())]]
