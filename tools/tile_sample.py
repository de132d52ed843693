"""Lay a sample out n by n times, as an extract large enough for benchmarks.

The result is synthetic: positions are shifted by the sample's own box and ids are numbered anew,
tile by tile. File name and header say so. Use: ``tile_sample.py SAMPLE.osm.pbf N FOLDER``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import osmium
from osmium.osm import mutable

# No id of OpenStreetMap comes near, so tiles never share one.
STRIDE: Final = 20_000_000_000
GENERATOR: Final = "gcvag tools/tile_sample.py: SYNTHETIC, tiles of {name}, no map of any place"
Shift = tuple[int, float, float]


def shifts(path: Path, n: int) -> list[Shift]:
    """Return id offset, east and north shift in degrees of each tile, row by row."""
    box = osmium.io.Reader(str(path), osmium.osm.NOTHING).header().box()
    wide = box.top_right.lon - box.bottom_left.lon
    high = box.top_right.lat - box.bottom_left.lat
    return [(row * n + col, col * wide, row * high) for row in range(n) for col in range(n)]


def write(path: Path, n: int, folder: Path) -> Path:
    """Write the tiled extract, sorted by type and id.

    Parameters
    ----------
    path
        The sample; its header tells its box.
    n
        Tiles a side.
    folder
        Where to write.

    Returns
    -------
    target
        ``synthetic_NAME_NxN.osm.pbf``.
    """
    name = path.name.removesuffix(".osm.pbf")
    target = folder / f"synthetic_{name}_{n}x{n}.osm.pbf"
    target.unlink(missing_ok=True)
    header = osmium.io.Header()
    header.set("generator", GENERATOR.format(name=path.name))
    header.set("sorting", "Type_then_ID")
    writer = osmium.SimpleWriter(str(target), header=header)
    for entity in (osmium.osm.NODE, osmium.osm.WAY, osmium.osm.RELATION):
        for shift in shifts(path, n):
            _tile(writer, path, entity, shift)
    writer.close()
    return target


def _tile(
    writer: osmium.SimpleWriter, path: Path, entity: osmium.osm.osm_entity_bits, shift: Shift
) -> None:
    """Write the objects of one type of one tile."""
    tile, east, north = shift
    start = tile * STRIDE
    for item in osmium.FileProcessor(str(path), entity):
        if isinstance(item, osmium.osm.Node):
            spot = (item.location.lon + east, item.location.lat + north)
            writer.add_node(mutable.Node(item, id=item.id + start, location=spot))
        elif isinstance(item, osmium.osm.Way):
            refs = [node.ref + start for node in item.nodes]
            writer.add_way(mutable.Way(item, id=item.id + start, nodes=refs))
        elif isinstance(item, osmium.osm.Relation):
            members = [(one.type, one.ref + start, one.role) for one in item.members]
            moved = mutable.Relation(item, id=item.id + start, members=members)
            writer.add_relation(moved)


if __name__ == "__main__":
    sample, side, out = sys.argv[1:]
    print(write(Path(sample), int(side), Path(out)))
