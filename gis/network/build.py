"""How does a reading become a network?

Ways are cut at junctions; paths, tagged sides of streets and streets with a class of their own
become segments, all streets are kept beside them. Cost is linear in the number of vertices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis import crs
from gis.network import around, points
from gis.network.model import Network
from gis.network.segments import segments
from gis.network.sheet import draw, streets

if TYPE_CHECKING:
    from gis.network.model import Place
    from gis.sources.reading import Reading


def build(reading: Reading, area: Place) -> Network:
    """Build the network of one reading.

    Parameters
    ----------
    reading
        Ways and what lies around them, WGS84.
    area
        Working CRS and languages.

    Returns
    -------
    network
        In the working CRS; the same for any row order of the same content.

    Raises
    ------
    AreaError
        If one cannot work in the area's CRS.
    """
    crs.check_working(area.crs)
    nodes, areas = crs.to(reading.nodes, area.crs), crs.to(reading.areas, area.crs)
    sheet = draw(reading, area)
    found = segments(sheet, reading.routes)
    shapes = found.geometry.to_numpy()
    found["in_park"] = around.in_park(shapes, areas)
    found["near_houses"] = around.near_houses(shapes, areas)
    found["near_school"] = around.near_school(shapes, nodes, areas)
    return Network(
        segments=found,
        streets=streets(sheet),
        crossings=points.crossings(nodes),
        signs=points.signs(nodes),
        barriers=points.barriers(nodes),
        places=points.places(nodes, areas),
        areas=areas,
        routes=reading.routes,
    )
