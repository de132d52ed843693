"""Which segments need a person, and in which order?

The order of work: people disagree, then a decision has lost its ground, then contradictions,
then questions. Within each the longest comes first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from maps import page
from maps.figure import Shell
from maps.layers import segments as drawn_segments
from maps.page import About, Contents, Layers

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.words import Language

SHOWN: Final = 100
CONTRADICTION: Final = 3
QUESTION: Final = 2
_LAST: Final = 4


def queue(segments: gpd.GeoDataFrame) -> list[int]:
    """Return the rows that need a person, in order of work.

    Parameters
    ----------
    segments
        With `status`, `severity` and `length_m`; retired segments are no work.

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
        ],
        range(_LAST),
        default=_LAST,
    )
    turn = np.where(status.eq("retired"), _LAST, turn)
    order = np.lexsort((-segments["length_m"].to_numpy(dtype=float), turn))
    rows: list[int] = order[turn[order] < _LAST].tolist()
    return rows


def contents(layers: Layers, *, title: str = "", about: About | None = None) -> Contents:
    """Code the inventory and the first rows of the queue."""
    coded = page.contents("review", layers, about or About(), title)
    rows = queue(drawn_segments.drawn(layers["segments"]))
    more = {"queue": rows[:SHOWN], "queue_total": len(rows)}
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
