"""What do all sources together say of the network's segments?

Each source is matched for itself, in the given order; where two say something of the same fact,
the earlier one holds. Everything stands in columns beside the segments, so that it follows them
wherever their ids go. All layers are in the working CRS, metres.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gis import crs
from gis.conflate.covering import covered
from gis.conflate.matching import match
from gis.conflate.near import beside_points, epsg_of, ltf_by_id, with_schools
from gis.conflate.pieces import as_segments, said_of, unmatched
from gis.conflate.told import facts
from gis.sources.said import FACTS, NO_TIME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.network.model import Network
    from gis.sources.said import Said

SAID: Final = "said_"
# What a source says, and what classify takes of it.
EVIDENCE: Final = (
    "gcm", "nattyp", "passage", "nvdb_street", "separation", "ltf_class", "ltf_id",
    "document_class", "keeper", "width_m",
)  # fmt: skip
_LINKS: Final[dict[str, Any]] = {
    "element_id": None,
    "m_from": np.nan,
    "m_to": np.nan,
    "match_share": np.nan,
    "match_score": np.nan,
    "match_margin": np.nan,
    "match_lines": np.nan,
    "matched_source": None,
}
OSM: Final = "osm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One delivery that is laid on the network; `own` makes segments of what nothing matches."""

    source: str
    said: Said
    own: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflated:
    """The network with what the sources say beside it.

    Attributes
    ----------
    network
        ``segments`` holds the source's own ones too and these columns more: ``said_<fact>`` for
        each fact of ``Said``, ``said_since``, ``element_id``, ``m_from``, ``m_to``,
        ``match_share``, ``match_score``, ``match_margin``, ``match_lines``, ``matched_source``
        (the source that these are of), ``sources``, ``source_ids`` and ``lacking`` (lists; the
        last one names sources that cover the ground but not the segment).
    matches
        As ``match`` gives them, with ``source``.
    """

    network: Network
    matches: pd.DataFrame


def conflate(network: Network, parts: Sequence[Part]) -> Conflated:
    """Lay sources on the network.

    Parameters
    ----------
    network
        Segments in the working CRS.
    parts
        Sources, the one to be believed first coming first.

    Returns
    -------
    conflated
        The same for any row order of network and sources.
    """
    segments = _with_columns(network.segments)
    found: list[pd.DataFrame] = []
    for part in parts:
        segments, matches = _laid(segments, part)
        found.append(matches.assign(source=part.source))
    records = [part.said.records for part in parts]
    segments = ltf_by_id(segments, records)
    placed = replace(network, segments=segments)
    for part in parts:
        placed = with_schools(placed, part.said.points)
    every = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    return Conflated(network=placed, matches=every)


def evidence_of(segments: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what sources say of segments, as ``gis.classify.facts`` takes it.

    Parameters
    ----------
    segments
        As ``conflate`` leaves them, whatever their ids are by now.

    Returns
    -------
    evidence
        ``segment_id`` and the columns of ``EVIDENCE``, one row a segment.
    """
    told = {name: segments[f"{SAID}{name}"] for name in EVIDENCE if f"{SAID}{name}" in segments}
    return pd.DataFrame({"segment_id": segments["segment_id"], **told})


def _with_columns(segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add the columns that sources fill."""
    n = len(segments)
    kinds = {"text": "str", "number": "float64"}
    said = {
        f"{SAID}{name}": pd.Series([None] * n, dtype=kinds[kind]) for name, kind in FACTS.items()
    }
    links = {
        name: pd.Series([none] * n, dtype="str" if none is None else "float64")
        for name, none in _LINKS.items()
    }
    lists = {
        "sources": _lists([[source.partition(":")[0]] for source in segments["source_id"]]),
        "source_ids": _lists([[source] for source in segments["source_id"]]),
        "lacking": _lists([[] for _ in range(n)]),
    }
    since = {f"{SAID}since": pd.Series(pd.NaT, index=range(n), dtype=NO_TIME)}
    added = pd.DataFrame({**said, **links, **since, **lists})
    both = pd.concat([segments.reset_index(drop=True), added], axis=1)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=segments.crs)


