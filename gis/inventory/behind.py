"""What was said that the layers do not show in full yet, and how is that made up for?

A mark is answered before its surroundings are recomputed. What waits follows from the record
itself: the revisions after the last one the layers hold. So it outlives a crash, and whoever needs
the finished state makes it up: the server behind its answers, a command before it reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from gis.inventory.refresh import DERIVED_FROM, REFRESHED, Looked, look_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.store import Revision, Store

SAID: Final = ("observation", "decision", "answer")
INVALID: Final = "invalid"
FREE_TRIES: Final = 2
"""So often the surroundings are computed while others write, before the writer is held for it."""


class Pending(NamedTuple):
    """What the layers do not show in full yet.

    Attributes
    ----------
    segment_ids
        Segments whose surroundings wait.
    since, until
        Numbers of the last revision that the layers hold, and of the last there is.
    number
        How many revisions wait.
    """

    segment_ids: list[str]
    since: int
    until: int
    number: int


def begin(store: Store) -> None:
    """Start counting at the end of the record where a store has no number, or one beyond it.

    Stores of before have none, and their layers are whole; a record that was taken back in time
    may be shorter than its number.
    """
    with store.transaction():
        head, _ = store.head()
        if store.layer_names() and not 0 <= int(store.meta(REFRESHED) or -1) <= head:
            store.set_meta(REFRESHED, str(head))


def pending(store: Store) -> Pending:
    """Read what waits; nothing in a store that was never updated."""
    since = store.meta(REFRESHED)
    head, _ = store.head()
    if since is None or int(since) >= head:
        return Pending([], head, head, 0)
    said = [one for one in store.revisions(after=int(since)) if _is_said(one)]
    ids = {segment_id for one in said if (segment_id := _segment_of(one)) is not None}
    return Pending(sorted(ids), int(since), head, len(said))


def refresh(store: Store, segment_ids: Sequence[str]) -> None:
    """Bring the layers up to date around segments, and note it where nothing else waits.

    Parameters
    ----------
    store
        The public store, updated at least once.
    segment_ids
        Segments with new observations, decisions or answers; unknown ones are passed over.
    """
    waiting = pending(store)
    look_around(store, segment_ids).write(store)
    if set(waiting.segment_ids) <= set(segment_ids):
        store.set_meta(REFRESHED, str(waiting.until))


def catch_up(store: Store) -> None:
    """Make up for everything that waits, in one piece; others may write meanwhile.

    Parameters
    ----------
    store
        The public store.
    """
    for _ in range(FREE_TRIES):
        if not pending(store).number or _caught_up(store, _look(store)):
            return
    with store.transaction():
        _caught_up(store, _look(store))


class _Look(NamedTuple):
    """What was computed, from which point of the record and which deliveries."""

    waiting: Pending
    base: tuple[str | None, str | None]
    looked: Looked


def _look(store: Store) -> _Look:
    base = _base(store)
    waiting = pending(store)
    nothing = Looked(set(), {}, {})
    found = look_around(store, waiting.segment_ids) if waiting.segment_ids else nothing
    return _Look(waiting, base, found)


def _caught_up(store: Store, look: _Look) -> bool:
    """Write what was computed, unless something was said of it meanwhile."""
    with store.transaction():
        since = filter(_is_said, store.revisions(after=look.waiting.until))
        if _base(store) != look.base or look.looked.wide & {_segment_of(one) for one in since}:
            return False
        look.looked.write(store)
        store.set_meta(REFRESHED, str(look.waiting.until))
    return True


def _base(store: Store) -> tuple[str | None, str | None]:
    return store.meta(DERIVED_FROM), store.meta(REFRESHED)


def _is_said(one: Revision) -> bool:
    """Tell whether a revision may change what the layers show."""
    return one.entity in SAID and one.body.get("result") != INVALID


def _segment_of(one: Revision) -> str | None:
    """Name the segment that a revision is about; an answer may be about none."""
    said: str | None = one.body.get("segment_id") if one.entity == "answer" else one.entity_id
    return said
