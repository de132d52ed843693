"""What does one NVDB layer say, row by row, and which rows are at fault?

Rows come out with NVDB's own columns under plain names, facts as codes, measures ordered and
inside their element. Coordinates stay in EPSG:3006, metres. Products are not joined yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.sources import nvdb_form
from gis.sources.ground import in_sweden, require_sweref
from gis.sources.layout import find_column
from gis.sources.row_faults import faults_at
from gis.sources.shapes import flat_lines, flat_points

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.sources.row_faults import RowFault

OWN: Final = ("element_id", "m_from", "m_to", "measure", "side", "valid_from", "valid_to")
# Measures are shares of their element where nearly all rows say so; else they are metres.
SHARES: Final = 0.9
EPSILON: Final = 1e-9


def read_rows(
    frame: gpd.GeoDataFrame, product: str | None, what: str
) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Read the rows of one layer.

    Parameters
    ----------
    frame
        The layer as delivered, EPSG:3006.
    product
        The product of a per-product layer; null for a homogenised table.
    what
        File and layer, for messages.

    Returns
    -------
    rows
        `OWN` columns, ``row`` (name for faults) and one column a fact of the product; LineStrings,
        or points for a product of points.
    faults
        What was wrong.
    """
    require_sweref(frame, what)
    frame = frame.reset_index(drop=True)
    elements = nvdb_form.column(frame, "element_id").map(nvdb_form.plain_number, na_action="ignore")
    names = _names(elements.astype("str"), product)
    inside, faults = in_sweden(frame, names, what)
    facts, bad = _facts(frame, product, names)
    faults += bad
    told, late = _own(frame, elements)
    if product is None:
        told["side"] = _sides(frame)
    placed = frame[[]].assign(row=names).join(told).join(facts).set_geometry(frame.geometry)
    placed = placed[inside]
    as_points = product in nvdb_form.form()["points"]
    cast = flat_points if as_points else flat_lines
    rows, shape_faults = cast(placed, placed["row"])
    faults += [*shape_faults, *faults_at(names[late], "measure_reversed")]
    if not as_points:
        rows, more = _measured(rows)
        faults += more
    rows, gone = _current(rows.reset_index(drop=True))
    return rows, faults + gone


def _names(elements: pd.Series[str], product: str | None) -> pd.Series[str]:
    """Name each row for faults: its element, else its number."""
    numbered = pd.Series(
        [f"nvdb:{product or 'rad'}#{n + 1}" for n in range(len(elements))], dtype="str"
    )
    return ("nvdb:" + elements).where(elements.notna(), numbered).astype("str")


def _own(frame: pd.DataFrame, elements: pd.Series) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """Read element, measures, side and dates; measures that run backwards are swapped."""
    number = {
        name: pd.to_numeric(
            nvdb_form.column(frame, name).astype("str").str.replace(",", "."), errors="coerce"
        ).astype("float64")
        for name in ("m_from", "m_to", "measure")
    }
    late = number["m_from"].gt(number["m_to"])
    low = number["m_from"].where(~late, number["m_to"])
    own = {
        "element_id": elements.astype("str"),
        "m_from": low,
        "m_to": number["m_to"].where(~late, number["m_from"]),
        "measure": number["measure"],
        "side": nvdb_form.side_of(nvdb_form.column(frame, "side")),
        "valid_from": nvdb_form.times(nvdb_form.column(frame, "valid_from")),
        "valid_to": nvdb_form.times(nvdb_form.column(frame, "valid_to")),
    }
    return pd.DataFrame(own), late


def _sides(frame: pd.DataFrame) -> pd.Series[str]:
    """Read the side of the separation from the columns ``L_`` and ``R_`` of a homogenised table."""
    listed = {name[:2]: find_column(frame, [name]) for name in ("L_Separ_500", "R_Separ_500")}
    told = {
        mark: nvdb_form.no_value(frame[name]).notna()
        if name
        else pd.Series(data=False, index=frame.index)
        for mark, name in listed.items()
    }
    words = np.select(
        [told["L_"] & told["R_"], told["L_"], told["R_"]], ["both", "left", "right"], "none"
    )
    return pd.Series(words, index=frame.index, dtype="str")


def _facts(
    frame: pd.DataFrame, product: str | None, names: pd.Series[str]
) -> tuple[pd.DataFrame, list[RowFault]]:
    """Read the facts of a layer; of several columns for one fact the first value counts."""
    told: dict[str, pd.Series] = {}
    faults: list[RowFault] = []
    for one in nvdb_form.attributes():
        if product not in (None, one.product):
            continue
        held = [n for name in _columns(one, product) if (n := find_column(frame, [name]))]
        for values in _values(frame, one, product, held):
            read, unknown = nvdb_form.read_values(values, one)
            code = "unknown_code" if one.fact == "gcm" else "unknown_word"
            shown = values[unknown].map(nvdb_form.plain_number)
            faults += faults_at(names[unknown], code, shown)
            before = told.get(one.fact)
            told[one.fact] = read if before is None else before.where(before.notna(), read)
    return pd.DataFrame(told, index=frame.index), faults


def _columns(attribute: nvdb_form.Attribute, product: str | None) -> tuple[str, ...]:
    return attribute.homogenised if product is None else attribute.names


def _values(
    frame: pd.DataFrame, attribute: nvdb_form.Attribute, product: str | None, held: list[str]
) -> list[pd.Series]:
    """Return the columns of an attribute; a row of a layer of presence says yes by being there."""
    if product is not None and attribute.reading == "presence":
        return [pd.Series(1, index=frame.index)]
    return [frame[name] for name in (held if product is None else held[:1])]


def _measured(rows: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Clear measures that cannot be; give parts of a line their share of the measures."""
    known = rows["m_from"].notna() & rows["m_to"].notna()
    shares = rows["m_to"].le(1 + EPSILON)[known]
    top = 1 + EPSILON if len(shares) and shares.mean() >= SHARES else np.inf
    outside = known & (rows["m_from"].lt(-EPSILON) | rows["m_to"].gt(top))
    worst = rows["m_to"].where(rows["m_to"].gt(top), rows["m_from"])
    faults = faults_at(rows["row"][outside], "measure_outside", worst[outside].map("{:g}".format))
    no_element = rows["element_id"].isna()
    faults += faults_at(rows["row"][no_element], "no_element")
    faults += faults_at(rows["row"][~known & ~no_element], "measure_missing")
    span = rows["m_to"] - rows["m_from"]
    start = rows["m_from"] + span * rows["part_from"]
    end = rows["m_from"] + span * rows["part_to"]
    whole = rows["part_from"].eq(0) & rows["part_to"].ge(1 - EPSILON)
    return rows.assign(
        m_from=start.where(~whole, rows["m_from"]).where(~outside),
        m_to=end.where(~whole, rows["m_to"]).where(~outside),
    ).drop(columns=["part_from", "part_to"]), faults


def _current(rows: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Leave out rows that had ceased when the newest row of the layer began to hold."""
    newest = rows["valid_from"].max()
    gone = rows["valid_to"].notna() & rows["valid_to"].lt(newest)
    shown = rows["valid_to"][gone].dt.strftime("%Y-%m-%d")
    faults = faults_at(rows["row"][gone], "expired", shown)
    return rows[~gone].reset_index(drop=True), faults
