"""In which file formats can layers leave the store?

One writer a format. A file is written beside its place and moved there when it is whole; a file
that stood there is replaced only then. Attribution goes with every file.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gis import areas
from gis.errors import GisError, NotFoundError
from gis.exports import (
    csvfile,
    fgb,
    geojson,
    geoparquet,
    gpkg,
    maproulette,
    nvdb,
    osmchange,
    qfield,
    shp,
)
from gis.exports.cut import EVERY, NETWORK, PUBLIC, SEGMENTS, Cut, check, frame, parse_bbox

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd

    from gis.areas import Area
    from gis.exports.drawing import Drawn
    from gis.store import Store

    Layers = dict[str, gpd.GeoDataFrame]
    Write = Callable[[Layers, Path, Area], int]

__all__ = ["FORMATS", "Cut", "export", "parse_bbox"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format: its writer, how many layers it holds, and which ones where it does not ask."""

    write: Write
    many: bool = False
    fixed: tuple[str, ...] = ()
    folder: bool = False


WRITERS: Final[dict[str, Format]] = {
    "gpkg": Format(write=gpkg.write, many=True),
    "geojson": Format(write=geojson.write),
    "geoparquet": Format(write=geoparquet.write),
    "fgb": Format(write=fgb.write),
    "csv": Format(write=csvfile.write),
    "shp": Format(write=shp.write),
    "nvdb": Format(write=nvdb.write, fixed=(SEGMENTS, NETWORK)),
    "osm": Format(write=osmchange.write, fixed=(SEGMENTS, NETWORK, EVERY)),
    "maproulette": Format(write=maproulette.write, fixed=("findings", SEGMENTS)),
    "qfield": Format(write=qfield.write, fixed=(SEGMENTS, "findings"), folder=True),
}
FORMATS: Final = tuple(WRITERS)


def export(
    store: Store, name: str, path: Path, cut: Cut | None = None, *, drawn: Drawn | None = None
) -> int:
    """Write layers of a store to a file, or for ``qfield`` to a new folder.

    Parameters
    ----------
    store
        The public store.
    name
        One of ``FORMATS``.
    path
        The file to write; its folder must exist.
    cut
        Which part; ``segments`` where no layer is named (``gpkg``: all).
    drawn
        How a project draws each class; plain lines when null.

    Returns
    -------
    n
        How many features the file holds.
    """
    area = areas.from_json(store.area_json())
    known, wish = WRITERS[name], cut or Cut()
    check(wish)
    frames = {layer: frame(store, layer, area, wish) for layer in _wanted(wish.layers, name)}
    _check_place(path, folder=known.folder)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".gcvag-") as folder:
        draft = Path(folder) / path.name
        if known.folder:
            number = qfield.write(frames, draft, area, drawn)
        else:
            number = known.write(frames, draft, area)
        for made in sorted(Path(folder).iterdir()):
            made.replace(path.parent / made.name)
    return number


def _check_place(path: Path, *, folder: bool) -> None:
    """Refuse a place in no folder, and a project folder that holds something already."""
    if not path.parent.is_dir():
        msg = f"{path.parent}: there is no such folder; make it first or choose another."
        raise NotFoundError(msg)
    if folder and path.exists() and (not path.is_dir() or any(path.iterdir())):
        msg = f"{path}: there is something here already; name a folder that is new or empty."
        raise GisError(msg)


def _wanted(layers: Sequence[str], name: str) -> Sequence[str]:
    """Return the layers to write; a format of one layer takes one."""
    known = WRITERS[name]
    if known.fixed and layers:
        msg = f"{name} chooses its layers itself; leave --layer out."
        raise GisError(msg)
    if layers and len(layers) > 1 and not known.many:
        msg = f"{name} holds one layer a file; give one --layer, or write a gpkg."
        raise GisError(msg)
    return known.fixed or layers or (PUBLIC if known.many else (SEGMENTS,))
