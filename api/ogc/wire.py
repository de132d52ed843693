"""In which coordinate system does the client speak, and in which order?

Positions on the wire follow the registry's axis order (EPSG:3006 is north, east); inside, x is
east and y is north. Everything is moved by ``gis.crs``; here stands which systems are offered,
how a ``bbox`` is read, and how rendered features (CRS84) are moved for an answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from api.errors import Problem
from api.kinds import Kind
from gis import crs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from gis.areas import Area

    Box = tuple[float, float, float, float]
    Boxes = NDArray[np.float64]

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
OFFERED: Final = (4326, 3857, 3006, *range(3007, 3019))
"""WGS 84, Web Mercator, SWEREF 99 TM, and the twelve local zones of SWEREF 99."""

DEGREES: Final = 4326
CORNERS: Final = (4, 6)
STEPS: Final = 21
"""Points along each edge when a box is moved: a straight edge becomes a curve."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A coordinate system as a client names it; `swapped` means north (latitude) first."""

    uri: str
    epsg: int
    swapped: bool

    @property
    def digits(self) -> int:
        """Decimals of an answer: a centimetre in degrees, a millimetre in metres."""
        return 7 if self.epsg == DEGREES else 3


LON_LAT: Final = Wire(CRS84, DEGREES, swapped=False)


def offered(area: Area) -> tuple[str, ...]:
    """List the addresses of all systems of an area, CRS84 first."""
    codes = dict.fromkeys((*OFFERED, area.crs))
    return (CRS84, *(f"{EPSG}{code}" for code in codes))


def wire(text: str | None, area: Area) -> Wire:
    """Read the name of a system.

    Parameters
    ----------
    text
        An address of `offered`, or the short ``EPSG:3006``; null is CRS84.
    area
        Its own system is offered too.

    Raises
    ------
    Problem
        ``bad_crs`` for every other name.
    """
    if text is None or text in {CRS84, "OGC:CRS84"}:
        return LON_LAT
    uri = EPSG + text.removeprefix("EPSG:") if text.startswith("EPSG:") else text
    if uri not in offered(area):
        raise Problem(Kind.BAD_CRS)
    code = int(uri.removeprefix(EPSG))
    return Wire(uri, code, swapped=crs.north_first(code))


def read_bbox(text: str, system: Wire) -> Box:
    """Read a ``bbox`` parameter.

    Parameters
    ----------
    text
        Four numbers, or six with heights (which are not looked at), in the order of `system`.
    system
        What ``bbox-crs`` names.

    Returns
    -------
    box
        Smallest x, smallest y, largest x, largest y in `system`.

    Raises
    ------
    Problem
        ``bad_bbox`` unless all are finite and the smaller ones come first.
    """
    numbers = [_number(part) for part in text.split(",")]
    if len(numbers) not in CORNERS:
        raise Problem(Kind.BAD_BBOX)
    half = len(numbers) // 2
    one, two = numbers[0:2], numbers[half : half + 2]
    if system.swapped:
        one, two = one[::-1], two[::-1]
    if one[0] > two[0] or one[1] > two[1]:
        raise Problem(Kind.BAD_BBOX)
    return one[0], one[1], two[0], two[1]


def window(box: Box, system: Wire, extent: Box | None, working: int) -> Box | None:
    """Move a box to the working system, cut to where there is data.

    Parameters
    ----------
    box
        In `system`, x before y.
    extent
        Box of the layer in the working system; null when it is empty.
    working
        EPSG code of the working system.

    Returns
    -------
    window
        The smallest upright box around the moved one; null where nothing can be.

    Notes
    -----
    It is cut first: the whole world has no box in a projected system.
    """
    if extent is None:
        return None
    there = moved_box(extent, source=working, target=system.epsg)
    cut = (
        max(box[0], there[0]),
        max(box[1], there[1]),
        min(box[2], there[2]),
        min(box[3], there[3]),
    )
    if cut[0] > cut[2] or cut[1] > cut[3]:
        return None
    return moved_box(cut, source=system.epsg, target=working)


@lru_cache(maxsize=64)  # the box of a layer is moved at every question
def moved_box(box: Box, *, source: int, target: int) -> Box:
    """Return the smallest upright box around a box that is moved to another system."""
    moved = moved_boxes(np.array([box]), source=source, target=target)
    west, south, east, north = moved[0].tolist()
    return west, south, east, north


def moved_boxes(boxes: Boxes, *, source: int, target: int) -> Boxes:
    """Move ``n`` boxes, each four numbers in a row, as `moved_box` does one."""
    if source == target or not len(boxes):
        return boxes
    west, south, east, north = boxes.T
    across, up = np.linspace(west, east, STEPS), np.linspace(south, north, STEPS)
    ends = np.ones((STEPS, 1))
    x = np.concatenate([across, across, ends * west, ends * east])
    y = np.concatenate([ends * south, ends * north, up, up])
    moved_x, moved_y = crs.project(x.ravel(), y.ravel(), source=source, target=target)
    x, y = moved_x.reshape(x.shape), moved_y.reshape(y.shape)
    return np.column_stack([x.min(axis=0), y.min(axis=0), x.max(axis=0), y.max(axis=0)])


def located(place: Sequence[float], system: Wire) -> list[float]:
    """Move a position that a client sent to longitude and latitude; a height stays as it is."""
    if system == LON_LAT:
        return list(place)
    x, y = place[1::-1] if system.swapped else place[:2]
    lon, lat = crs.project([x], [y], source=system.epsg, target=DEGREES)
    return [round(float(lon[0]), LON_LAT.digits), round(float(lat[0]), LON_LAT.digits), *place[2:]]


def move(features: Sequence[dict[str, Any]], system: Wire) -> None:
    """Move the geometry of parsed features from CRS84 to `system`, in place and all at once."""
    places = [place for feature in features for place in _places(feature["geometry"])]
    if not places or system == LON_LAT:
        return
    flat = np.array([place[:2] for place in places], dtype=np.float64)
    x, y = crs.project(flat[:, 0], flat[:, 1], source=DEGREES, target=system.epsg)
    first, second = (y, x) if system.swapped else (x, y)
    pairs = np.column_stack([first, second]).round(system.digits).tolist()
    for place, pair in zip(places, pairs, strict=True):
        place[:2] = pair


def _places(geometry: dict[str, Any] | None) -> Iterator[list[float]]:
    """Yield every position of a geometry, each the list that stands in it."""
    if geometry is None:
        return
    for part in geometry.get("geometries", ()):
        yield from _places(part)
    yield from _leaves(geometry.get("coordinates", []))


def _leaves(coordinates: list[Any]) -> Iterator[list[float]]:
    """Yield the innermost lists."""
    if coordinates and not isinstance(coordinates[0], list):
        yield coordinates
        return
    for part in coordinates:
        yield from _leaves(part)


def _number(text: str) -> float:
    """Read a finite number."""
    try:
        number = float(text)
    except ValueError:
        raise Problem(Kind.BAD_BBOX) from None
    if not math.isfinite(number):
        raise Problem(Kind.BAD_BBOX)
    return number
