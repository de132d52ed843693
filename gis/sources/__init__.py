"""Which readers of deliveries are there, and which one fits a file?

A reader is a module of this package named like its kind (``nvdb-check`` → ``nvdb_check``), with
``read(path) -> Reading``; a new format is one more file.
"""

from gis.sources.mapping import parse as mapping_of
from gis.sources.reader import read, read_bytes
from gis.sources.reading import Reading, from_parquet_blobs, to_parquet_blobs
from gis.sources.recognition import KINDS, recognise
from gis.sources.said import Said

__all__ = [
    "KINDS",
    "Reading",
    "Said",
    "from_parquet_blobs",
    "mapping_of",
    "read",
    "read_bytes",
    "recognise",
    "to_parquet_blobs",
]
