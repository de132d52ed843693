"""How is GeoParquet written that a reader can cut a window from?

GeoParquet 1.1 with a covering box for each row and the area's CRS in the metadata; lists and times
stay lists and times. Rows lie along a curve through the plane, so that near ones are read together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq

from gis.exports.plain import credit

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from gis.areas import Area

ROWS_IN_A_GROUP: Final = 20_000


def write(layers: dict[str, gpd.GeoDataFrame], path: Path, area: Area) -> int:
    """Write one layer; the attribution stands in the file's metadata."""
    (frame,) = layers.values()
    # A layer without rows lies nowhere, so it has no curve either.
    laid = frame.iloc[frame.geometry.hilbert_distance().argsort()] if len(frame) else frame
    plain = path.with_suffix(".plain")
    laid.to_parquet(plain, index=False, write_covering_bbox=True, schema_version="1.1.0")
    table = pq.read_table(plain)
    told = {**(table.schema.metadata or {}), b"attribution": credit(area).encode()}
    pq.write_table(
        table.replace_schema_metadata(told),
        path,
        compression="zstd",
        row_group_size=ROWS_IN_A_GROUP,
    )
    plain.unlink()
    return len(frame)
