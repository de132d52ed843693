"""How does a GeoPackage write a geometry?

A blob is a header (magic, flags, CRS, envelope) before plain WKB. Columns are written and read
whole; the functions that the R-tree triggers call are registered on every connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import apsw
import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from apsw import Connection

# GeoPackage 1.3, clause 2.1.3: "GP", version 0, flags, srs_id, envelope.
_LITTLE_ENDIAN: Final = 0b0000_0001
_BOX_XY: Final = 0b0000_0010
_EMPTY: Final = 0b0001_0000
_BOX_BITS: Final = 0b0000_1110
_HEADER: Final = np.dtype(
    [("magic", "S2"), ("version", "u1"), ("flags", "u1"), ("srs_id", "<i4"), ("box", "<f8", 4)]
)
_FLAGS_AT: Final = 3
_HEADER_SIZES: Final = (8, 40, 56, 56, 72)


def to_blobs(geometries: npt.NDArray[np.object_], srs_id: int) -> list[bytes | None]:
    """Write geometries as GeoPackage blobs; null stays null.

    Parameters
    ----------
    geometries
        ``n`` shapely geometries or None.
    srs_id
        The number of their CRS in the file.
    """
    boxes = shapely.bounds(geometries)
    head = np.zeros(len(geometries), _HEADER)
    head["magic"] = b"GP"
    head["flags"] = _LITTLE_ENDIAN | _BOX_XY
    head["flags"][shapely.is_empty(geometries)] |= _EMPTY
    head["srs_id"] = srs_id
    head["box"] = boxes[:, [0, 2, 1, 3]]
    step, heads = _HEADER.itemsize, head.tobytes()
    wkbs = shapely.to_wkb(geometries, byte_order=1, flavor="iso")
    # One slice and one sum for each row: numpy has no column of bytes of uneven length.
    return [
        None if wkb is None else heads[at : at + step] + wkb
        for at, wkb in zip(range(0, len(heads), step), wkbs, strict=True)
    ]


def from_blobs(blobs: Sequence[bytes | None]) -> npt.NDArray[np.object_]:
    """Read GeoPackage blobs, also those of other programs; null stays null."""
    wkbs = np.empty(len(blobs), dtype=object)
    wkbs[:] = [None if blob is None else blob[_header_size(blob) :] for blob in blobs]
    read: npt.NDArray[np.object_] = np.asarray(shapely.from_wkb(wkbs), dtype=object)
    return read


def _header_size(blob: bytes) -> int:
    return _HEADER_SIZES[(blob[_FLAGS_AT] & _BOX_BITS) >> 1]


def kind_of(geometries: npt.NDArray[np.object_]) -> str:
    """Name the one type of a column, ``GEOMETRY`` when there are several or none."""
    found = np.unique(shapely.get_type_id(geometries))
    found = found[found >= 0]
    return _TYPE_NAMES[found[0]] if len(found) == 1 else "GEOMETRY"


_TYPE_NAMES: Final = (
    "POINT",
    "LINESTRING",
    "LINESTRING",
    "POLYGON",
    "MULTIPOINT",
    "MULTILINESTRING",
    "MULTIPOLYGON",
    "GEOMETRYCOLLECTION",
)


def _bound(position: int, blob: bytes | None) -> float | None:
    if blob is None:
        return None
    value = float(shapely.bounds(shapely.from_wkb(blob[_header_size(blob) :]))[position])
    return None if np.isnan(value) else value


def _min_x(blob: bytes | None) -> float | None:
    return _bound(0, blob)


def _min_y(blob: bytes | None) -> float | None:
    return _bound(1, blob)


def _max_x(blob: bytes | None) -> float | None:
    return _bound(2, blob)


def _max_y(blob: bytes | None) -> float | None:
    return _bound(3, blob)


def _is_empty(blob: bytes | None) -> int | None:
    return None if blob is None else int(_bound(0, blob) is None)


_FUNCTIONS: Final[dict[str, Any]] = {
    "ST_MinX": _min_x,
    "ST_MinY": _min_y,
    "ST_MaxX": _max_x,
    "ST_MaxY": _max_y,
    "ST_IsEmpty": _is_empty,
}


def register_functions(connection: Connection) -> None:
    """Give a connection the functions that the R-tree triggers of a GeoPackage call."""
    flags = apsw.SQLITE_INNOCUOUS
    for name, function in _FUNCTIONS.items():
        connection.create_scalar_function(name, function, 1, deterministic=True, flags=flags)
