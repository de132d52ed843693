"""Is this file the store we made, whole and of a version we know?

A new store is laid out from versioned SQL. An opened one must hold every table, index and
trigger of it, word for word, and no trigger or view besides those of its layers: such a thing
could change what is written.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import apsw

from gis.store.layertables import trigger_words
from gis.store.records import Fault

if TYPE_CHECKING:
    from apsw import Connection

    from gis.store.database import Tx

VERSION: Final = 2
# "GPKG" in ASCII, and version 1.3.0 as GeoPackage 1.3 clause 1.1.1.1.1 wants it.
APPLICATION_ID: Final = 0x47504B47
# Settings that every new store starts with, whatever its maker says.
FRESH: Final = {"schema": str(VERSION), "writing": "0", "layers_state": "0"}
_USER_VERSION: Final = 10300
_SQL: Final = Path(__file__).parent / "sql"
# GDAL counts the rows of a table it adds (layer_styles in QGIS); these triggers do nothing else.
_COUNTERS: Final = "trigger_%_feature_count_%"
_WGS84: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_SYSTEMS: Final = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", None),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
    ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84, None),
)
_MASTER: Final = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"


def lay_out(connection: Connection, settings: dict[str, str]) -> None:
    """Make a new file a store; `settings` say what it is."""
    connection.pragma("application_id", APPLICATION_ID)
    connection.pragma("user_version", _USER_VERSION)
    with connection:
        connection.execute(_words())
        insert = "INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)"
        connection.executemany(insert, _SYSTEMS)
        connection.executemany("INSERT INTO store_meta VALUES (?,?)", (settings | FRESH).items())
        styles = "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?,?,?)"
        connection.execute(styles, ("layer_styles", "attributes", "layer_styles"))


def version_of(tx: Tx) -> int:
    """Read the version a store was laid out by."""
    row = tx.one("SELECT value FROM store_meta WHERE key = 'schema'")
    return int(row[0]) if row else VERSION


def step_up(tx: Tx) -> None:
    """Take a store from its version to ours, within one transaction."""
    tx.run(_words(version_of(tx)))
    tx.run("UPDATE store_meta SET value = ? WHERE key = 'schema'", (str(VERSION),))


def layout_faults(tx: Tx) -> list[Fault]:
    """Look for what is missing, altered or added in the tables, indexes and triggers."""
    found = {(kind, name): sql for kind, name, sql in tx.rows(_MASTER)}
    wanted = {**_expected(version_of(tx)), **_layer_triggers(tx)}
    missing = [
        Fault("layout", f"{kind} {name} is missing or was altered; restore the store")
        for (kind, name), sql in wanted.items()
        if found.get((kind, name)) != sql
    ]
    counters = {row[0] for row in tx.rows(_OURS, (_COUNTERS,))}
    added = [
        Fault("layout", f"{kind} {name} was added by another program; restore the store")
        for kind, name in found
        if kind in {"trigger", "view"} and (kind, name) not in wanted and name not in counters
    ]
    return missing + added


_OURS: Final = """
SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE ?
  AND tbl_name = 'layer_styles'"""


def _layer_triggers(tx: Tx) -> dict[tuple[str, str], str]:
    rows = tx.rows("SELECT name, srs_id FROM layer_register")
    words = [trigger_words(name, geometry=srs_id is not None) for name, srs_id in rows]
    return {("trigger", name): sql for layer in words for name, sql in layer.items()}


def _words(after: int = 0, until: int = VERSION) -> str:
    """Word the steps from one version to another; 0 is an empty file."""
    steps = range(after + 1, until + 1)
    return "".join((_SQL / f"geopackage_{n}.sql").read_text(encoding="utf-8") for n in steps)


@cache
def _expected(version: int) -> dict[tuple[str, str], str]:
    """Read what the versioned SQL makes, from an empty database in memory."""
    connection = apsw.Connection(":memory:")
    connection.execute(_words(until=version))
    return {(kind, name): sql for kind, name, sql in connection.execute(_MASTER)}
