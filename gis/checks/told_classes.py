"""Which class does each source give a segment, and where do two of them differ?

A support of the checks between sources. Of two classes for cyclists, one that the other source
names as its second choice is no difference; nor is one word for walkers' ways against another. A
weak match speaks for nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis import codes
from gis.checks.base import CYCLING, col
from gis.classify.nvdb import read_nvdb
from gis.classify.osm import has_tags, read_osm, read_tags

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Mapillary's coverage rule (60 %); the margin is proposed (domain/checks E03).
WEAK_SHARE: Final = 0.6
WEAK_MARGIN: Final = 0.1
UNKNOWN: Final = "okand"
NVDB: Final = "nvdb"
OSM: Final = "osm"
DOCUMENT: Final = "document"
# The stronger source first (domain section 4: document, NVDB, OSM).
PAIRS: Final = ((DOCUMENT, NVDB), (NVDB, OSM), (DOCUMENT, OSM))


def weak(segments: pd.DataFrame) -> pd.Series:
    """Tell which matched segments are covered too little, or nearly as well by another line."""
    share = pd.to_numeric(col(segments, "match_share"))
    margin = pd.to_numeric(col(segments, "match_margin"))
    return share.lt(WEAK_SHARE) | margin.lt(WEAK_MARGIN)


def dated(name: pd.Series | str, at: pd.Series) -> pd.Series:
    """Write a source with the month of its word: ``NVDB 2024-03``."""
    month = pd.to_datetime(at, utc=True).dt.strftime("%Y-%m")
    named = pd.Series(name, index=at.index).astype("str").str.upper()
    return named + (" " + month.astype("str")).where(month.notna(), "")


def class_by_source(segments: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return what each source says by itself.

    Parameters
    ----------
    segments
        Segments with tags and facts.

    Returns
    -------
    told
        ``osm``, ``nvdb`` and ``document``, each with ``path_class`` and ``runner_up`` (null for
        none), index of `segments`.
    """
    osm = read_osm(read_tags(segments), known=has_tags(segments))
    nvdb = read_nvdb(col(segments, "gcm"), col(segments, "nattyp"))
    document = pd.DataFrame(
        {"path_class": col(segments, "document_class"), "runner_up": None}, index=segments.index
    )
    return {
        OSM: osm[["path_class", "runner_up"]],
        NVDB: nvdb[["nvdb", "nvdb_runner_up"]].set_axis(["path_class", "runner_up"], axis=1),
        DOCUMENT: document,
    }


def class_differences(segments: pd.DataFrame) -> pd.DataFrame:
    """Find the segments to which two sources give different classes.

    Parameters
    ----------
    segments
        Segments with tags, facts and the columns of the matching.

    Returns
    -------
    differences
        One row a segment, of the two strongest sources that differ: ``row``, ``source_a``,
        ``first_class``, ``source_b``, ``second_class``; sources are named with their month.
    """
    other = [col(segments, name).notna() for name in ("gcm", "nattyp", "document_class")]
    rows = np.flatnonzero(np.logical_or.reduce(other))
    some = segments.iloc[rows]
    told = class_by_source(some)
    strong = ~weak(some)
    names = _names(some)
    parts = []
    for one, two in PAIRS:
        at = np.flatnonzero(_clash(told[one], told[two]) & strong)
        first, second = told[one]["path_class"], told[two]["path_class"]
        parts.append(
            pd.DataFrame(
                {
                    "row": rows[at],
                    "source_a": names[one].to_numpy()[at],
                    "first_class": first.to_numpy()[at],
                    "source_b": names[two].to_numpy()[at],
                    "second_class": second.to_numpy()[at],
                }
            )
        )
    every = pd.concat(parts, ignore_index=True).drop_duplicates("row")
    return every.sort_values("row", ignore_index=True)


def _names(segments: pd.DataFrame) -> dict[str, pd.Series]:
    """Name the sources of each segment with their dates."""
    since, edited = col(segments, "said_since"), col(segments, "edited_at")
    matched = col(segments, "matched_source")
    other = matched.where(matched.notna() & matched.ne(NVDB), "dokument")
    nothing = pd.Series(pd.NaT, index=segments.index)
    return {
        NVDB: dated(NVDB, since.where(matched.isna() | matched.eq(NVDB), nothing)),
        OSM: dated(OSM, edited),
        DOCUMENT: dated(other, nothing),
    }


def _clash(one: pd.DataFrame, two: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell where two sources give classes that cannot both be meant."""
    first, second = one["path_class"], two["path_class"]
    both = first.notna() & second.notna() & first.ne(UNKNOWN) & second.ne(UNKNOWN)
    one_rides, two_rides = first.isin(CYCLING), second.isin(CYCLING)
    doubted = first.eq(two["runner_up"]) | second.eq(one["runner_up"])
    apart = both & first.ne(second) & ~(doubted & one_rides & two_rides)
    crossing = [row.code for row in codes.load("path_class").rows if row.more["kind"] == "crossing"]
    same_kind = first.isin(crossing) == second.isin(crossing)
    return np.asarray(apart & same_kind & (one_rides | two_rides), dtype=np.bool_)
