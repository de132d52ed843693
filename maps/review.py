"""Which segments need a person, and in which order?

The order of work: people disagree, then a decision has lost its ground, then contradictions,
then questions, and notes where somebody asks for them. Within each come first those at a school
or on a cycle route, then the longest, then those that have stood the longest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from maps import page
from maps.figure import Shell
from maps.layers import segments as drawn_segments
from maps.page import About, Contents, Layers

if TYPE_CHECKING:
    from gis.words import Language

SHOWN: Final = 100
CONTRADICTION: Final = 3
QUESTION: Final = 2
NOTE: Final = 1

_LAST: Final = 5


def asking(*, notes: bool) -> tuple[dict[str, list[str] | list[float]], ...]:
    """Say what a segment that needs a person says of itself; any of these."""
    grades = [float(grade) for grade in range(NOTE if notes else QUESTION, CONTRADICTION + 1)]
    return {"status": ["disputed", "stale"]}, {"severity": grades}


def queue(segments: pd.DataFrame, *, notes: bool = False) -> list[int]:
    """Return the rows that need a person, in order of work.

    Parameters
    ----------
    segments
        With `status`, `severity`, `length_m` and `valid_from`; retired segments are no work.
        `pressing`, where there is one, marks those at a school or on a cycle route.
    notes
        Whether segments with notes alone stand in the queue too, as the last.

    Returns
    -------
    rows
        Positions in `segments`; a segment stands once.
    """
    status, severity = segments["status"], segments["severity"]
    turn = np.select(
        [
            status.eq("disputed"),
            status.eq("stale"),
            severity.eq(CONTRADICTION),
            severity.eq(QUESTION),
            severity.eq(NOTE) & notes,
        ],
        range(_LAST),
        default=_LAST,
    )
    turn = np.where(status.eq("retired"), _LAST, turn)
    calm = ~segments.get("pressing", pd.Series(data=False, index=segments.index)).to_numpy()
    length = -segments["length_m"].to_numpy(dtype=float)
    order = np.lexsort((segments["valid_from"].to_numpy(), length, calm, turn))
    rows: list[int] = order[turn[order] < _LAST].tolist()
    return rows


def contents(
    layers: Layers, *, title: str = "", about: About | None = None, notes: bool = False
) -> Contents:
    """Code the inventory and the first rows of the queue."""
    coded = page.contents("review", layers, about or About(), title)
    rows = queue(drawn_segments.drawn(layers["segments"]), notes=notes)
    least = NOTE if notes else QUESTION
    more = {"queue": rows[:SHOWN], "queue_total": len(rows), "queue_least": least}
    return replace(coded, data={**coded.data, **more})


def draw(
    layers: Layers,
    *,
    title: str,
    lang: Language = "sv",
    about: About | None = None,
    shell: Shell | None = None,
) -> str:
    """Draw the segments that need a person on top of all others; see `maps.inventory.draw`."""
    coded = contents(layers, title=title, about=about)
    return page.draw(coded, title=title, lang=lang, shell=shell or Shell())
