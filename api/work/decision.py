"""What happens when a planner settles a segment?

The tag is compared, the decision appended and the segment's layers brought up to date in one
transaction, so that of two planners who read the same state one is refused.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import uuid4

from api.auth.identity import DESKTOP
from api.errors import Problem
from api.kinds import Kind
from api.ogc import pages, tags
from gis import inventory, marks
from gis.areas import Area

if TYPE_CHECKING:
    from api.auth.identity import Identity
    from api.models import SegmentPatch
    from gis.store import Store

SEGMENTS: Final = "segments"
UNSEEN_SETTING: Final = "desktop_conflict_hours"
"""For so many hours a change by somebody else turns an unseen write into a conflict."""


class Settled(NamedTuple):
    """A segment after a write, and whether the class that was sent is what stands."""

    feature: bytes
    stands: bool


def settle(
    store: Store, segment_id: str, patch: SegmentPatch, *, if_match: str | None, who: Identity
) -> Settled:
    """Append a decision.

    Parameters
    ----------
    store
        The public store.
    segment_id
        The segment that is settled.
    patch
        Its class, and why.
    if_match
        The tag of the feature the planner had before them.
    who
        The planner; with a token for desktop GIS the tag may be missing.

    Returns
    -------
    settled
        The segment as it stands now, rendered (CRS84), and whether the decision stands.

    Raises
    ------
    Problem
        ``not_found``, ``match_needed``, ``bad_match`` or ``stale``.

    Notes
    -----
    Without a tag nobody knows what a desktop user saw. Where somebody else changed the segment in
    hours the area sets, the class is kept as a mark: both answers stand, a planner settles.
    """
    wanted = patch.properties
    unseen = if_match is None and who.scope == DESKTOP
    with store.transaction():
        feature = pages.one(store, SEGMENTS, segment_id)
        if not unseen:
            more = tags.difference(store, feature, {"path_class": wanted.path_class})
            tags.demand_match(if_match, tags.state(feature), more)
        stands = not (unseen and _is_fresh(store, segment_id, who))
        if stands:
            marks.decide_segment(
                store, segment_id, wanted.path_class, reason=wanted.reason, author=who.author
            )
        else:
            _keep_beside(store, segment_id, patch, who)
        inventory.refresh(store, [segment_id])
        return Settled(pages.one(store, SEGMENTS, segment_id), stands)


def _is_fresh(store: Store, segment_id: str, who: Identity) -> bool:
    """Tell whether somebody else changed a segment lately."""
    hours = Area.from_json(store.area_json()).settings[UNSEEN_SETTING]
    since = datetime.now(UTC) - timedelta(hours=hours)
    changes = [
        *store.revisions("observation", segment_id),
        *store.revisions("decision", segment_id),
    ]
    return any(change.author != who.author and change.at > since for change in changes)


def _keep_beside(store: Store, segment_id: str, patch: SegmentPatch, who: Identity) -> None:
    """Keep a class as a mark beside what somebody else said."""
    now = datetime.now(UTC)
    wanted = patch.properties
    operation = {
        "op_id": str(uuid4()),
        "kind": "mark",
        "segment_id": segment_id,
        "base_version": None,
        "observed_at": now.isoformat(),
        "fields": {"path_class": wanted.path_class, "note": wanted.reason or ""},
    }
    (told,) = marks.receive(store, [operation], author=who.author, now=now)
    if told.result == "invalid":
        raise Problem(Kind.INVALID_CODE)
