"""What may be said of a segment the moment somebody marks it?

That it was inspected, when, and how often it was changed: this follows from its own marks; and the
marks themselves. Its class, its findings and its neighbours follow with the refresh. Where several
people, a planner or a source have said more, nothing may be said before it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
import shapely

from gis import areas, crs, marks
from gis.inventory.publish import GONE
from gis.marks.frames import STANDING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.store import Revision, Store

FREE: Final = ("proposed", "ambiguous", "inspected")
"""Of a segment with one of these nobody has decided, and no two people have disagreed."""
PLAIN: Final = frozenset({"mark", "visit"})
TICKS: Final = "milliseconds"
"""Times of public layers end here, by cutting what is finer off."""


class _Seen(NamedTuple):
    """What was said of a segment; when it was last seen and changed, and how often."""

    said: list[Revision]
    inspected_at: str
    changed_at: str
    version: int


def settle_at_once(store: Store, segment_ids: Sequence[str]) -> bool:
    """Show marks and the new status of their segments where it is plain; a refresh must follow.

    Parameters
    ----------
    store
        The public store, updated at least once.
    segment_ids
        Segments with new marks or visits.

    Returns
    -------
    plain
        Whether all was plain; where it is False the refresh may not wait.
    """
    with store.transaction():
        plain = [_settle(store, segment_id) for segment_id in segment_ids]
    return all(plain)


def _settle(store: Store, segment_id: str) -> bool:
    """Write what was seen of one segment into the layers, if that is all there is to say."""
    seen = _seen(store, segment_id)
    feature = None if seen is None else store.feature("segments", segment_id)
    if seen is None or feature is None:
        return False
    stood = orjson.loads(feature)["properties"]
    if stood["status"] not in FREE:
        return False
    row = {
        "segment_id": segment_id,
        "status": "inspected",
        "inspected_at": seen.inspected_at,
        "valid_from": max(stood["valid_from"], seen.changed_at),
        "version": seen.version,
    }
    store.put_row("segments", row)
    for one in seen.said:
        if one.op_id is not None and store.feature("observations", one.op_id) is None:
            _show(store, one)
    return True


def _seen(store: Store, segment_id: str) -> _Seen | None:
    """Read when a segment was seen; None where that alone does not tell its status."""
    standing = [
        one for one in store.revisions("observation", segment_id) if one.body["result"] in STANDING
    ]
    plain = {one.body["kind"] for one in standing} <= PLAIN
    if not standing or not plain or len({one.author for one in standing}) > 1:
        return None
    if store.lineage(segment_id):
        return None
    inspected = max(_text(one.body.get("observed_at") or one.at) for one in standing)
    changed = max(_text(one.at) for one in standing)
    return _Seen(standing, inspected, changed, marks.version(store, segment_id))


def _show(store: Store, said: Revision) -> None:
    """Put an observation into the layer that everybody who may reads."""
    body, fix = said.body, said.body.get("fix") or {}
    row = {
        "observation_id": said.op_id,
        "segment_id": said.entity_id,
        "sent_segment_id": said.entity_id,
        "kind": body["kind"],
        "fields": json.dumps(body.get("fields") or {}, ensure_ascii=False),
        "observed_at": _text(body.get("observed_at") or said.at),
        "received_at": _text(said.at),
        "author": store.names().get(said.author, GONE),
        "accuracy_m": fix.get("accuracy_m"),
        "photo": body.get("photo_sha256"),
    }
    store.put_row("observations", row, _place(store, fix))


def _place(store: Store, fix: dict[str, Any]) -> shapely.Point | None:
    """Return where somebody stood, in the working CRS."""
    if fix.get("lon") is None:
        return None
    target = _working_crs(store.area_json())
    east, north = crs.project([fix["lon"]], [fix["lat"]], source=crs.WGS84, target=target)
    return shapely.Point(east[0], north[0])


@cache
def _working_crs(area_json: str) -> int:
    """Read the working CRS of an area; the profile is long, and the same at every mark."""
    return areas.from_json(area_json).crs


def _text(time: datetime | str) -> str:
    """Write a time as public layers hold it."""
    at = datetime.fromisoformat(time) if isinstance(time, str) else time
    known = at if at.tzinfo else at.replace(tzinfo=UTC)
    return f"{known.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=TICKS)}Z"
