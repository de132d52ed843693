"""What is asked of Overpass: every object that the inventory reads, in the box of the area?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from gis import csvfile
from gis.settings import data_dir
from gis.sources.downloading import Question
from gis.sources.tables import ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.areas import Area

TIME_S: Final = 180
SHORT: Final = {"node": "node", "way": "way", "area": "wr"}
EVERY: Final = "*"


def fetch(area: Area, source: dict[str, Any], ask: Callable[[Question], bytes]) -> bytes:
    """Ask once for the whole box; the answer is what the reader of ``osm`` takes."""
    body = urlencode({"data": query(area)}).encode()
    return ask(Question(address=source["address"], body=body))


def query(area: Area) -> str:
    """Write the question from the table of roles, so that both speak of the same objects.

    Examples
    --------
    >>> from gis import areas
    >>> query(areas.load("karlskrona")).splitlines()[0]
    '[out:json][timeout:180][bbox:55.74669,15.23157,56.50344,16.22228];'
    """
    west, south, east, north = area.bbox
    wanted: dict[tuple[str, str], list[str]] = {}
    for row in csvfile.rows(data_dir() / "rules" / "osm_roles.csv"):
        wanted.setdefault((SHORT[row["object"]], row["key"]), []).append(row["value"])
    parts = [_part(*named, values) for named, values in wanted.items()]
    parts.append(_part("relation", "route", list(ROUTES)))
    lines = "\n".join(parts)
    head = f"[out:json][timeout:{TIME_S}][bbox:{south},{west},{north},{east}];"
    return f"{head}\n(\n{lines}\n);\n(._;>;);\nout meta qt;\n"


def _part(kind: str, key: str, values: list[str]) -> str:
    """Ask for one key: any value, or one of some."""
    if EVERY in values:
        return f'{kind}["{key}"];'
    return f'{kind}["{key}"~"^({"|".join(dict.fromkeys(values))})$"];'
