"""Which tags of OpenStreetMap would say what was seen?

An osmChange file to read and to take over by hand: without versions and nodes, marked
``upload="never"``, so that no program can send it. Proposed are the tags of ``osm_writing.csv``
and signs that were seen; nobody is ever denied: ``bicycle=no`` and ``foot=no`` are not written.
A way is proposed only when all of its known segments have the same class.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Comment, Element, ElementTree, SubElement, indent

import pandas as pd

from gis import csvfile
from gis.exports.plain import credit
from gis.exports.proved import day, evidence, proved, with_tags
from gis.settings import data_dir
from gis.words import say

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    import geopandas as gpd

    from gis.areas import Area

WAY: Final = "osm:way/"
DENIED: Final = frozenset({("bicycle", "no"), ("foot", "no")})


@cache
def tags_of(path_class: str) -> dict[str, str]:
    """Return the tags that are proposed for a class.

    Examples
    --------
    >>> tags_of("gangbana"), tags_of("okand")
    ({'foot': 'designated'}, {})
    """
    rows = csvfile.rows(data_dir() / "sources" / "osm_writing.csv")
    told = {row["key"]: row["value"] for row in rows if row["path_class"] == path_class}
    return {key: value for key, value in told.items() if (key, value) not in DENIED}


def proposals(
    segments: gpd.GeoDataFrame,
    network: gpd.GeoDataFrame | None = None,
    every: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """List the ways whose tags should say something else.

    Parameters
    ----------
    segments
        Layer ``segments``.
    network
        Working layer with the tags as they are; may be absent.
    every
        All segments, where `segments` are a part of them: a way is judged by the whole of it.

    Returns
    -------
    proposals
        One row a way, ordered: ``way`` (number), ``path_class``, ``tags`` (what is new),
        ``evidence``, ``day``.
    """
    whole = segments if every is None else every
    classes = _ways(whole[whole["side"].eq("none")]).groupby("way")["path_class"].nunique()
    known = _ways(with_tags(proved(segments), network))
    known = known[known["side"].eq("none") & known["way"].map(classes).eq(1)]
    known = known.assign(evidence=evidence(known), day=day(known))
    rows = known.sort_values(["way", "segment_id"]).drop_duplicates("way")
    told = pd.Series([_new_tags(row) for row in rows.to_dict("records")], rows.index, dtype=object)
    out = rows[["way", "path_class", "evidence", "day"]].assign(tags=told)
    return out[out["tags"].map(bool)].reset_index(drop=True)


def _ways(segments: pd.DataFrame) -> pd.DataFrame:
    """Keep segments of ways of OpenStreetMap, with the way's number."""
    ids = segments["source_ids"].map(
        lambda names: next((n for n in names if n.startswith(WAY)), "")
    )
    rows = segments[ids.ne("")]
    numbers = ids[ids.ne("")].str.removeprefix(WAY).astype("int64")
    return pd.DataFrame(rows.drop(columns="geometry")).assign(way=numbers)


def _new_tags(row: dict[Hashable, Any]) -> dict[str, str]:
    """Return what the way's tags do not say yet."""
    tags = dict(tags_of(str(row["path_class"])))
    signs = row.get("signs")
    if isinstance(signs, list) and signs and row["basis"] == "sign":
        tags["traffic_sign"] = ",".join(map(str, signs))
    return {key: value for key, value in sorted(tags.items()) if row.get(key) != value}


def write(layers: dict[str, gpd.GeoDataFrame], path: Path, area: Area) -> int:
    """Write the proposals; `layers` holds ``segments``, and may hold ``network`` and ``every``."""
    root = Element("osmChange", version="0.6", generator="gcvag", upload="never")
    root.set("attribution", credit(area))
    root.append(Comment(f" {say('exports', 'review', 'sv')} {say('exports', 'review', 'en')} "))
    block = SubElement(root, "modify")
    found = proposals(layers["segments"], layers.get("network"), layers.get("every"))
    for row in found.to_dict("records"):
        way = SubElement(block, "way", id=str(row["way"]))
        note = f"{row['evidence']} {row['day'] if isinstance(row['day'], str) else ''}"
        way.append(Comment(f" {note.strip().replace('--', '–')} "))
        for key, value in row["tags"].items():
            SubElement(way, "tag", k=key, v=value)
    indent(root)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    return len(found)
