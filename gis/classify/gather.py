"""Which facts are known of each segment of a network?

One row a segment: its tags, the signs that hold there, what NVDB and regulations say, what people
saw and settled. A person's sign stands before the way's own ``traffic_sign``, and that before a
sign placed from a point. Lengths are metres in the working CRS.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.classify.beside import fast_street_near, footway_beside, street_beside
from gis.classify.columns import complete
from gis.classify.decided import decided_facts
from gis.classify.people import listed, mark_facts, metres, standing_marks
from gis.classify.series import cleared, text
from gis.classify.signals import sign_facts
from gis.classify.words import coded, coded_column, gcm, path_class, plain
from gis.signs import says_none
from gis.signs.carry import carry

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from gis.network import Network

LINK_M: Final = 50.0
"""How long a pavement may be that links two cycle paths (D07's length, legal case J08: 10–20 m)."""
ON_LINE_M: Final = 0.5
"""How near its line a crossing's point lies: it is a node of it."""
SIGN_KEYS: Final = ("traffic_sign", "traffic_sign:forward", "traffic_sign:both")
EVIDENCE: Final = (
    "gcm",
    "nattyp",
    "passage",
    "nvdb_street",
    "separation",
    "ltf_class",
    "ltf_id",
    "document_class",
    "keeper",
    "width_m",
)
_READERS: Final[dict[str, Callable[[object], object]]] = {
    "gcm": gcm,
    "nattyp": partial(coded, "nattyp"),
    "passage": partial(coded, "passage"),
    "separation": partial(coded, "separation"),
    "ltf_class": path_class,
    "document_class": path_class,
    "keeper": plain,
    "width_m": metres,
}


def facts(
    network: Network,
    placed: gpd.GeoDataFrame,
    *,
    country: str,
    observations: pd.DataFrame | None = None,
    decisions: pd.DataFrame | None = None,
    held: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Gather what is known of every segment.

    Parameters
    ----------
    network
        Segments with tags.
    placed
        Its signs as `gis.signs.place` returns them.
    country
        The country of a sign that names none.
    observations
        Marks, oldest first: ``segment_id``, ``fields``, ``author``.
    decisions
        ``segment_id``, ``path_class`` and what `gis.classify.decided` compares.
    held
        What `gis.signs.carry` found, index of ``network.segments``; found here when null.

    Returns
    -------
    facts
        One row a segment, index of ``network.segments``: its columns but the geometry, and those
        of `gis.classify.columns`.
    """
    out = pd.DataFrame(network.segments.drop(columns="geometry"))
    if "separation" in out.columns:
        out["separation"] = coded_column("separation", out["separation"])
    out["width_m"] = _widths(out)
    out["crossing"] = crossing_values(network.segments, network.crossings)
    marks = _marks(out, observations)
    out = _with_marks(out, marks)
    if held is None:
        held = carry(network.segments, placed, network.streets)
    out = _with_signs(out, marks, held, country)
    out = out.assign(**decided_facts(network.segments, decisions))
    out["decided_class"] = cleared(out["decided_class"])
    out["links_cycle_paths"] = links_cycle_paths(network.segments)
    out["footway_beside"] = footway_beside(network.segments, out["sign_class"].eq("cykelbana"))
    out["street_beside"] = street_beside(network.segments)
    out["fast_street_near"] = fast_street_near(network.segments, network.streets)
    return complete(out)


def with_evidence(known: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Add what matched sources say.

    Parameters
    ----------
    known
        Facts, as `facts` returns them.
    evidence
        ``segment_id`` and any of `EVIDENCE` as delivered, one row a segment; GCM codes may be
        numbers or texts.

    Returns
    -------
    facts
        The same rows; a width or separation that is known already is kept.
    """
    told = evidence.drop_duplicates("segment_id").set_index("segment_id")
    added = {name: known["segment_id"].map(told[name]) for name in EVIDENCE if name in told.columns}
    for name, read in _READERS.items():
        if name in added:
            added[name] = cleared(added[name].map(read, na_action="ignore"))
    for name in ("width_m", "separation"):
        if name in added:
            added[name] = known[name].where(known[name].notna(), added[name])
    return known.assign(**added)


def links_cycle_paths(segments: pd.DataFrame) -> pd.Series:
    """Tell which short segments have a way for cyclists at both ends.

    Parameters
    ----------
    segments
        With ``from_node``, ``to_node``, ``length_m``, ``side``, ``highway``, ``bicycle``.

    Returns
    -------
    links
        True for a segment of at most `LINK_M` that is no way for cyclists itself.
    """
    cycling = segments["highway"].eq("cycleway") | text(segments, "bicycle").eq("designated")
    cycling &= ~segments["side"].isin(("left", "right"))
    nodes = segments.loc[cycling, ["from_node", "to_node"]].to_numpy().ravel()
    touches = segments["from_node"].isin(nodes) & segments["to_node"].isin(nodes)
    return touches & ~cycling & segments["length_m"].le(LINK_M)


def crossing_values(segments: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame) -> pd.Series:
    """Say how crossings are marked: by their own tag, else by the point on them that says so.

    Parameters
    ----------
    segments
        With ``kind`` and, where tagged, ``crossing``.
    crossings
        Points with ``crossing`` in the same CRS.

    Returns
    -------
    values
        Tag values, null where nothing is said; index of `segments`.
    """
    value = text(segments, "crossing")
    silent = np.flatnonzero(segments["kind"].eq("crossing") & value.isna())
    told = crossings[crossings["crossing"].notna()]
    lines = segments.geometry.to_numpy()[silent]
    place, row = told.sindex.query(lines, predicate="dwithin", distance=ON_LINE_M)
    first = pd.DataFrame({"place": silent[place], "value": told["crossing"].to_numpy()[row]})
    first = first.sort_values(["place", "value"]).drop_duplicates("place")
    value.iloc[first["place"].to_numpy()] = first["value"].to_numpy(dtype=object)
    return value


def _widths(out: pd.DataFrame) -> pd.Series:
    """Read the width tag in metres; nonsense is not known."""
    tag = text(out, "width")
    known = {value: metres(str(value).removesuffix("m").strip()) for value in tag.dropna().unique()}
    return tag.map(known).astype("float64")


def _marks(out: pd.DataFrame, observations: pd.DataFrame | None) -> pd.DataFrame:
    """Lay the standing marks out by segment."""
    if observations is None or observations.empty:
        return mark_facts({}).reindex(out["segment_id"]).set_axis(out.index)
    return mark_facts(standing_marks(observations)).reindex(out["segment_id"]).set_axis(out.index)


def _with_marks(out: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """Add what people saw beside signs."""
    told = {
        "observed_class": cleared(marks["observed_class"]),
        "plate": cleared(marks["plate"]),
        "markings": marks["markings"].map(listed),
        "width_m": marks["width_m"].where(marks["width_m"].notna(), out["width_m"]),
    }
    if "separation" in out.columns:
        told["separation"] = cleared(
            marks["separation"].where(marks["separation"].notna(), out["separation"])
        )
    else:
        told["separation"] = cleared(marks["separation"])
    return out.assign(**told)


def _with_signs(
    out: pd.DataFrame, marks: pd.DataFrame, held: pd.DataFrame, country: str
) -> pd.DataFrame:
    """Add the signs that hold: seen by a person, tagged on the way, or placed from a point."""
    tagged = cleared(
        pd.concat([text(out, key) for key in SIGN_KEYS], axis=1).bfill(axis=1).iloc[:, 0]
    )
    backward = text(out, "traffic_sign:backward")
    seen = marks["raw"].notna() | marks["raw_end"].notna()
    raw = marks["raw"].where(seen, tagged.where(tagged.notna(), held["raw"]))
    end = marks["raw_end"].where(seen, backward.where(tagged.notna(), held["raw_end"]))
    start = sign_facts(cleared(raw), country, out["plate"])
    other = sign_facts(cleared(end), country)
    # Two signs on one pole stand for two ways that part there, not for two ends of this one.
    pole = ~seen & tagged.isna()
    besides = cleared(start["second_class"].where(~pole, None))
    second = cleared(other["sign_class"]).where(other["sign_class"].notna(), besides)
    carried = pole & held["carried"]
    return out.assign(
        sign=start["sign"],
        sign_end=other["sign"],
        sign_class=cleared(start["sign_class"]),
        sign_class_end=cleared(second),
        ban=cleared(start["ban"]),
        permits_bicycle=start["permits_bicycle"],
        forbids_moped=start["forbids_moped"],
        permits_moped=start["permits_moped"],
        sign_ends=start["sign_ends"] | other["sign_ends"],
        no_sign=raw.map(says_none, na_action="ignore").eq(other=True),
        no_sign_end=end.map(says_none, na_action="ignore").eq(other=True),
        carried=carried.to_numpy(dtype=bool),
    )
