"""How does a position get from one coordinate system to another?

The only module that builds a ``Transformer`` or calls ``to_crs``. Inside, x is east (or longitude)
and y is north (or latitude), always; the registry's axis order is used where a coordinate leaves
or enters on the wire. Working systems are projected, in metres. Nothing here knows a file.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gis.errors import AreaError, LayerError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]
    Layer = TypeVar("Layer", gpd.GeoDataFrame, gpd.GeoSeries)

WGS84: Final = 4326
METRE: Final = 1.0


@cache
def _crs(epsg: int) -> CRS:
    """Return the system with this code of the EPSG registry."""
    try:
        return CRS.from_epsg(epsg)
    except CRSError as error:
        msg = f"EPSG:{epsg} is not in the registry; give a code such as 3006"
        raise AreaError(msg) from error


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(_crs(source), _crs(target), always_xy=True)


def check_working(epsg: int) -> int:
    """Return `epsg` when one can work in it.

    Parameters
    ----------
    epsg
        Code of the EPSG registry.

    Returns
    -------
    epsg
        The same code: a projected system with both axes in metres.

    Raises
    ------
    AreaError
        If the code is unknown, geographic or not in metres.

    Examples
    --------
    >>> check_working(3006)
    3006
    """
    crs = _crs(epsg)
    units = {axis.unit_conversion_factor for axis in crs.axis_info}
    if not crs.is_projected or units != {METRE}:
        msg = f"EPSG:{epsg} ({crs.name}) is no projected system in metres; EPSG:3006 is one"
        raise AreaError(msg)
    return epsg


def north_first(epsg: int) -> bool:
    """Tell whether the registry puts north (or latitude) before east on the wire.

    Examples
    --------
    >>> north_first(3006), north_first(4326), north_first(3857)
    (True, True, False)
    """
    return _crs(epsg).axis_info[0].direction.casefold() == "north"


def project(x: ArrayLike, y: ArrayLike, *, source: int, target: int) -> tuple[Numbers, Numbers]:
    """Move positions from one system to another.

    Parameters
    ----------
    x, y
        ``n`` eastings (longitudes) and northings (latitudes) in `source`; NaN gives NaN.
    source, target
        Codes of the EPSG registry.

    Returns
    -------
    x, y
        ``n`` eastings and northings in `target`; infinite where `target` has no such place.

    Examples
    --------
    >>> x, y = project([15.58917], [56.16139], source=4326, target=3006)
    >>> x.round().tolist(), y.round().tolist()
    ([536592.0], [6224198.0])
    """
    east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if source == target:
        return east, north
    moved = _transformer(source, target).transform(east, north)
    return np.asarray(moved[0], dtype=np.float64), np.asarray(moved[1], dtype=np.float64)


def wire_order(first: ArrayLike, second: ArrayLike, *, epsg: int) -> tuple[Numbers, Numbers]:
    """Swap east and north where the registry's order differs; its own inverse.

    Examples
    --------
    >>> [float(axis) for axis in wire_order(536592, 6224198, epsg=3006)]
    [6224198.0, 536592.0]
    """
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    return (two, one) if north_first(epsg) else (one, two)


def to(layer: Layer, epsg: int) -> Layer:
    """Move a layer to another system.

    Parameters
    ----------
    layer
        Any geometries, with a coordinate system.
    epsg
        Code of the EPSG registry.

    Returns
    -------
    layer
        The same rows in the other system.

    Raises
    ------
    LayerError
        If the layer does not say its own system.
    """
    if layer.crs is None:
        msg = f"a layer without a coordinate system cannot be moved to EPSG:{epsg}; name its own"
        raise LayerError(msg)
    return layer if layer.crs.to_epsg() == epsg else layer.to_crs(_crs(epsg))


def to_wgs84(layer: Layer) -> Layer:
    """Move a layer to longitude and latitude."""
    return to(layer, WGS84)


def to_working(layer: Layer, epsg: int) -> Layer:
    """Move a layer to a working system; AreaError if one cannot work in it."""
    return to(layer, check_working(epsg))
