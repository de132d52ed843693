"""How do the products of NVDB meet on one element?

Extents of GCM type, network and pedestrian streets become lines; every other product gives its
value to the extents of the same element whose measures it overlaps, the longest overlap first and
the newest of equal ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.sources import nvdb_form
from gis.sources.linear import substring
from gis.sources.row_faults import faults_at

if TYPE_CHECKING:
    from gis.sources.row_faults import RowFault

    Rows = dict[str, gpd.GeoDataFrame]

# Pattern of cyklaiskane/nvdb-tools: extents that only touch do not overlap.
EPSILON: Final = 1e-10
# A gap between GCM types that is shorter than this is no stretch of its own, in metres.
SHORTEST_M: Final = 1.0
# A passage is a place; it says what a short extent is, not what a long path is. Metres.
PASSAGE_M: Final = 40.0


def overlapping(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Pair the rows of two products that overlap on an element.

    Parameters
    ----------
    left, right
        ``element_id``, ``m_from``, ``m_to``; a range index.

    Returns
    -------
    pairs
        ``left``, ``right`` (row numbers) and ``overlap`` (measures).
    """
    one = left[["element_id", "m_from", "m_to"]].assign(left=np.arange(len(left)))
    two = right[["element_id", "m_from", "m_to"]].assign(right=np.arange(len(right)))
    pairs = one.dropna().merge(two.dropna(), on="element_id", suffixes=("", "_r"))
    low = pairs[["m_from", "m_from_r"]].max(axis=1)
    high = pairs[["m_to", "m_to_r"]].min(axis=1)
    meets = pairs["m_from"].le(pairs["m_to_r"] - EPSILON)
    meets &= pairs["m_to"].ge(pairs["m_from_r"] + EPSILON)
    return pairs.assign(overlap=high - low)[meets][["left", "right", "overlap"]]


