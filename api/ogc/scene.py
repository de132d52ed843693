"""What does every OGC answer rest on?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gis.areas import Area
    from gis.store import Store
    from gis.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The store and its area, and how the client called: address, language, page or JSON."""

    store: Store
    area: Area
    base: str
    lang: Language
    html: bool
