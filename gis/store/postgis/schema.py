"""Is this database a store we made, whole and of a version we know?

The tables stand in a schema of their own, laid out from versioned SQL.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from gis.store.postgis.server import SCHEMA
from gis.store.records import Fault
from gis.store.wording import fill

if TYPE_CHECKING:
    from gis.store.database import Tx

VERSION: Final = 1
_SQL: Final = Path(__file__).parent.parent / "sql"
_THERE: Final = "SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'store_meta'"
_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = ?"
_TRIGGERS: Final = """
SELECT c.relname, g.tgname, g.tgenabled, p.proname, p.prosrc
FROM pg_trigger AS g JOIN pg_class AS c ON c.oid = g.tgrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_proc AS p ON p.oid = g.tgfoid
WHERE n.nspname = ? AND NOT g.tgisinternal"""
_RULES: Final = "SELECT tablename || '.' || rulename FROM pg_rules WHERE schemaname = ?"
_RECORD: Final = (
    "revision", "delivery_raw", "delivery_blob", "lineage", "person", "account", "token",
    "store_meta", "idempotency", "item", "layer_register", "layer_column", "layer_epoch",
    "layer_state", "layer_since", "layer_past", "layer_turn", "layer_style",
)  # fmt: skip
_SHUT: Final = "REVOKE ALL ON DATABASE $name FROM PUBLIC"
_ENTERED: Final = """
SELECT has_database_privilege('public', current_database(), 'CONNECT')
  AND EXISTS (SELECT 1 FROM store_meta WHERE key = 'kind' AND value = 'police'),
  quote_ident(current_database())"""
_GUARDS: Final = {
    ("revision", "revision_no_change"): "refuse_change",
    ("revision", "revision_no_truncate"): "refuse_change",
    ("revision", "revision_next_only"): "refuse_gap",
    ("delivery_raw", "delivery_raw_no_change"): "refuse_change",
    ("delivery_raw", "delivery_raw_no_truncate"): "refuse_change",
    ("lineage", "lineage_no_change"): "refuse_change",
    ("lineage", "lineage_no_truncate"): "refuse_change",
}


def lay_out(tx: Tx, settings: dict[str, str]) -> None:
    """Make the tables of a store; `settings` say what it is."""
    tx.run(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    tx.run("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public")
    tx.run(words(VERSION))
    fresh = {"schema": str(VERSION), "writing": "0", "layers_state": "0"}
    tx.run_many("INSERT INTO store_meta VALUES (?,?)", (settings | fresh).items())
    if settings["kind"] == "police":
        shut(tx)


def shut(tx: Tx) -> None:
    """Let nobody but its owner and those the owner names enter the database."""
    row = tx.one("SELECT quote_ident(current_database())")
    tx.run(fill(_SHUT, name=row[0] if row else ""))


def open_door(tx: Tx) -> list[Fault]:
    """Tell where a police store stands in a database that everybody with a log-in may enter."""
    row = tx.one(_ENTERED)
    if row is None or not row[0]:
        return []
    msg = (
        f"everybody with a log-in to the server may enter the police database {row[1]}; as its "
        f"owner run REVOKE CONNECT ON DATABASE {row[1]} FROM PUBLIC"
    )
    return [Fault("layout", msg)]


def words(version: int) -> str:
    """Read one step of the versioned SQL."""
    return (_SQL / f"postgis_{version}.sql").read_text(encoding="utf-8")


def is_store(tx: Tx) -> bool:
    """Tell whether the database holds a store."""
    return tx.one(_THERE, (SCHEMA,)) is not None


def layout_faults(tx: Tx) -> list[Fault]:
    """Look for tables and guards that are missing or altered, and for triggers and rules added."""
    tables = {row[0] for row in tx.rows(_TABLES, (SCHEMA,))}
    missing = [f"table {name} is missing" for name in _RECORD if name not in tables]
    found = {(row[0], row[1]): row[2:] for row in tx.rows(_TRIGGERS, (SCHEMA,))}
    broken = [
        f"trigger {key[1]} is missing or was altered"
        for key, function in _GUARDS.items()
        if not _guards(found.get(key), function)
    ]
    added = [
        f"trigger {key[1]} was added by another program" for key in found if key not in _GUARDS
    ]
    rules = [f"rule {row[0]} was added by another program" for row in tx.rows(_RULES, (SCHEMA,))]
    return [
        Fault("layout", f"{said}; restore the store")
        for said in (*missing, *broken, *added, *rules)
    ] + ([] if missing else open_door(tx))


def _guards(trigger: tuple[str, ...] | None, function: str) -> bool:
    """Tell whether a trigger is enabled and does what our SQL says."""
    if trigger is None:
        return False
    enabled, name, source = trigger
    return enabled in {"O", "A"} and name == function and source.strip() in words(VERSION)
