"""How is what a reader found written and read back, whichever of the two forms it has?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.sources import reading as ways
from gis.sources import said

if TYPE_CHECKING:
    from collections.abc import Mapping


def to_blobs(found: ways.Reading | said.Said) -> dict[str, bytes]:
    """Write what a reader found as Parquet files by name."""
    if isinstance(found, ways.Reading):
        return ways.to_parquet_blobs(found)
    return said.to_parquet_blobs(found)


def from_blobs(blobs: Mapping[str, bytes]) -> ways.Reading | said.Said:
    """Read back what `to_blobs` wrote."""
    if "ways" in blobs:
        return ways.from_parquet_blobs(blobs)
    return said.from_parquet_blobs(blobs)
