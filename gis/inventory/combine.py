"""How do several readings of one kind become one?

An object that stands in several is taken from the last one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
import pandas as pd

from gis import sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.sources import Reading

Frame = TypeVar("Frame", bound=pd.DataFrame)
NOTHING = b"<osm version='0.6'/>"


def combine(readings: Sequence[Reading]) -> Reading:
    """Put readings together, their ways in order.

    Parameters
    ----------
    readings
        Any number, the one that counts last; none gives an empty reading.
    """
    if not readings:
        nothing = sources.read_bytes(NOTHING, file_name="empty.osm", kind="osm")
        return cast("Reading", nothing)
    if len(readings) == 1:
        return readings[0]
    starts = np.cumsum([0, *(len(reading.vertices) for reading in readings[:-1])])
    ways = [
        reading.ways.assign(first=reading.ways["first"] + start, last=reading.ways["last"] + start)
        for reading, start in zip(readings, starts, strict=True)
    ]
    return type(readings[0])(
        ways=_last(ways, ["source_id"]),
        vertices=pd.concat([r.vertices for r in readings], ignore_index=True),
        nodes=_last([r.nodes for r in readings], ["source_id", "role"]),
        areas=_last([r.areas for r in readings], ["source_id", "role"]),
        routes=_last([r.routes for r in readings], ["source_id", "member_id"]),
        faults=pd.concat([r.faults for r in readings], ignore_index=True),
    )


def _last(frames: list[Frame], keys: list[str]) -> Frame:
    """Put frames together; of rows with the same keys the last stands."""
    whole = pd.concat(frames, ignore_index=True)
    return whole.drop_duplicates(keys, keep="last", ignore_index=True)