def join_products(products: Rows) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Make lines of all products of a delivery.

    Parameters
    ----------
    products
        Product to its rows, as `read_rows` gives them.

    Returns
    -------
    lines
        One row an extent, with every fact.
    faults
        Values of elements that no extent is of.
    """
    base = _extents(products)
    faults: list[RowFault] = []
    for name, rows in products.items():
        facts = [one.fact for one in nvdb_form.attributes() if one.product == name]
        laid = [fact for fact in facts if fact in rows.columns]
        if name == "GCM_vagtyp" or not laid or name in nvdb_form.form()["points"]:
            continue
        base = _laid(base, rows, laid)
    for name in nvdb_form.form()["points"]:
        if name in products:
            base, lost = _with_points(base, products[name])
            faults += lost
    return base, faults


def _extents(products: Rows) -> gpd.GeoDataFrame:
    """Return the extents: GCM types, the rest of the path networks, and streets for people."""
    gcm = products.get("GCM_vagtyp")
    parts = [gcm] if gcm is not None else []
    network = products.get("Vagtrafiknat")
    if network is not None:
        wanted = network[network["nattyp"].isin(nvdb_form.form()["path_networks"])]
        bare = wanted.reset_index(drop=True).drop(columns="nattyp")
        parts.append(_uncovered(bare, gcm) if gcm is not None else bare)
    streets = [products[name] for name in ("Gagata", "Gangfartsomrade") if name in products]
    parts += [rows.drop(columns=["nvdb_street", "ltf_id"], errors="ignore") for rows in streets]
    joined = pd.concat(parts, ignore_index=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=parts[0].crs)


def _uncovered(rows: gpd.GeoDataFrame, gcm: pd.DataFrame) -> gpd.GeoDataFrame:
    """Cut out of network rows what no GCM type covers."""
    pairs = overlapping(rows, gcm)
    span = pd.DataFrame(
        {
            "row": pairs["left"].to_numpy(),
            "a": gcm["m_from"].to_numpy()[pairs["right"]],
            "b": gcm["m_to"].to_numpy()[pairs["right"]],
        }
    )
    gaps = free_spans(span, rows["m_from"].to_numpy(), rows["m_to"].to_numpy())
    unmeasured = np.flatnonzero(rows["m_from"].isna().to_numpy())
    row = gaps["row"].to_numpy()
    start, end = rows["m_from"].to_numpy()[row], rows["m_to"].to_numpy()[row]
    length = rows.geometry.length.to_numpy()[row]
    scale = length / np.maximum(end - start, EPSILON)
    lines = substring(
        rows.geometry.to_numpy()[row],
        (gaps["a"].to_numpy() - start) * scale,
        (gaps["b"].to_numpy() - start) * scale,
    )
    cut = rows.iloc[row].assign(m_from=gaps["a"].to_numpy(), m_to=gaps["b"].to_numpy())
    cut = cut.set_geometry(lines, crs=rows.crs)
    cut = cut[cut.geometry.length.ge(SHORTEST_M)]
    return pd.concat([cut, rows.iloc[unmeasured]], ignore_index=True)


def free_spans(taken: pd.DataFrame, low: np.ndarray, high: np.ndarray) -> pd.DataFrame:
    """Find what is left of intervals when parts of them are taken.

    Parameters
    ----------
    taken
        ``row`` (number of the interval), ``a``, ``b``.
    low, high
        ``n`` intervals; NaN has nothing left.

    Returns
    -------
    free
        ``row``, ``a``, ``b``, ordered.

    Examples
    --------
    >>> taken = pd.DataFrame({"row": [0, 0], "a": [0.2, 0.1], "b": [0.4, 0.3]})
    >>> free_spans(taken, np.array([0.0, 0.0]), np.array([1.0, 1.0])).values.tolist()
    [[0.0, 0.0, 0.1], [0.0, 0.4, 1.0], [1.0, 0.0, 1.0]]
    """
    rows = np.flatnonzero(~np.isnan(low))
    ends = pd.DataFrame({"row": rows, "a": high[rows], "b": high[rows]})
    starts = pd.DataFrame({"row": rows, "a": low[rows], "b": low[rows]})
    every = pd.concat([starts, taken, ends]).sort_values(["row", "a", "b"], kind="stable")
    reached = every.groupby("row")["b"].cummax().groupby(every["row"]).shift()
    top = every["row"].map(pd.Series(high))
    gaps = pd.DataFrame({"row": every["row"], "a": reached, "b": every["a"].clip(upper=top)})
    free = gaps[gaps["b"].gt(gaps["a"] + EPSILON)]
    return free.astype({"row": "int64"}).reset_index(drop=True)


def _laid(base: gpd.GeoDataFrame, rows: gpd.GeoDataFrame, facts: list[str]) -> gpd.GeoDataFrame:
    """Give extents the values of one product."""
    told = rows[rows[facts].notna().any(axis=1)].reset_index(drop=True)
    pairs = overlapping(base, told)
    pairs["since"] = told["valid_from"].to_numpy()[pairs["right"]]
    order = ["left", "overlap", "since", "right"]
    pairs = pairs.assign(overlap=pairs["overlap"].round(8)).sort_values(order, na_position="first")
    best = pairs.drop_duplicates("left", keep="last").set_index("left")["right"]
    added = told[facts].iloc[best.to_numpy()].set_axis(best.index).reindex(np.arange(len(base)))
    added.index = base.index
    both = {
        fact: base[fact].where(base[fact].notna(), added[fact]) if fact in base else added[fact]
        for fact in facts
    }
    if "separation" in facts:
        side = told["side"].iloc[best.to_numpy()].set_axis(best.index).reindex(np.arange(len(base)))
        both["side"] = side.set_axis(base.index).fillna(base["side"])
    return base.assign(**both)


def _with_points(
    base: gpd.GeoDataFrame, points: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Give short extents the passage that lies on them."""
    at = points.assign(m_from=points["measure"], m_to=points["measure"])
    wide = base.assign(m_from=base["m_from"] - 2 * EPSILON, m_to=base["m_to"] + 2 * EPSILON)
    pairs = overlapping(wide, at)
    lost = ~at.index.isin(pairs["right"])
    faults = faults_at(points["row"][lost], "element_not_found", points["passage"][lost].fillna(""))
    short = base.geometry.length.le(PASSAGE_M).to_numpy()[pairs["left"]]
    found = pairs[short].sort_values(["left", "right"]).drop_duplicates("left")
    value = pd.Series(points["passage"].to_numpy()[found["right"]], index=found["left"])
    return base.assign(passage=value.reindex(np.arange(len(base))).to_numpy()), faults
