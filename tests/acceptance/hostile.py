"""What do people send who mean harm, or whose programs are broken?

Values for every parameter, bodies for every write, files for the gate, and GeoPackages that were
damaged by dice. Nothing here was found in the wild; all of it is generated.
"""

from __future__ import annotations

import io
import os
import sqlite3
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gis.errors import GisError
from gis.sources.gate import check_upload
from gis.sources.worker import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.acceptance.record_world import Dice

CANARY: Final = "q7zkanarie"
NUMBERS: Final = (
    "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "-0", "-1", "0x10", "1_000",
    "9" * 5000, "2147483648", "9223372036854775808", "٣", "1,1,1,1", "1e308,1e308,-1e308,-1e308",
    "NaN,NaN,NaN,NaN", "",
)  # fmt: skip
TEXTS: Final = (
    f"{CANARY}\x00", f"{CANARY}\ud800", CANARY * 1000, f"\u202e{CANARY}\u202c", f"{CANARY}\ufeff",
    f"' OR 1=1 -- {CANARY}", f"{CANARY}'; DROP TABLE item; --",
    f"x') UNION ALL SELECT name -- {CANARY}",
    f"=cmd|' /C {CANARY}'!A0", f"<script>alert('{CANARY}')</script>",
    f"../../../../etc/{CANARY}", f"{CANARY}\r\nX-Evil: 1", f"{{{{7*7}}}}{CANARY}", f"%s%n{CANARY}",
    f"/vsicurl/http://127.0.0.1:9/{CANARY}", " ",
)  # fmt: skip
FILTERS: Final = (
    f"name = '{CANARY}' OR 1=1) --", f"name LIKE '%' || (SELECT {CANARY})",
    "(" * 3000, "NOT " * 3000 + "TRUE", f"S_INTERSECTS(geometry, POINT({CANARY}))",
    "S_INTERSECTS(geometry, POLYGON((" + "0 0," * 5000 + "0 0)))", "length_m > 1e400",
    "length_m = NaN", f"name = '{CANARY}\x00'", f"sqlite_version() = '{CANARY}'",
    f"length_m IN (SELECT {CANARY})", f"{CANARY} = 1", "name = '\ud800'",
)  # fmt: skip
VALUES: Final = NUMBERS + TEXTS + FILTERS
BODIES: Final[Mapping[str, bytes]] = {
    "NaN": b'{"a": NaN}',
    "infinite": b'{"a": -Infinity}',
    "beyond a double": b'{"a": 1e400}',
    "5000 digits": b'{"a": ' + b"9" * 5000 + b"}",
    "lone surrogate": b'{"a": "\\ud800"}',
    "NUL": b'{"a": "q7zkanarie\\u0000"}',
    "no UTF-8": b'{"a": "q7zkanarie\xff"}',
    "deep": b"[" * 100_000,
    "deep and whole": b'{"a":' * 1000 + b"1" + b"}" * 1000,
    "cut": b'{"a": "q7zkanarie',
    "empty": b"",
    "null": b"null",
    "text": b'"q7zkanarie"',
    "unknown members": b'{"q7zkanarie": {"q7zkanarie": ["q7zkanarie"]}}',
}
MAPPING: Final = 'source = "staden"\nkind = "path"\n'
PAGE: Final = 4096
NOT_FINITE: Final = b"""{"type": "FeatureCollection", "features": [{"type": "Feature",
 "properties": {}, "geometry": {"type": "LineString", "coordinates": [[1e999, 0], [NaN, 1]]}}]}"""


def example(schema: Mapping[str, Any], parts: Mapping[str, Any], text: str) -> object:
    """Make a value that fits a schema, with a text wherever one may be said."""
    if "$ref" in schema:
        return example(parts[schema["$ref"].rpartition("/")[2]], parts, text)
    for way in ("anyOf", "oneOf", "allOf"):
        if way in schema:
            return example(schema[way][0], parts, text)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    made: Mapping[str, Callable[[], object]] = {
        "object": lambda: {
            name: example(part, parts, text) for name, part in schema.get("properties", {}).items()
        },
        "array": lambda: [example(schema.get("items", {}), parts, text)],
        "integer": lambda: int(schema.get("minimum", 1)),
        "number": lambda: float(schema.get("minimum", 1.5)),
        "boolean": lambda: True,
        "null": lambda: None,
    }
    return made.get(schema.get("type", ""), lambda: text)()


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Pack files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, raw in members:
            packed.writestr(name, raw)
    return stream.getvalue()


