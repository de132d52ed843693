"""What happens when a planner settles a segment?

The tag is compared, the decision appended and the segment's layers brought up to date in one
transaction, so that of two planners who read the same state one is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.ogc import pages, tags
from gis import inventory, marks

if TYPE_CHECKING:
    from api.auth.identity import Identity
    from api.models import SegmentPatch
    from gis.store import Store

SEGMENTS = "segments"


def settle(
    store: Store, segment_id: str, patch: SegmentPatch, *, if_match: str | None, who: Identity
) -> bytes:
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
        The planner.

    Returns
    -------
    feature
        The segment as it stands now, rendered (CRS84).

    Raises
    ------
    Problem
        ``not_found``, ``match_needed``, ``bad_match`` or ``stale``.
    """
    wanted = patch.properties
    with store.transaction():
        feature = pages.one(store, SEGMENTS, segment_id)
        more = tags.difference(store, feature, {"path_class": wanted.path_class})
        tags.demand_match(if_match, tags.state(feature), more)
        marks.decide_segment(
            store, segment_id, wanted.path_class, reason=wanted.reason, author=who.author
        )
        inventory.refresh(store, [segment_id])
        return pages.one(store, SEGMENTS, segment_id)
