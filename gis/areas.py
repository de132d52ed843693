"""Which area is worked on?

An area is one TOML file: `id`, `name`, `country`, `crs` and `bbox` are required, everything else
has a default. Positions are longitude and latitude in WGS84. Nothing here opens a source.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyproj import CRS
from shapely import Point, Polygon, box

from gis import areavalues as values
from gis.areasettings import nearest, read_settings
from gis.errors import AreaError
from gis.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

REQUIRED: Final = ("id", "name", "country", "crs", "bbox")

READERS: Final[dict[str, Callable[[object], Any]]] = {
    "id": values.identifier,
    "name": values.text,
    "country": values.country,
    "crs": values.crs,
    "bbox": values.bbox,
    "languages": values.languages,
    "municipality_code": values.text,
    "county_code": values.text,
    "centre": values.point,
    "centre_area": values.ring,
    "boundary": values.ring,
    "sources": values.sources,
    "attribution": values.texts,
    "basemap": values.basemap,
    "districts": values.districts,
    "school_starts": values.dates,
    "police_station": values.point,
    "public_delay": values.durations,
    "settings": values.table,
}
SPELLINGS: Final = {"language": "languages", "center": "centre", "center_area": "centre_area"}

LANGUAGES: Final = {"SE": ("sv",), "FI": ("fi", "sv"), "DE": ("de",), "NO": ("no",), "DK": ("da",)}
"""In which languages a country writes its names, the first one first."""

NEAR_DEG: Final = 15
"""How far outside its area of use a CRS is taken: Denmark and Norway use one zone all over."""

LAW_ENTERED: Final = ("SE",)
"""Countries whose rights, paragraphs and offences are in the tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where the inventory is made, in which CRS, from which sources, by which settings.

    `crs` is a projected EPSG code in metres; `bbox` is west, south, east, north; `centre`,
    `police_station` and the corners of `centre_area`, `boundary` and `districts` are longitude,
    latitude. `settings` holds every known setting. `other` holds keys that nobody reads.
    """

    id: str
    name: str
    country: str
    crs: int
    bbox: tuple[float, float, float, float]
    languages: tuple[str, ...]
    municipality_code: str | None = None
    county_code: str | None = None
    centre: values.Point | None = None
    centre_area: values.Ring | None = None
    boundary: values.Ring | None = None
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    attribution: tuple[str, ...] = ()
    basemap: dict[str, Any] | None = None
    districts: tuple[dict[str, Any], ...] = ()
    school_starts: tuple[date, ...] = ()
    police_station: values.Point | None = None
    public_delay: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    other: dict[str, Any] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The language whose names come first."""
        return self.languages[0]

    @property
    def law_entered(self) -> bool:
        """Whether rights, paragraphs and offences of the country are in the tables."""
        return self.country in LAW_ENTERED

    def to_json(self) -> str:
        """Write the area as JSON text, so that a store can keep it."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Area:
        """Read an area that `to_json` wrote; it is validated as a file is."""
        return from_json(text)


def load(area: str | Path) -> Area:
    """Read an area that ships, or one of a user's own file.

    Parameters
    ----------
    area
        An id such as ``karlskrona``, or the path of a TOML file.

    Returns
    -------
    area
        With a default for everything that the file does not say.

    Raises
    ------
    AreaError
        If there is no such area, or with every fault of the file, one sentence each.

    Examples
    --------
    >>> load("karlskrona").crs
    3006
    """
    path = Path(area)
    if path.suffix != ".toml":
        if str(area) not in names():
            msg = f"there is no area {str(area)!r}; name a TOML file or one of {', '.join(names())}"
            raise AreaError(msg)
        path = data_dir() / "areas" / f"{area}.toml"
    try:
        return parse(tomllib.loads(path.read_text(encoding="utf-8-sig")), path.name)
    except OSError as error:
        msg = f"{path.name} cannot be opened; name a TOML file that can be read"
        raise AreaError(msg) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path.name} is no TOML in UTF-8 ({error})"
        raise AreaError(msg) from error


def from_json(text: str) -> Area:
    """Read an area that `Area.to_json` wrote; it is validated as a file is.

    Raises
    ------
    AreaError
        If it is no JSON object, or with every fault.
    """
    try:
        told = {key: value for key, value in json.loads(text).items() if value is not None}
    except (json.JSONDecodeError, AttributeError) as error:
        msg = f"the area of the store is no JSON object ({error})"
        raise AreaError(msg) from error
    return parse(told | told.pop("other", {}), "area of the store")


def names() -> tuple[str, ...]:
    """Return the ids of the areas that ship."""
    return tuple(sorted(path.stem for path in (data_dir() / "areas").glob("*.toml")))


def parse(told: dict[str, Any], file: str) -> Area:
    """Read an area from its keys.

    Parameters
    ----------
    told
        Key to value, as TOML or JSON gives them.
    file
        What the file is called in a fault.

    Returns
    -------
    area
        With a default for everything that is not told.

    Raises
    ------
    AreaError
        With every fault, one sentence each: file, key, what would be right.
    """
    spelt = _spelt(told)
    faults = [f"{file}: {key} is missing and is required" for key in REQUIRED if key not in spelt]
    made: dict[str, Any] = {}
    for key, read in READERS.items():
        if key in spelt:
            try:
                made[key] = read(spelt[key])
            except ValueError as error:
                faults.append(f"{file}: {key} {error}")
    made["settings"], wrong = read_settings(made.get("settings", {}), file)
    made["other"] = {key: value for key, value in spelt.items() if key not in READERS}
    faults += wrong + _misspelt(made["other"], file) + _misplaced(made, file)
    if faults:
        raise AreaError("; ".join(faults))
    made.setdefault("languages", LANGUAGES[made["country"]])
    return Area(**made)


def _spelt(told: dict[str, Any]) -> dict[str, Any]:
    """Bring other spellings to one, and the school starts from among the settings."""
    spelt = {SPELLINGS.get(key, key): value for key, value in told.items()}
    settings = spelt.get("settings")
    if isinstance(settings, dict) and "school_starts" in settings:
        spelt["settings"] = {k: v for k, v in settings.items() if k != "school_starts"}
        spelt.setdefault("school_starts", settings["school_starts"])
    return spelt


def _misspelt(other: dict[str, Any], file: str) -> list[str]:
    meant = {key: nearest(key, list(READERS)) for key in other}
    return [f"{file}: {key} is no key, did you mean {name}?" for key, name in meant.items() if name]


def _misplaced(made: dict[str, Any], file: str) -> list[str]:
    """Ask whether box, CRS, centre and boundary belong together."""
    found = []
    if "bbox" in made and "crs" in made and not _covers(made["crs"], made["bbox"]):
        found.append(f"{file}: crs EPSG:{made['crs']} is not made for the place of bbox")
    if "bbox" in made and "centre" in made and not box(*made["bbox"]).covers(Point(made["centre"])):
        found.append(f"{file}: centre lies outside bbox")
    # Generalised municipal polygons leave out islands and whole town centres.
    whole = Polygon(made.get("boundary", ()))
    if not whole.is_empty and "centre" in made and not whole.covers(Point(made["centre"])):
        found.append(f"{file}: boundary leaves out the centre; take one that is less generalised")
    return found


def _covers(crs: int, bbox: tuple[float, float, float, float]) -> bool:
    """Tell whether the box lies near the area of use of a CRS; an unknown area is taken as fit."""
    use = CRS.from_epsg(crs).area_of_use
    return use is None or bool(box(*use.bounds).distance(box(*bbox)) <= NEAR_DEG)
