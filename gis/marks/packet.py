"""What does a GeoPackage hold that goes out to QGIS or QField and comes back with marks?

One table to write in, `COLUMNS` and a point a row, and `BESIDE`, which are there to be read. Both
the writer and the reader of such a file go by this layout.
"""

from __future__ import annotations

from typing import Final

FILE: Final = "gcvag.gpkg"
PHOTOS: Final = "photos"
MARKS: Final = "observations"
BESIDE: Final = ("segments", "findings")
NUMBERS: Final = ("width_m", "accuracy_m")
VERSION: Final = "base_version"
LISTS: Final = ("signs", "signs_end", "markings")
FIELDS: Final = (
    "path_class", "signs", "signs_end", "plate", "markings", "width_m", "separation", "surface",
    "lit", "note",
)  # fmt: skip
COLUMNS: Final = (
    "observation_id", "segment_id", VERSION, *FIELDS, "observed_at", "accuracy_m", "photo",
)  # fmt: skip
