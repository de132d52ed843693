"""What happens when a phone sends what it saw?

The operations are kept and judged first, durably, and their segments show at once that somebody
was there. Where that is all there is to say at once, the rest follows behind the answer; where
people disagree, take something back or redraw a line, it is computed before it, alone with the
store, so that two phones at once cannot overwrite each other's figures.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from gis import inventory, marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.auth.identity import Identity
    from gis.store import Store
    from gis.words import Language


def take(
    store: Store, operations: Sequence[object], who: Identity, lang: Language
) -> list[dict[str, Any]]:
    """Keep operations and say what became of each, in the order sent.

    Parameters
    ----------
    store
        The public store.
    operations
        As sent, word for word.
    who
        The inspector or planner who sends them.
    lang
        Language of the reasons.

    Returns
    -------
    results
        ``op_id``, ``result`` and ``reason`` of each.
    """
    received = marks.receive(store, operations, author=who.author, now=datetime.now(UTC), lang=lang)
    touched = {one.segment_id for one in received if one.segment_id is not None}
    if touched and not inventory.settle_at_once(store, sorted(touched)):
        with store.transaction():
            inventory.refresh(store, sorted(touched))
    results = [asdict(one) for one in received]
    return [{name: one[name] for name in ("op_id", "result", "reason")} for one in results]