def files(port: int, whole: bytes) -> dict[str, tuple[str, bytes]]:
    """Return files that must never be taken; many would call a listener on loopback."""
    address = f"http://127.0.0.1:{port}/a.geojson"
    vrt = (
        f"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/vsicurl/{address}"
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    ).encode()
    laughs = b"".join(b"<!ENTITY l%d '%s'>" % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    padding = b"<!--" + b"x" * 5000 + b"-->"
    dtd = f"<?xml version='1.0'?><!DOCTYPE osm SYSTEM '{address}'><osm/>".encode()
    xxe = f"<?xml version='1.0'?><!DOCTYPE o [<!ENTITY a SYSTEM '{address}'>]><osm>&a;</osm>"
    return {
        "vrt": ("a.geojson", vrt),
        "late vrt": ("a.csv", b"a;b\n" + padding + vrt),
        "vrt in a zip": ("a.zip", zipped(("a.geojson", vrt))),
        "late vrt in a zip": ("a.zip", zipped(("a.json", b"{" + padding + vrt))),
        "address": ("a.geojson", address.encode()),
        "gdalg": ("a.json", b'{"type": "gdal_streamed_alg", "command_line": '
                            b'"gdal vector read ' + address.encode() + b'"}'),
        "wfs": ("a.geojson", f"<OGRWFSDataSource><URL>{address}</URL></OGRWFSDataSource>".encode()),
        "esri": ("a.json", b'{"url": "' + address.encode() + b'"}'),
        "xxe": ("a.osm", xxe.encode()),
        "dtd": ("a.osm", dtd),
        "late xxe": ("a.osm", b"<osm>" + padding + b"<!DOCTYPE o []></osm>"),
        "laughs": ("a.osm", b"<!DOCTYPE l [<!ENTITY l0 'l'>" + laughs + b"]><osm>&l9;</osm>"),
        "slip": ("a.zip", zipped(("../../a.geojson", b"{}"))),
        "bomb": ("a.zip", zipped(("a.geojson", b"0" * 50_000_000))),
        "nested bomb": ("a.zip", zipped(("b.zip", zipped(("a.geojson", b"0" * 10_000_000))))),
        "hundred thousand": ("a.zip", zipped(*((f"{n}.csv", b"") for n in range(2_000)))),
        "cut": ("a.gpkg", whole[: len(whole) // 2]),
        "head alone": ("a.gpkg", whole[:100]),
        "recursive view": ("a.gpkg", _recursive(whole)),
        "deep": ("a.geojson", b'{"a":' * 100_000),
        "not finite": ("a.geojson", NOT_FINITE),
        "pbf": ("a.osm.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + os.urandom(1000)),
    }  # fmt: skip


def _recursive(whole: bytes) -> bytes:
    """Put a view that never ends in place of the layer."""
    base = sqlite3.connect(":memory:")
    base.deserialize(whole)
    base.executescript(
        "DELETE FROM gpkg_contents; DELETE FROM gpkg_geometry_columns;"
        "CREATE VIEW v AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM r) "
        "SELECT n AS fid, n FROM r;"
        "INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES ('v', 'features', 4326);"
    )
    return base.serialize()


STATEMENTS: Final = (
    "UPDATE a SET geom = NULL",
    "UPDATE a SET geom = zeroblob(40)",
    "UPDATE a SET geom = substr(geom, 1, 30)",
    "UPDATE a SET geom = substr(geom, 1, 8) || x'010200000000FFFFFF' || substr(geom, 18)",
    "UPDATE a SET geom = replace(geom, x'4047', x'7FF8')",
    "UPDATE a SET id = 'x' || char(0) || 'y'",
    "UPDATE a SET id = zeroblob(100000)",
    "DELETE FROM gpkg_geometry_columns",
    "DELETE FROM gpkg_contents",
    "DELETE FROM gpkg_spatial_ref_sys",
    "UPDATE gpkg_geometry_columns SET srs_id = 999999",
    "UPDATE gpkg_geometry_columns SET column_name = 'none'",
    "UPDATE gpkg_geometry_columns SET geometry_type_name = 'POLYGON'",
    "UPDATE gpkg_contents SET table_name = 'sqlite_master'",
    "UPDATE gpkg_spatial_ref_sys SET definition = 'GEOGCS['",
    "DROP TABLE a",
    "ALTER TABLE a ADD COLUMN a_1 TEXT DEFAULT ''' OR 1=1 --'",
    "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a; END",
    "PRAGMA application_id = 0",
    "PRAGMA user_version = 999999999",
)
"""What a wrong program does to the table ``a`` of a GeoPackage."""


def mutated(whole: bytes, rng: Dice) -> bytes:
    """Damage a GeoPackage by dice: its bytes, its pages, or what it says."""
    if rng.random() < 0.4:
        return _said_otherwise(whole, STATEMENTS[int(rng.integers(len(STATEMENTS)))])
    raw = bytearray(whole)
    fate = int(rng.integers(4))
    if fate == 0:
        del raw[int(rng.integers(len(raw))) :]
    elif fate == 1:
        for place in rng.integers(len(raw), size=int(rng.integers(1, 60))):
            raw[place] = int(rng.integers(256))
    elif fate == 2:
        page = PAGE * int(rng.integers(len(raw) // PAGE))
        raw[page : page + PAGE] = rng.bytes(PAGE)
    else:
        one, other = PAGE * rng.integers(len(raw) // PAGE, size=2)
        raw[one : one + PAGE], raw[other : other + PAGE] = (
            raw[other : other + PAGE], raw[one : one + PAGE],
        )  # fmt: skip
    return bytes(raw)


def _said_otherwise(whole: bytes, statement: str) -> bytes:
    base = sqlite3.connect(":memory:")
    base.deserialize(whole)
    base.execute("PRAGMA writable_schema = ON")
    for name in ("ST_IsEmpty", "ST_MinX", "ST_MinY", "ST_MaxX", "ST_MaxY"):
        base.create_function(name, 1, lambda _: 0)
    with suppress(sqlite3.Error):
        base.execute(statement)
    base.commit()
    return base.serialize()


def read_all(order: Mapping[str, Any], tell: Callable[[str], None]) -> dict[str, Any]:
    """Read every file of a folder as an upload is read, one by one; name what is taken."""
    taken = []
    for path in sorted(Path(order["folder"]).glob("*.gpkg")):
        frames = path.with_suffix("")
        frames.mkdir()
        tell(path.stem)
        with suppress(GisError, ValueError, OSError):
            check_upload(path)
            read_file({**order, "path": str(path), "folder": str(frames), "kind": None}, tell)
            taken.append(path.stem)
    return {"taken": taken}
