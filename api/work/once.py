"""Was this done before under the same key?

Claim, deed and answer are one transaction: a key whose deed failed is free again, and one that
was answered gives the same answer for ever (IETF draft ``idempotency-key-header``).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from api.auth.identity import DESKTOP
from api.errors import Problem
from api.kinds import Kind
from gis.store import Idem

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.auth.identity import Identity
    from gis.store import Store

CREATED: Final = 201


class Answer(NamedTuple):
    """Status and JSON of an answer that can be given again."""

    status: int
    body: bytes


class Deed(NamedTuple):
    """What is to be done once: by whom, at which route, under which key, with which body."""

    who: Identity
    route: str
    key: str
    body: Any
    status: int = CREATED

    def idem(self) -> Idem:
        """Name the deed to the store."""
        content = orjson.dumps(self.body, option=orjson.OPT_SORT_KEYS)
        digest = hashlib.sha256(content).hexdigest()
        return Idem(author=self.who.author, route=self.route, key=self.key, body_sha256=digest)


def key_of(who: Identity, route: str, key: str | None, body: object) -> str:
    """Return the key of a write; for desktop GIS without one it is made from route and body.

    Raises
    ------
    Problem
        ``no_key`` for everybody else without one.
    """
    if key is not None:
        return key
    if who.scope != DESKTOP:
        raise Problem(Kind.NO_KEY)
    content = orjson.dumps([route, body], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()


def once(store: Store, deed: Deed, act: Callable[[], dict[str, Any]]) -> Answer:
    """Do it, or give the answer of the first time.

    Parameters
    ----------
    store
        Where the thing and its key are kept together.
    deed
        Names it; the same key with another body is ``RepeatedKeyError``.
    act
        Does it and returns the answer as JSON.

    Raises
    ------
    Problem
        ``conflict`` while the first request is still running.
    """
    idem = deed.idem()
    with store.transaction():
        stood = store.claim(idem)
        if stood is None:
            answer = Answer(deed.status, orjson.dumps(act()))
            store.answer(_answered(idem, answer))
            return answer
    if stood.status is None or stood.answer is None:
        raise Problem(Kind.CONFLICT)
    return Answer(stood.status, stood.answer)


def _answered(idem: Idem, answer: Answer) -> Idem:
    """Put the answer beside its key."""
    return Idem(
        author=idem.author,
        route=idem.route,
        key=idem.key,
        body_sha256=idem.body_sha256,
        status=answer.status,
        answer=answer.body,
    )
