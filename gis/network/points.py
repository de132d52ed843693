"""Which crossings, signs, barriers and places stand in the network?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gis import csvfile
from gis.network.ids import mint
from gis.settings import data_dir
from gis.sources.osm_tags import null_text

if TYPE_CHECKING:
    from collections.abc import Callable

    Rule = dict[str, str]

SIGNALS: Final = "traffic_signals"
ANY: Final = "*"


@cache
def _rules() -> tuple[Rule, ...]:
    path = data_dir() / "rules" / "crossing_classes.csv"
    return tuple(row.cells for row in csvfile.read(path).rows)


def crossing_class(sign: str, crossing: str, bicycle: str) -> str:
    """Return the class of a crossing by the first row of ``crossing_classes.csv`` that fits.

    Examples
    --------
    >>> crossing_class("", "zebra", ""), crossing_class("SE:B8", "marked", "yes")
    ('overgangsstalle', 'cykeloverfart')
    """
    told = {"crossing": crossing, "bicycle": bicycle}
    signs = {word.rpartition(":")[2] for word in sign.replace(";", ",").split(",")}
    for rule in _rules():
        if (rule["sign"] == ANY or rule["sign"] in signs) and all(
            rule[key] in (ANY, value) for key, value in told.items()
        ):
            return rule["crossing_class"]
    return "okand"


def _of(nodes: gpd.GeoDataFrame, role: str) -> gpd.GeoDataFrame:
    return nodes[nodes["role"].eq(role)].reset_index(drop=True)


def _ids(frame: pd.DataFrame, letter: str, of: Callable[[str], str] = str) -> pd.Series[str]:
    return frame["source_id"].map(lambda source: mint(letter, of(source))).astype("str")


def crossings(nodes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the points where a road may be crossed."""
    rows = _of(nodes, "crossing")
    keys = ["traffic_sign", "crossing", "bicycle"]
    told = zip(*(rows[key].fillna("").tolist() for key in keys), strict=True)
    classes = [crossing_class(sign, form, bicycle) for sign, form, bicycle in told]
    signalised = rows["crossing"].eq(SIGNALS) | rows["crossing:signals"].eq("yes")
    return gpd.GeoDataFrame(
        {
            "crossing_id": _ids(rows, "c"),
            "source_id": rows["source_id"],
            "node_id": rows["node_id"],
            "crossing": rows["crossing"],
            "crossing_class": pd.array(classes, dtype="str"),
            "signalised": signalised.fillna(value=False).astype(bool),
            "tags": rows["tags"],
        },
        geometry=rows.geometry,
    )


def signs(nodes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the signs that stand as points, not yet placed on a segment.

    A sign whose tag says for which direction it is keeps that; two of them on one node are read
    together, for both.
    """
    rows = _of(nodes, "sign")
    forward, backward = rows["traffic_sign:forward"], rows["traffic_sign:backward"]
    both = (forward + ";" + backward).where(forward.ne(backward), forward)
    told = rows["traffic_sign"].fillna(both).fillna(forward).fillna(backward)
    one_way = rows["traffic_sign"].isna() & both.isna()
    meant = forward.mask(forward.notna(), "forward").fillna("backward").where(one_way)
    direction = rows["direction"].fillna(rows["traffic_sign:direction"]).fillna(meant)
    return gpd.GeoDataFrame(
        {
            "sign_id": _ids(rows, "t"),
            "source_id": rows["source_id"],
            "node_id": rows["node_id"],
            "raw": told,
            "direction": direction,
            "segment_id": null_text(len(rows)),
        },
        geometry=rows.geometry,
    )


def barriers(nodes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what stands in the way."""
    rows = _of(nodes, "barrier")
    return rows[["source_id", "node_id", "barrier", "tags", "geometry"]]


def places(nodes: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return schools (a ground by a point inside it), parts of town, ends and entrances."""
    dots = nodes[nodes["role"].isin(["school", "place"])]
    grounds = areas[areas["role"].eq("school")]
    columns = ["source_id", "kind", "name"]
    table = pd.concat([dots[columns], grounds[columns]], ignore_index=True)
    points = np.concatenate(
        [dots.geometry.to_numpy(), grounds.geometry.representative_point().to_numpy()]
    )
    table.insert(0, "place_id", _ids(table, "p"))
    return gpd.GeoDataFrame(table, geometry=points, crs=nodes.crs)
