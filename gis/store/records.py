"""What is a record of the store made of?

Plain frozen records and the errors that come with them; times are aware datetimes in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from gis.errors import GisError, StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Body: TypeAlias = "Mapping[str, Any]"


class StoreFullError(StoreError):
    """The disk is full; nothing was kept, and writing works again when there is room."""


class StoreBusyError(StoreError):
    """Somebody else holds the store; nothing was kept, trying again later may help."""


class BodyError(GisError):
    """A body is no JSON that the history can keep (NaN, a lone surrogate, a doubled key)."""


class VersionConflictError(GisError):
    """An entry expected another version than the one that stands.

    Attributes
    ----------
    entity, entity_id
        What the entry was about.
    expected, current
        The version the entry named and the one that stands (0: nothing stands).
    """

    def __init__(self, entity: str, entity_id: str, expected: int, current: int) -> None:
        self.entity = entity
        self.entity_id = entity_id
        self.expected = expected
        self.current = current
        super().__init__(
            f"{entity} {entity_id}: version {expected} was expected and {current} stands; "
            "read it again and decide anew"
        )


class RepeatedKeyError(GisError):
    """An operation id or idempotency key came again with other content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing to remember for ever, as its author hands it in.

    Parameters
    ----------
    entity, entity_id
        What it is about: ``observation``, ``decision``, ``measure`` … and its id.
    op
        What happened: ``create``, ``change``, ``undo``, ``retire`` …, free to the caller.
    body
        The whole new body, a JSON object; coordinates as integers.
    author
        An opaque id from ``Store.person``, never a name.
    source
        ``human``, ``import``, ``offline`` or ``merge``.
    base_version
        The version the author had before their eyes, for the record; None is unknown.
    expected_version
        Compare and append: refused unless this version stands; 0 means nothing stands yet.
    op_id
        Unique over all users; the same again gives back the first revision.
    op_hash
        SHA-256 of what the client sent under `op_id`; the body's own when None.
    changeset
        What belongs together, an id of the caller.
    """

    entity: str
    entity_id: str
    body: Body
    author: str
    op: str = "create"
    source: str = "human"
    base_version: int | None = None
    expected_version: int | None = None
    op_id: str | None = None
    op_hash: str | None = None
    changeset: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One link of the chain. Never changed; a later one outweighs it.

    `replayed` tells an answer to a repeated `op_id` from a new revision.
    """

    seq: int
    entity: str
    entity_id: str
    version: int
    op: str
    body: dict[str, Any]
    author: str
    at: datetime
    source: str
    base_version: int | None
    op_id: str | None
    op_hash: str | None
    changeset: str | None
    prev_hash: str
    hash: str
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One file of a source, kept for ever.

    `date` is the day the source was true (ISO text, may be empty); `meta` holds what else the
    reader wants to know again. `delivery_id`, `sha256`, `size`, `seq` and `at` are filled in by
    the store.
    """

    kind: str
    source: str
    file_name: str
    date: str = ""
    author: str = "system"
    meta: Body = field(default_factory=dict)
    delivery_id: str = ""
    sha256: str = ""
    size: int = 0
    seq: int = 0
    at: datetime | None = None


class Kept(NamedTuple):
    """The id of a delivery, and whether it is new (False: the same file is the newest)."""

    delivery_id: str
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Idem:
    """An idempotency key of HTTP with what was answered under it.

    `status` and `answer` are None while the first request is still running.
    """

    author: str
    route: str
    key: str
    body_sha256: str
    status: int | None = None
    answer: bytes | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who can log in; `author` is the opaque id the history knows."""

    name: str
    author: str
    role: str
    password_hash: str | None
    disabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A bearer token, known only by its hash."""

    token_hash: str
    user: str
    scope: str
    label: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something outside the history that may be dropped again: a photo, a message, a session."""

    key: str
    body: bytes
    meta: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """What became of a part of a segment at a delivery.

    `relation` is ``kept``, ``moved``, ``split``, ``merged``, ``renumbered`` or ``dropped``; the
    measures are metres along the old and the new segment; `new_id` is empty for ``dropped``.
    """

    old_id: str
    new_id: str
    relation: str
    delivery_id: str
    old_from_m: float = 0.0
    old_to_m: float = 0.0
    new_from_m: float = 0.0
    new_to_m: float = 0.0
    at: datetime | None = None


class Fault(NamedTuple):
    """Something wrong with a store: a code, a sentence, and the first bad revision if one is."""

    code: str
    message: str
    seq: int | None = None
