"""How far are the promises kept, for the one who asks?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gis import promises

if TYPE_CHECKING:
    from api.auth.identity import Identity
    from gis.store import Store
    from gis.words import Language

SEEN_AS: Final = {"inspector": "inspector", "planner": "planner"}
POLICE: Final = "police"


def answer(
    store: Store,
    year: int | None,
    who: Identity | None,
    lang: Language,
    police: Store | None = None,
) -> dict[str, Any]:
    """Count every promise for a local calendar year; this year when none is named.

    The police see their own count where the police store is at hand, else what everybody sees.
    """
    if who is not None and who.role == POLICE and police is not None:
        return promises.answers(store, role=POLICE, year=year, lang=lang, police=police)
    role = SEEN_AS.get(who.role, "public") if who else "public"
    return promises.answers(store, role=role, year=year, lang=lang)
