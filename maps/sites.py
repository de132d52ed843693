"""Where would a control do most good, and why there?

For the police: the file holds a ranking and is as secret as the plan (see the store it is from).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from maps import page
from maps.figure import Shell
from maps.layers import coding
from maps.page import About, Contents, Layers

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.words import Language


TOLD: Final = ("offences", "alternative")


def ranked(sites: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return one mapping a site, best first, with its place as latitude and longitude.

    Parameters
    ----------
    sites
        `segment_id`, `kind`, `rank`, `rank_low`, `rank_high`, `reasons` (list of mappings with
        `text_sv`, `text_en`, `value`, `unit`), `information_only`, Point geometry, any CRS;
        `offences` (list) and `alternative` where they are told.
    """
    degrees = coding.in_degrees(sites).sort_values("rank", kind="stable")
    at = degrees.geometry.get_coordinates().round(6)[["y", "x"]].to_numpy().tolist()
    names = ["segment_id", "kind", "rank", "rank_low", "rank_high", "information_only"]
    names += [name for name in TOLD if name in degrees]
    rows = degrees[names].astype(object).to_dict("records")
    reasons = degrees["reasons"].tolist()
    return [
        {
            **{str(name): value for name, value in row.items()},
            "at": point,
            "reasons": [dict(reason) for reason in why],
        }
        for row, point, why in zip(rows, at, reasons, strict=True)
    ]


def contents(layers: Layers, *, title: str = "", about: About | None = None) -> Contents:
    """Code the sites over a pale inventory; `layers` holds `sites` beside the others."""
    coded = page.contents("sites", layers, about or About(), title)
    return replace(coded, data={**coded.data, "sites": ranked(layers["sites"])})


def draw(
    layers: Layers,
    *,
    title: str,
    lang: Language = "sv",
    about: About | None = None,
    shell: Shell | None = None,
) -> str:
    """Draw the ranked control sites with their reasons in words; see `maps.inventory.draw`."""
    coded = contents(layers, title=title, about=about)
    return page.draw(coded, title=title, lang=lang, shell=shell or Shell())
