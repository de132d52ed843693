"""Which readers of deliveries are there, and which one fits a file?

A reader is a module of this package named like its kind (``nvdb-check`` → ``nvdb_check``), with
``read(path) -> Reading``; a new format is one more file.
"""

from gis.sources.reader import read, read_bytes
from gis.sources.reading import Reading, from_parquet_blobs, to_parquet_blobs
from gis.sources.recognition import KINDS, recognise

__all__ = [
    "KINDS",
    "Reading",
    "from_parquet_blobs",
    "read",
    "read_bytes",
    "recognise",
    "to_parquet_blobs",
]
