"""What does a GeoPackage hold that goes out to QGIS or QField and comes back with marks?

One table to write in, `COLUMNS` and a point a row, and `BESIDE`: of these only the lines of the
segments may be drawn anew. Both the writer and the reader of such a file go by this layout.
"""

from __future__ import annotations

from typing import Final

import shapely

FILE: Final = "gcvag.gpkg"
PHOTOS: Final = "photos"
MARKS: Final = "observations"
BESIDE: Final = ("segments", "findings")
NUMBERS: Final = ("width_m", "accuracy_m")
SENT: Final = "line_sent"
"""Column of the segments: the line as it went out."""
VERSION: Final = "base_version"
LISTS: Final = ("signs", "signs_end", "markings")
FIELDS: Final = (
    "path_class", "signs", "signs_end", "plate", "markings", "width_m", "separation", "surface",
    "lit", "note",
)  # fmt: skip
COLUMNS: Final = (
    "observation_id", "segment_id", VERSION, *FIELDS, "observed_at", "accuracy_m", "photo",
)  # fmt: skip


def sent(line: shapely.Geometry) -> str:
    """Write a line as it goes out, to the millimetre.

    Examples
    --------
    >>> sent(shapely.LineString([(0, 0), (1.00049, 2)]))
    'LINESTRING (0 0, 1 2)'
    """
    return str(shapely.to_wkt(line, rounding_precision=3))
