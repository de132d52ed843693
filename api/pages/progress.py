"""What does the page about the state of the inventory tell, and how are its charts drawn?

Charts are drawn here as shapes of a template, each beside a table with the same figures.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gis import codes, csvfile, progress
from gis.inventory import figures
from gis.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.store import Store
    from gis.words import Language

WIDE, HIGH, EDGE = 640, 220, 34
SEGMENTS: Final = "segments"
EDITS: Final = "network"
SHOWN_CHECKS: Final = 15


class Progress:
    """The figures of one state of the store, counted once a day for each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: tuple[int, str] | None = None
        self._told: dict[str, Any] = {}

    def told(self, store: Store) -> dict[str, Any]:
        """Return the figures; counted anew when layers or the day have changed."""
        now = datetime.now(UTC)
        with self._lock:
            state = (store.layers_state(), now.date().isoformat())
            if state != self._of:
                self._told, self._of = facts(store, now), state
            return self._told


def facts(store: Store, now: datetime) -> dict[str, Any]:
    """Count everything that the page tells."""
    if SEGMENTS not in store.layer_names():
        return {"empty": True}
    segments = store.table(SEGMENTS)
    found = progress.paths(segments)
    points = progress.over_time(found, now)
    return {
        "empty": False,
        "coverage": figures.coverage(segments[segments["status"].ne("retired")]),
        "points": points,
        "line": line([point["share"] for point in points]),
        "districts": progress.by(found, "district"),
        "classes": progress.by(found, "path_class"),
        "weeks": progress.by_week(found, now),
        "ages": progress.ages(found, _edited(store), now),
        "questions": progress.questions(store.table("findings"))[:SHOWN_CHECKS],
    }


def line(shares: Sequence[float]) -> dict[str, Any]:
    """Lay shares out as a line from left to right; the axis goes to the next nice share.

    Examples
    --------
    >>> line([0.0, 0.5])["points"]
    '34.0,186.0 606.0,34.0'
    """
    top = next(limit for limit in (0.01, 0.05, 0.1, 0.25, 0.5, 1.0) if max(shares) <= limit)
    step = (WIDE - 2 * EDGE) / max(1, len(shares) - 1)
    spots = [
        (EDGE + place * step, HIGH - EDGE - share / top * (HIGH - 2 * EDGE))
        for place, share in enumerate(shares)
    ]
    return {
        "points": " ".join(f"{x:.1f},{y:.1f}" for x, y in spots),
        "spots": spots,
        "top": top,
        "size": (WIDE, HIGH, EDGE),
    }


@cache
def checks(lang: Language) -> dict[str, str]:
    """Return check id to the question it asks."""
    table = csvfile.rows(data_dir() / "rules" / "checks.csv")
    return {row["id"]: row[f"question_{lang}"] for row in table}


def classes(lang: Language) -> dict[str, str]:
    """Return class to its name."""
    return {code.code: code.label(lang) for code in codes.load("path_class").rows}


def _edited(store: Store) -> pd.Series:
    """Return when a source last changed each segment, by its id."""
    network = store.table(EDITS) if EDITS in store.layer_names() else pd.DataFrame()
    if "edited_at" not in network:
        return pd.Series([], index=pd.Index([], dtype=object), dtype="datetime64[ns, UTC]")
    return network.drop_duplicates("segment_id").set_index("segment_id")["edited_at"]
