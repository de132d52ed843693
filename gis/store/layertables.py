"""Which statements make a computed layer a layer of a GeoPackage?

A table with ``fid`` and ``geom``, its R-tree with the triggers of GeoPackage 1.3 (clause F.3), a
table of rendered features beside it, and guards: a layer is computed, so an edit by another
program is refused instead of being lost at the next update.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.store.columns import DECLARED
from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

_TREE: Final = {
    "insert": """
CREATE TRIGGER "rtree_${t}_geom_insert" AFTER INSERT ON "$t"
WHEN (new."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN
  INSERT OR REPLACE INTO "rtree_${t}_geom" VALUES (NEW."fid",
    ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));
END""",
    "update1": """
CREATE TRIGGER "rtree_${t}_geom_update1" AFTER UPDATE OF "geom" ON "$t"
WHEN OLD."fid" = NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN
  INSERT OR REPLACE INTO "rtree_${t}_geom" VALUES (NEW."fid",
    ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));
END""",
    "update2": """
CREATE TRIGGER "rtree_${t}_geom_update2" AFTER UPDATE OF "geom" ON "$t"
WHEN OLD."fid" = NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom"))
BEGIN
  DELETE FROM "rtree_${t}_geom" WHERE id = OLD."fid";
END""",
    "update3": """
CREATE TRIGGER "rtree_${t}_geom_update3" AFTER UPDATE ON "$t"
WHEN OLD."fid" != NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN
  DELETE FROM "rtree_${t}_geom" WHERE id = OLD."fid";
  INSERT OR REPLACE INTO "rtree_${t}_geom" VALUES (NEW."fid",
    ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));
END""",
    "update4": """
CREATE TRIGGER "rtree_${t}_geom_update4" AFTER UPDATE ON "$t"
WHEN OLD."fid" != NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom"))
BEGIN
  DELETE FROM "rtree_${t}_geom" WHERE id IN (OLD."fid", NEW."fid");
END""",
    "delete": """
CREATE TRIGGER "rtree_${t}_geom_delete" AFTER DELETE ON "$t"
WHEN old."geom" NOT NULL
BEGIN
  DELETE FROM "rtree_${t}_geom" WHERE id = OLD."fid";
END""",
}
_GUARD: Final = """
CREATE TRIGGER "guard_${t}_$verb" BEFORE $verb ON "$t"
WHEN (SELECT value FROM store_meta WHERE key = 'writing') IS NOT '1'
BEGIN
  SELECT RAISE(ABORT, 'this layer is computed: mark or decide in gcvag, or export it');
END"""
_TABLE: Final = 'CREATE TABLE "$t" ("fid" INTEGER PRIMARY KEY NOT NULL, $columns)'
_RENDERED: Final = (
    'CREATE TABLE "json_$t" (fid INTEGER PRIMARY KEY NOT NULL, key TEXT NOT NULL, '
    "feature BLOB NOT NULL)"
)
_RTREE: Final = 'CREATE VIRTUAL TABLE "rtree_${t}_geom" USING rtree(id, minx, maxx, miny, maxy)'


def table_words(name: str, columns: Sequence[tuple[str, str]], geometry: str | None) -> list[str]:
    """Word the tables of a layer: `columns` are name and kind, `geometry` its type or None."""
    declared = [f"{quoted(column)} {DECLARED[kind]}" for column, kind in columns]
    shape = [] if geometry is None else [f'"geom" {geometry}']
    words = [
        fill(_TABLE, t=name, columns=", ".join([*shape, *declared])),
        fill(_RENDERED, t=name),
    ]
    return words if geometry is None else [*words, fill(_RTREE, t=name)]


def index_words(name: str, key: str, others: Sequence[str], mark: str) -> list[str]:
    """Word the indexes of a layer, made after its rows; `mark` keeps names apart in time."""
    unique = fill('CREATE UNIQUE INDEX "key_${t}_$m" ON "$t" ($q)', t=name, m=mark, q=quoted(key))
    rendered = fill('CREATE UNIQUE INDEX "json_${t}_$m" ON "json_$t" (key)', t=name, m=mark)
    plain = [
        fill('CREATE INDEX "${c}_${t}_$m" ON "$t" ($q)', t=name, c=other, m=mark, q=quoted(other))
        for other in others
    ]
    return [unique, rendered, *plain]


def trigger_words(name: str, *, geometry: bool) -> dict[str, str]:
    """Word the triggers of a layer by trigger name, made after its rows."""
    tree = {f"rtree_{name}_geom_{verb}": fill(words, t=name) for verb, words in _TREE.items()}
    guards = {
        f"guard_{name}_{verb}": fill(_GUARD, t=name, verb=verb)
        for verb in ("insert", "update", "delete")
    }
    whole = {**tree, **guards} if geometry else guards
    return {trigger: words.strip() for trigger, words in whole.items()}


def rename_words(before: str, name: str, *, geometry: bool) -> list[str]:
    """Word the step from the tables under a provisional name to those under the layer's own."""
    pairs = [(before + name, name), (f"json_{before}{name}", f"json_{name}")]
    if geometry:
        pairs.append((f"rtree_{before}{name}_geom", f"rtree_{name}_geom"))
    words = "ALTER TABLE $old RENAME TO $new"
    return [fill(words, old=quoted(old), new=quoted(new)) for old, new in pairs]


def drop_words(name: str) -> list[str]:
    """Word the end of a layer: its tables where they are, and with them indexes and triggers."""
    tables = (name, f"json_{name}", f"rtree_{name}_geom")
    return [fill("DROP TABLE IF EXISTS $t", t=quoted(table)) for table in tables]