def _lists(values: list[list[str]]) -> pd.Series:
    column = np.empty(len(values), dtype=object)
    column[:] = values or column
    return pd.Series(column, dtype=object)


def _laid(segments: gpd.GeoDataFrame, part: Part) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Lay one source on the segments, and add what of it is no segment yet."""
    epsg = epsg_of(segments)
    lines = crs.to(part.said.lines, epsg)
    matches = match(lines, segments)
    out = segments
    if len(lines):
        told = facts(matches, lines) if len(matches) else pd.DataFrame()
        out = _filled(segments, told, part.source)
        out = _lacking(out, lines, part.source)
        if part.own:
            out = _with_own(out, unmatched(matches, lines), part.source)
    points = crs.to(part.said.points, epsg)
    return beside_points(out, points), matches


def _filled(segments: gpd.GeoDataFrame, told: pd.DataFrame, source: str) -> gpd.GeoDataFrame:
    """Fill what no earlier source has said; link segments to their lines."""
    if told.empty:
        return segments
    at = segments["segment_id"].map(pd.Series(told.index, index=told["segment_id"]))
    known = at.notna().to_numpy()
    rows = told.iloc[at[known].astype(int)].set_axis(np.flatnonzero(known)).reindex(segments.index)
    filled = {
        f"{SAID}{name}": _kept(segments[f"{SAID}{name}"], rows[name])
        for name in FACTS
        if rows[name].notna().any()
    }
    fresh = known & segments["matched_source"].isna().to_numpy()
    for name in _LINKS:
        value = rows[name] if name in rows else pd.Series(source, index=segments.index)
        filled[name] = segments[name].where(~fresh, value.astype(segments[name].dtype))
    filled[f"{SAID}since"] = segments[f"{SAID}since"].where(~fresh, rows["valid_from"])
    ids = [
        [*old, *new] if isinstance(new, list) else old
        for old, new in zip(segments["source_ids"], rows["source_ids"], strict=True)
    ]
    names = [
        [*old, source] if hit else old for old, hit in zip(segments["sources"], known, strict=True)
    ]
    return segments.assign(**filled, source_ids=_lists(ids), sources=_lists(names))


def _kept(old: pd.Series, new: pd.Series) -> pd.Series:
    return old.where(old.notna(), new.astype(old.dtype))


def _lacking(segments: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, source: str) -> gpd.GeoDataFrame:
    """Name the source where it covers the ground but has no line for the segment."""
    on = covered(lines.geometry.to_numpy(), segments.geometry.to_numpy())
    there = [source in names for names in segments["sources"]]
    lists = [
        [*old, source] if covers and not has else old
        for old, covers, has in zip(segments["lacking"], on, there, strict=True)
    ]
    return segments.assign(lacking=_lists(lists))


def _with_own(
    segments: gpd.GeoDataFrame, pieces: gpd.GeoDataFrame, source: str
) -> gpd.GeoDataFrame:
    """Append the pieces of a source as segments of their own."""
    if pieces.empty:
        return segments
    own = _with_columns(as_segments(pieces, _plain(segments)))
    told = said_of(pieces).assign(segment_id=own["segment_id"].to_numpy())
    filled = _filled(own.assign(sources=_lists([[] for _ in range(len(own))])), told, source)
    filled = filled.assign(source_ids=_lists([[i] for i in pieces["source_id"]]))
    from_osm = segments[segments["source_id"].str.startswith(f"{OSM}:")]
    on = covered(from_osm.geometry.to_numpy(), filled.geometry.to_numpy())
    filled = filled.assign(lacking=_lists([[OSM] if hit else [] for hit in on]))
    both = pd.concat([segments, filled[segments.columns]], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=segments.crs)


def _plain(segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return segments with the network's own columns."""
    added = [*_LINKS, "sources", "source_ids", "lacking"]
    said = [name for name in segments.columns if name.startswith(SAID)]
    return segments.drop(columns=[*added, *said])
