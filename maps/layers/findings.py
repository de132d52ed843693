"""Which questions stand at each segment?

Open findings only; each is a place of its segment, so that the text table holds a message once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from maps.layers import coding

if TYPE_CHECKING:
    import geopandas as gpd

    from maps.layers.coding import Texts


def columns(
    findings: gpd.GeoDataFrame | None, segments: gpd.GeoDataFrame, texts: Texts
) -> dict[str, Any]:
    """Code the open findings, gravest first.

    Parameters
    ----------
    findings
        The layer `findings`; None is as none.
    segments
        The segments that are drawn; `row` counts in them.
    texts
        The page's table of texts; grows.

    Returns
    -------
    columns
        `row`, `check_id`, `severity`, `message_sv`, `message_en`; findings whose segment is not
        drawn are left out.
    """
    if findings is None or findings.empty:
        return {"row": []}
    row = pd.Series(range(len(segments)), index=segments["segment_id"].to_numpy())
    found = findings.assign(row=findings["segment_id"].map(row))
    found = found[found["row"].notna() & found["state"].eq("open")]
    found = found.sort_values(["severity", "check_id"], ascending=[False, True], kind="stable")
    return {
        "row": found["row"].astype(int).tolist(),
        "severity": coding.numbers(found["severity"], 0),
        **{name: texts.column(found[name]) for name in ("check_id", "message_sv", "message_en")},
    }
