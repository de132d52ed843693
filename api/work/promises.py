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
    role, secret = _viewer(who, police)
    return promises.answers(store, role=role, year=year, lang=lang, police=secret)


def follow_up(
    store: Store,
    year: int | None,
    who: Identity | None,
    lang: Language,
    police: Store | None = None,
) -> dict[str, Any]:
    """Set surveys and reported crime beside the measures, as the one who asks may see them."""
    role, secret = _viewer(who, police)
    return promises.follow_up(store, role=role, year=year, lang=lang, police=secret)


def _viewer(who: Identity | None, police: Store | None) -> tuple[str, Store | None]:
    """Return as whom somebody sees the figures, and the police store for those who may."""
    if who is not None and who.role == POLICE and police is not None:
        return POLICE, police
    return (SEEN_AS.get(who.role, "public") if who else "public"), None
