"""What must each CSV table below ``data/geo`` look like?

Each folder with tables holds a ``schema.toml``: one TOML table a file (``*`` = every other file of
the folder) and one a column. Its first comment says how to write one. Whether the files keep to it
is asked in `gis.tables`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gis.errors import RuleError

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "schema.toml"
OTHERS: Final = "*"
TYPES: Final = ("text", "code", "integer", "number", "date", "yes_no", "duration", "condition")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSchema:
    """What the cells of one column may hold; an empty cell is refused when `required`."""

    name: str
    type: str = "text"
    required: bool = False
    optional: bool = False
    separator: str = ""
    allowed: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    absent_from: tuple[str, ...] = ()
    cites: str = ""
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None

    @property
    def references(self) -> tuple[str, ...]:
        """The columns of other tables that it needs."""
        return (*self.refers, *self.absent_from, *filter(None, [self.cites]))


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSchema:
    """What one table must look like: its key, its columns, and whether others may stand in it."""

    meaning: str
    key: tuple[str, ...] = ()
    more_columns: bool = False
    otherwise: bool = False
    may_be_empty: bool = False
    columns: dict[str, ColumnSchema] = field(default_factory=dict)


def read_schemas(folder: Path) -> dict[str, TableSchema]:
    """Read the schemas of one folder.

    Parameters
    ----------
    folder
        A folder with tables.

    Returns
    -------
    schemas
        File name without ``.csv`` to schema, ``*`` for every other file; none without the file.

    Raises
    ------
    RuleError
        If the schema itself is at fault: file, table and key.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{folder.name}/{FILE} is no TOML in UTF-8 ({error})"
        raise RuleError(msg) from error
    made = {}
    for name, table in told.items():
        try:
            made[name] = _table(table)
        except (AttributeError, TypeError, ValueError, re.error) as error:
            msg = f"{folder.name}/{FILE}, table {name}: {error}"
            raise RuleError(msg) from error
    return made


def _table(told: dict[str, Any]) -> TableSchema:
    rest = {key: value for key, value in told.items() if key not in {"columns", "key"}}
    columns = {name: _column(name, column) for name, column in told.get("columns", {}).items()}
    key = tuple(told.get("key", ()))
    unknown = [name for name in key if name not in columns]
    if unknown or not columns:
        msg = f"key column {unknown[0]!r} is no column" if unknown else "no columns are told"
        raise ValueError(msg)
    return TableSchema(key=key, columns=columns, **rest)


def _column(name: str, told: dict[str, Any]) -> ColumnSchema:
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in told.items()
    }
    made = ColumnSchema(name=name, **given)
    if made.type not in TYPES:
        msg = f"column {name} has type {made.type!r}, none of {', '.join(TYPES)}"
        raise ValueError(msg)
    re.compile(made.pattern)
    return made
