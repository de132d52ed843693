"""What lies under the paths: water, green, buildings, streets?

All from the same extract as the paths, cut to their surroundings, so that the map reads without
any network. Streets of one name and class are joined, so that a name can run along them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import shapely

from maps.layers import coding

if TYPE_CHECKING:
    from maps.layers.coding import Texts

ROLES: Final = ("water", "green", "school", "square", "building")
MARGIN_SHARE: Final = 0.05
# Half a metre, in degrees of latitude: less than a pixel at the closest zoom that is usual.
TOLERANCE_DEG: Final = 5e-6
NAMED_ROLES: Final = ("water", "green", "school", "square")
# Kinds of places whose names help a person to find the way; others can still be searched for.
NAMED_PLACES: Final = ("place", "centre", "square", "school")
# About 2,000 m² at 60° north, in square degrees: smaller areas get no name on the map.
NAMED_AREA_DEG2: Final = 3.2e-7


def window(segments: gpd.GeoDataFrame) -> shapely.Polygon | None:
    """Return the rectangle round the segments, a twentieth wider; None without segments."""
    if segments.empty:
        return None
    west, south, east, north = segments.total_bounds
    wide, high = (east - west) * MARGIN_SHARE, (north - south) * MARGIN_SHARE
    return shapely.box(west - wide, south - high, east + wide, north + high)


def areas(layer: gpd.GeoDataFrame | None, around: shapely.Polygon | None) -> dict[str, Any]:
    """Code the areas of each role inside the window.

    Parameters
    ----------
    layer
        `role` and Polygon or MultiPolygon, any CRS; None is as none.
    around
        From `window`.

    Returns
    -------
    roles
        Role to coded rings, in the order of painting; a role without areas is left out.
    """
    near = _near(layer, around)
    found = {}
    for role in ROLES:
        shapes = near.loc[near["role"].eq(role), ["geometry"]].explode(index_parts=False)
        shapes = shapes[shapes.geom_type.eq("Polygon")]
        if not shapes.empty:
            found[role] = coding.rings(shapes.geometry.simplify(TOLERANCE_DEG))
    return found


def streets(
    layer: gpd.GeoDataFrame | None, around: shapely.Polygon | None, texts: Texts
) -> dict[str, Any]:
    """Code the streets of the window, those of one name and class joined end to end.

    Returns
    -------
    columns
        `highway` and `name` as places of texts, `line` as coded geometry.
    """
    near = _near(layer, around)
    merged = near.dissolve(["highway", "name"], dropna=False, as_index=False)
    merged["geometry"] = shapely.line_merge(merged.geometry.to_numpy())
    merged = merged.explode(ignore_index=True)
    merged = merged[merged.geom_type.eq("LineString")]
    return {
        "highway": texts.column(merged["highway"]),
        "name": texts.column(merged["name"]),
        "line": coding.lines(merged.geometry.simplify(TOLERANCE_DEG)),
    }


def labels(
    layer: gpd.GeoDataFrame | None,
    places: gpd.GeoDataFrame | None,
    around: shapely.Polygon | None,
    texts: Texts,
) -> dict[str, Any]:
    """Code the names of areas and places: `name`, `kind` and a point where the name stands."""
    named = _near(layer, around).dropna(subset="name")
    wide = shapely.area(named.geometry.to_numpy()) >= NAMED_AREA_DEG2
    named = named[named["role"].isin(NAMED_ROLES) & wide]
    points = _near(places, around).dropna(subset="name")
    points = points[points["kind"].isin(NAMED_PLACES)]
    geometry = [
        *shapely.point_on_surface(named.geometry.to_numpy()),
        *shapely.point_on_surface(points.geometry.to_numpy()),
    ]
    both = gpd.GeoDataFrame(
        {
            "name": [*named["name"], *points["name"]],
            "kind": [*named["role"], *points["kind"]],
        },
        geometry=geometry,
        crs=coding.WGS84,
    ).drop_duplicates("name")
    return {
        "name": texts.column(both["name"]),
        "kind": texts.column(both["kind"]),
        "point": coding.lines(both.geometry),
    }


def _near(layer: gpd.GeoDataFrame | None, around: shapely.Polygon | None) -> gpd.GeoDataFrame:
    """Cut a layer to the window; an absent layer is an empty one with every column."""
    names = ("role", "kind", "name", "highway")
    if layer is None or layer.empty or around is None:
        empty: dict[str, list[str]] = {name: [] for name in names}
        return gpd.GeoDataFrame(empty, geometry=[], crs=coding.WGS84)
    degrees = coding.in_degrees(layer)
    near = degrees[degrees.intersects(around)]
    west, south, east, north = around.bounds
    cut = near.set_geometry(near.geometry.make_valid().clip_by_rect(west, south, east, north))
    cut = cut[~cut.geometry.is_empty]
    return cut.assign(**{name: None for name in names if name not in cut})
