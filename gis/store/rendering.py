"""What does a row look like as a GeoJSON feature?

Rendered once, when a layer is written, and handed out as bytes ever after: longitude and latitude
(CRS84), seven decimals, every column a property, both languages in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import shapely

from gis.crs import WGS84, project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

# A centimetre on the ground; RFC 7946 finds six enough, lengths of paths do not.
_DECIMALS: Final = 7


def render(
    keys: Sequence[str],
    columns: Mapping[str, Sequence[Any]],
    geometries: npt.NDArray[np.object_] | None,
    srs_id: int,
) -> list[bytes]:
    """Render rows as GeoJSON features.

    Parameters
    ----------
    keys
        ``n`` ids of features.
    columns
        ``n`` JSON values for every property.
    geometries
        ``n`` geometries in `srs_id`, None for null; or None for a layer without geometry.
    """
    shapes = [None] * len(keys) if geometries is None else _shapes(geometries, srs_id)
    names = list(columns)
    # One dump for each feature: the bytes of each row are asked for alone.
    return [
        orjson.dumps(
            {
                "type": "Feature",
                "id": key,
                "geometry": shape,
                "properties": dict(zip(names, row, strict=True)),
            }
        )
        for key, shape, row in zip(keys, shapes, _rows(columns, len(keys)), strict=True)
    ]


def _rows(columns: Mapping[str, Sequence[Any]], count: int) -> list[tuple[Any, ...]]:
    return list(zip(*columns.values(), strict=True)) if columns else [()] * count


def _shapes(geometries: npt.NDArray[np.object_], srs_id: int) -> list[Any]:
    """Write geometries as fragments of GeoJSON, in longitude and latitude."""
    flat = shapely.force_2d(geometries)
    places = shapely.get_coordinates(flat)
    lon, lat = project(places[:, 0], places[:, 1], source=srs_id, target=WGS84)
    moved = shapely.set_coordinates(flat.copy(), np.round(np.column_stack([lon, lat]), _DECIMALS))
    texts = shapely.to_geojson(moved)
    return [None if text is None else orjson.Fragment(text) for text in texts]
