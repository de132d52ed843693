"""What becomes of a file of marks: kept, judged, and the segments brought up to date?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from gis import marks
from gis.inventory.behind import refresh
from gis.inventory.refresh import update
from gis.marks.returned import operations
from gis.marks.shape import fault
from gis.store.schedule import back_up_beside
from gis.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from gis.marks import Received
    from gis.store import Store
    from gis.words import Language

MARKS: Final = "marks"
MANY_SHARE: Final = 0.05
"""From this share of the segments on, all together take less time than each by itself."""
RESULTS: Final = ("applied", "duplicate", "conflict", "invalid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What became of each row of a returned file, in its order."""

    rows: tuple[Received, ...]

    def counts(self) -> dict[str, int]:
        """Count the rows by what became of them."""
        results = [row.result for row in self.rows]
        return {name: results.count(name) for name in RESULTS}

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as plain values; rows are counted from 1."""
        rows = [
            {"row": number, "op_id": one.op_id, "result": one.result, "reason": one.reason}
            for number, one in enumerate(self.rows, start=1)
        ]
        return {"kind": MARKS, "counts": self.counts(), "rows": rows}


def import_marks(
    store: Store, path: Path, *, author: str, lang: Language = "sv", still: bool = False
) -> Returned:
    """Keep and judge the marks of a returned GeoPackage, then look at their segments anew.

    What stands is backed up first.

    Parameters
    ----------
    store
        The public store.
    path
        A file as ``gcvag export qfield`` wrote it, filled in.
    author
        The opaque id of who saw what stands in it.
    lang
        Language of the reasons.
    still
        Leave the segments as they are.

    Raises
    ------
    SourceError
        If the file cannot be read; nothing is kept then.
    StoreError
        If the file is not laid out as it went out; nothing is kept then.
    """
    told = operations(path)
    back_up_beside(store)
    received = marks.receive(store, told, author=author, now=datetime.now(UTC), lang=lang)
    touched = {one.segment_id for one in received if one.segment_id is not None}
    if touched and not still:
        _look_anew(store, touched)
    return Returned(rows=tuple(received))


def _look_anew(store: Store, touched: set[str]) -> None:
    """Bring the touched segments up to date, or all where that is less work."""
    if len(touched) > MANY_SHARE * store.count("segments"):
        update(store)
        return
    with store.transaction():
        refresh(store, sorted(touched))


def look_at_marks(path: Path, lang: Language = "sv") -> Returned:
    """Say which rows of a returned file could be understood; nothing is kept."""
    told = [(one["op_id"], fault(one)) for one in operations(path)]
    return Returned(
        rows=tuple(
            marks.Received(
                op_id=op_id,
                result="invalid" if wrong else "applied",
                reason=say("marks", wrong or "result_applied", lang),
            )
            for op_id, wrong in told
        )
    )
