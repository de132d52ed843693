"""How does an area's own data come from its published services?

The area profile names the address; what is asked and how the answer becomes a file that the reader
of the kind takes stands in one module a service.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from gis.errors import SourceError
from gis.sources import fetch_overpass, fetch_schools, fetch_trafikinfo
from gis.sources.downloading import Limits, fetch_json

if TYPE_CHECKING:
    from pathlib import Path

    from gis.areas import Area

FETCHERS: Final = {
    "osm": (fetch_overpass.fetch, ".osm.json"),
    "nvdb": (fetch_trafikinfo.fetch, ".gpkg"),
    "schools": (fetch_schools.fetch, ".json"),
}
KINDS: Final = tuple(FETCHERS)


def fetch(area: Area, kind: str, folder: Path, limits: Limits | None = None) -> Path:
    """Download the area's own data into a folder.

    Parameters
    ----------
    area
        The profile, with ``sources.<kind>.address``.
    kind
        One of ``KINDS``.
    folder
        Where the file is written.
    limits
        When to give up.

    Returns
    -------
    file
        A delivery of that kind, named after area and day.

    Raises
    ------
    SourceError
        If the profile names no address, or the service gives nothing that is whole.
    """
    source = area.sources.get(kind)
    if source is None:
        msg = f"{area.id}: no [sources.{kind}] with an address; add it, or import a file."
        raise SourceError(msg)
    asked, ending = FETCHERS[kind]
    answer = asked(area, source, partial(fetch_json, limits=limits or Limits()))
    path = folder / f"{kind}_{area.id}_{datetime.now(UTC).date().isoformat()}{ending}"
    path.write_bytes(answer)
    return path
