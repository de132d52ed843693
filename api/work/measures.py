"""What becomes of a performed measure?

It is appended to the history and counted at once; a correction is a new version made on the one
that stood, nothing is ever edited.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from api.errors import Problem
from api.kinds import Kind
from api.ogc import tags
from gis import promises
from gis.store import Entry

if TYPE_CHECKING:
    from api.auth.identity import Identity
    from api.models import MeasureIn, MeasurePatch
    from gis.areas import Area
    from gis.store import Revision, Store
    from gis.words import Language

ENTITY: Final = "measure"
HIDDEN: Final = ("author", "role", "corrected_by")
FORGOTTEN: Final = "borttagen"
VIEW: Final = "measure"


class Shown(NamedTuple):
    """A measure as planners and police see it, and its strong tag."""

    content: dict[str, Any]
    tag: str


class Desk(NamedTuple):
    """Where measures are kept, how they are counted, and in which language that is told."""

    store: Store
    area: Area
    lang: Language


def record(desk: Desk, told: MeasureIn, who: Identity) -> Shown:
    """Append a measure and say what it counts for."""
    measure_id = uuid.uuid4().hex
    body = {
        **told.model_dump(mode="json", exclude_none=True),
        "id": measure_id,
        "author": who.author,
        "role": who.role,
        "recorded_at": datetime.now(UTC).isoformat(),
    }
    entry = Entry(entity=ENTITY, entity_id=measure_id, body=body, author=who.author)
    return _counted(desk, desk.store.append([entry])[0])


def correct(
    desk: Desk, measure_id: str, told: MeasurePatch, *, if_match: str | None, who: Identity
) -> Shown:
    """Append a corrected version, made on the one that stands.

    Raises
    ------
    Problem
        ``not_found``, ``match_needed``, ``bad_match`` or ``stale``.
    """
    given = told.model_dump(mode="json", exclude_unset=True)
    with desk.store.transaction():
        stood = _standing(desk.store, measure_id)
        tags.demand_match(if_match, _state(stood), _difference(stood, given))
        body = {**stood.body, **given, "corrected_by": who.author}
        entry = Entry(
            entity=ENTITY, entity_id=measure_id, op="change", body=body, author=who.author
        )
        return _counted(desk, desk.store.append([entry])[0])


def one(store: Store, measure_id: str) -> Shown:
    """Read a measure as it stands; 404 when there is none."""
    return _shown(_standing(store, measure_id), store.names())


def listed(store: Store) -> list[dict[str, Any]]:
    """List every measure as it stands, oldest first."""
    names = store.names()
    return [_shown(revision, names).content for revision in store.state(ENTITY).values()]


def _standing(store: Store, measure_id: str) -> Revision:
    """Read the newest version of a measure."""
    stood = store.latest(ENTITY, measure_id)
    if stood is None:
        raise Problem(Kind.NOT_FOUND)
    return stood


def _state(revision: Revision) -> str:
    """Say which state of a measure this is: version and digest."""
    return f"{revision.version}-{tags.short(orjson.dumps(revision.body))}"


def _difference(stood: Revision, given: dict[str, Any]) -> dict[str, Any]:
    """Say what stands where a correction wants something else."""
    fields = [name for name in given if stood.body.get(name) != given[name]]
    return {
        "version": stood.version,
        "differences": [{"field": name, "current": stood.body.get(name)} for name in fields],
    }


def _shown(revision: Revision, names: dict[str, str]) -> Shown:
    """Lay a measure out."""
    body = revision.body
    kept = {name: value for name, value in body.items() if name not in HIDDEN}
    author = names.get(body["author"], FORGOTTEN)
    tag = tags.tag(_state(revision), VIEW)
    content = {**kept, "version": revision.version, "author": author, "etag": tag}
    return Shown(content, tag)


def _counted(desk: Desk, revision: Revision) -> Shown:
    """Lay a measure out with the rows it counts for, or why for none."""
    measure = promises.measure_of(revision.body)
    others = [other for other in promises.measures(desk.store) if other.id != measure.id]
    standing = promises.counts_for(
        measure,
        promises.in_force(desk.store, measure.day.year),
        promises.from_area(desk.area),
        recorded=others,
    )
    content, tag = _shown(revision, desk.store.names())
    content["counts_for"] = list(standing.counts_for)
    if not standing.counts_for:
        content["not_counted"] = standing.reason(desk.lang)
    return Shown(content, tag)
