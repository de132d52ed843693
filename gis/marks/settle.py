"""How does a planner settle a segment?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis import codes
from gis.errors import CodeError, NotFoundError
from gis.marks.standing import version
from gis.sources.basis import statements
from gis.store import Entry

if TYPE_CHECKING:
    from typing import Any

    from gis.store import Revision, Store


def decide_segment(
    store: Store,
    segment_id: str,
    path_class: str,
    *,
    reason: str | None,
    author: str,
) -> Revision:
    """Append a planner's decision with what the sources said when it was taken.

    Nothing computed is edited; when a source changes later, the digest tells that it did and the
    words tell what.

    Parameters
    ----------
    store
        The public store.
    segment_id, path_class
        What is settled, and as which class of the code list.
    reason
        Why, in the planner's words; may be null.
    author
        The planner's opaque id.

    Raises
    ------
    NotFoundError
        If the inventory has no such segment.
    CodeError
        If the class is not in the code list.
    """
    if store.feature("segments", segment_id) is None:
        msg = "The inventory has no such segment; take an id from the segments layer."
        raise NotFoundError(msg)
    if path_class not in codes.load("path_class").assignable:
        msg = "The class is not in the code list path_class; choose one of its codes."
        raise CodeError(msg)
    body = {
        "path_class": path_class,
        "reason": reason,
        **_basis(store, segment_id),
        "segment_version": version(store, segment_id) + 1,
    }
    entry = Entry(entity="decision", entity_id=segment_id, op="decide", body=body, author=author)
    return store.append([entry])[0]


def _basis(store: Store, segment_id: str) -> dict[str, Any]:
    """Return what sources say of a segment and its digest; nulls before the first update."""
    if "network" not in store.layer_names():
        return {"basis_hash": None, "said": None}
    rows = store.layer("network", ids=[segment_id])
    if rows.empty:
        return {"basis_hash": None, "said": None}
    return {"basis_hash": str(rows["basis_hash"].iloc[0]), "said": statements(rows)[0]}
