"""What does every OGC answer rest on?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.past import seen_at

if TYPE_CHECKING:
    from datetime import datetime

    from api.ogc.frames import Frames
    from gis.areas import Area
    from gis.store import Store
    from gis.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The store and its area, and how the client called: address, language, format, moment."""

    now: Store
    area: Area
    base: str
    lang: Language
    frames: Frames
    form: str = "json"
    as_of: datetime | None = None

    @property
    def html(self) -> bool:
        """Whether a page is wanted."""
        return self.form == "html"

    @property
    def store(self) -> Store:
        """The store as it stood at the moment asked for."""
        return seen_at(self.now, self.as_of)
