"""By which engine, tables and settings was an inventory computed?

A part of it may be computed again only by the same ones; by others the whole is.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyproj
import shapely

import gis
from gis.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNREAD: Final = "samples"


def recipe(area_json: str) -> str:
    """Digest everything but deliveries and people's work that an inventory follows from.

    Parameters
    ----------
    area_json
        The settings of the area, as the store holds them.
    """
    return hashlib.sha256(f"{_engine()}{area_json}".encode()).hexdigest()


@cache
def _engine() -> str:
    """Digest this program, its tables and the libraries that measure for it."""
    told = hashlib.sha256()
    for path in sorted(_files()):
        told.update(path.name.encode())
        told.update(path.read_bytes())
    used = (np.__version__, pd.__version__, shapely.geos_version_string, pyproj.proj_version_str)
    return told.hexdigest() + " ".join(used)


def _files() -> Iterator[Path]:
    """Go through the program and the tables it reads."""
    yield from Path(gis.__file__).parent.rglob("*.py")
    for folder in data_dir().iterdir():
        if folder.is_dir() and folder.name != _UNREAD:
            yield from folder.rglob("*.*")
