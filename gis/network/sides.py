"""Which sides of streets are segments of their own?

A street says ``cycleway:right=lane`` or ``sidewalk=both``; each such side becomes a segment beside
it, in the street's own direction. What a value means is a row of ``side_values.csv``, how far
from the middle it lies a row of ``street_offset.csv``. A plain ``cycleway`` on a one-way street
speaks of the side that traffic keeps to, ``opposite_*`` of the other one.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis import csvfile
from gis.settings import data_dir
from gis.sources.osm_tags import null_text
from gis.sources.tables import SIDE_ATTRIBUTES, SIDE_COLUMNS, SIDE_TAGS

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDES: Final = ("left", "right")
BOTH: Final = frozenset({"both", "yes"})
COLUMNS: Final = ("way", "side", "side_tag", "side_value", "kind")
ONE_WAY: Final = frozenset({"yes", "true", "1"})


def sides_of(ways: pd.DataFrame) -> pd.DataFrame:
    """List the sides of streets that are segments.

    Parameters
    ----------
    ways
        Street ways, with the columns of ``Reading.ways``.

    Returns
    -------
    sides
        ``way`` (row in `ways`), ``side``, ``side_tag``, ``side_value``, ``kind`` (path, lane);
        by way, tag and side.
    """
    found = []
    for tag in SIDE_TAGS:
        for side in SIDES:
            value = _value(ways, tag, side)
            kind = value.map(lambda word, tag=tag: _kind(tag, word), na_action="ignore")
            rows = np.flatnonzero(kind.notna() & kind.ne(""))
            found.append(
                pd.DataFrame(
                    {
                        "way": rows,
                        "side": side,
                        "side_tag": tag,
                        "side_value": value.iloc[rows].to_numpy(dtype=object),
                        "kind": kind.iloc[rows].to_numpy(dtype=object),
                    }
                )
            )
    return pd.concat(found, ignore_index=True).sort_values(
        ["way", "side_tag", "side"], ignore_index=True
    )


def _value(ways: pd.DataFrame, tag: str, side: str) -> pd.Series[str]:
    """Return what a street says of one side: the side's own word first, then both, then plain."""
    plain = _plain_cycleway(ways, side) if tag == "cycleway" else _plain_sidewalk(ways, side)
    return ways[f"{tag}:{side}"].fillna(ways[f"{tag}:both"]).fillna(plain)


def _plain_sidewalk(ways: pd.DataFrame, side: str) -> pd.Series[str]:
    """Read ``sidewalk=left|right|both|no``; the side that is not named has none."""
    value = ways["sidewalk"]
    other = "left" if side == "right" else "right"
    return value.mask(value.eq(other), "no").mask(value.isin(BOTH) | value.eq(side), "yes")


def _plain_cycleway(ways: pd.DataFrame, side: str) -> pd.Series[str]:
    """Read ``cycleway=lane|track|opposite_lane…``; on a one-way street it is on one side only."""
    value, one_way = ways["cycleway"], ways["oneway"]
    forward = one_way.isin(ONE_WAY)
    kept_to = forward if side == "right" else one_way.eq("-1")
    against = one_way.eq("-1") if side == "right" else forward
    opposite = value.str.startswith("opposite_").fillna(value=False)
    one_sided = forward | one_way.eq("-1")
    silent = one_sided & ((opposite & ~against) | (~opposite & ~kept_to))
    return value.mask(silent)


@cache
def _kinds() -> dict[tuple[str, str], str]:
    rows = [row.cells for row in csvfile.read(data_dir() / "rules" / "side_values.csv").rows]
    return {(row["tag"], row["value"]): row["kind"] for row in rows}


def _kind(tag: str, value: str) -> str:
    """Return the kind of a side with this value; empty when it is no segment."""
    kinds = _kinds()
    return kinds.get((tag, value), kinds[tag, "*"])


@cache
def _offsets() -> dict[tuple[str, str], float]:
    rows = [row.cells for row in csvfile.read(data_dir() / "rules" / "street_offset.csv").rows]
    return {
        (row["highway"], what): float(row[f"{what}_m"].replace(",", "."))
        for row in rows
        for what in ("lane", "cycleway", "sidewalk")
    }


def offset_m(highway: pd.Series[str], sides: pd.DataFrame) -> NDArray[np.float64]:
    """Return how far each side lies from its street's line: metres, left is positive.

    Parameters
    ----------
    highway
        ``n`` classes of street.
    sides
        ``n`` rows with ``side``, ``side_tag`` and ``kind``.
    """
    table = _offsets()
    what = sides["side_tag"].mask(sides["kind"].eq("lane"), "lane")
    pairs = pd.MultiIndex.from_arrays([highway.to_numpy(dtype=object), what.to_numpy(dtype=object)])
    number, known = pd.factorize(pairs)
    metres = np.array([table.get(pair, table["*", pair[1]]) for pair in known], dtype=np.float64)
    sign = np.where(sides["side"].eq("left"), 1.0, -1.0)
    return sign * metres[number] if len(number) else np.empty(0)


def own_columns(ways: pd.DataFrame, sides: pd.DataFrame) -> dict[str, pd.Series[str]]:
    """Resolve what streets say of their sides into the columns that a path has.

    Parameters
    ----------
    ways
        Street ways.
    sides
        ``n`` rows of ``sides_of``.

    Returns
    -------
    columns
        ``n`` texts a column: ``cycleway:right:width`` before ``cycleway:both:width`` before
        ``cycleway:width``, null when the street says none of it.
    """
    row = sides["way"].to_numpy(dtype=np.int64)
    columns = {}
    for what in SIDE_ATTRIBUTES:
        told = pd.Series(null_text(len(sides)), index=sides.index)
        for tag in SIDE_TAGS:
            for side in SIDES:
                here = sides["side_tag"].eq(tag) & sides["side"].eq(side)
                for at in (f":{side}", ":both", ""):
                    key = f"{tag}{at}:{what}"
                    if key in ways and ways[key].notna().any():
                        said = pd.Series(ways[key].array.take(row), index=sides.index)
                        told = told.mask(here & told.isna(), said)
        columns[SIDE_COLUMNS.get(what, what)] = told
    return columns
