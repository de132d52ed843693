"""How far are the promises kept, for the one who asks?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gis import promises
from gis.controls.access import note_read

if TYPE_CHECKING:
    from api.auth.identity import Identity
    from gis.store import Store
    from gis.words import Language

SEEN_AS: Final = {"inspector": "inspector", "planner": "planner"}
POLICE: Final = "police"
READ: Final = "/api/promises"


class Wish(NamedTuple):
    """Both stores (that of the police where it is at hand), the year (None: this), who, language.

    The police see their own count where the police store is at hand, else what everybody sees.
    """

    store: Store
    year: int | None
    who: Identity | None
    lang: Language
    police: Store | None = None

    def told(self) -> dict[str, Any]:
        """Return what the counting needs to know of who asks."""
        if self.who is not None and self.who.role == POLICE and self.police is not None:
            return {"role": POLICE, "police": self.police, "lang": self.lang}
        role = SEEN_AS.get(self.who.role, "public") if self.who else "public"
        return {"role": role, "police": None, "lang": self.lang}


def answer(wish: Wish) -> dict[str, Any]:
    """Count every promise for a local calendar year; what the police read is remembered."""
    told = wish.told()
    if wish.who is not None and told["police"] is not None:
        note_read(told["police"], wish.who.author, READ)
    return promises.answers(wish.store, year=wish.year, **told)


def follow_up(wish: Wish) -> dict[str, Any]:
    """Set surveys and reported crime beside the measures, as the one who asks may see them."""
    return promises.follow_up(wish.store, year=wish.year, **wish.told())
