"""Which cells of the shipped tables are at fault?

Every CSV file below ``data/geo`` is held against the ``schema.toml`` of its folder: columns, empty
cells, types, limits, allowed words, unique keys, references to other tables, citations. Every
fault is named with file, row and column. A file without a schema is a fault. Area profiles and
layer contracts are read too.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import pandas as pd

from gis import areas, contracts
from gis.csvfile import Fault, Table, number
from gis.csvfile import read as read_file
from gis.errors import GisError, RuleError
from gis.settings import data_dir
from gis.tablecells import problems
from gis.tableschema import FILE, OTHERS, ColumnSchema, TableSchema, read_schemas

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path


class Tables:
    """The tables below one folder with their schemas; each file is read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        paths = sorted(folder.rglob("*.csv"))
        self.names = [path.relative_to(folder).with_suffix("").as_posix() for path in paths]
        self._schemas = {
            path.parent.relative_to(folder).as_posix(): read_schemas(path.parent)
            for path in sorted(folder.rglob(FILE))
        }
        self._tables: dict[str, Table] = {}
        self._words: dict[str, dict[str, None]] = {}

    def schema(self, name: str) -> TableSchema | None:
        """Return the schema of a table: its own, or that of every other file of its folder."""
        folder, _, stem = name.rpartition("/")
        told = self._schemas.get(folder or ".", {})
        return told.get(stem, told.get(OTHERS))

    def missing(self) -> list[str]:
        """Return the tables that have a schema but no file."""
        told = [
            f"{folder}/{stem}".removeprefix("./")
            for folder, schemas in self._schemas.items()
            for stem in schemas
            if stem != OTHERS
        ]
        return [name for name in told if name not in self.names]

    def table(self, name: str) -> Table:
        """Read one table, named as ``rules/checks``."""
        if name not in self._tables:
            self._tables[name] = read_file(self.folder / f"{name}.csv", name=f"{name}.csv")
        return self._tables[name]

    def words(self, reference: str) -> Collection[str]:
        """Return the cells of a column named as ``rules/checks.id``; none when it is absent."""
        if reference not in self._words:
            name, _, column = reference.rpartition(".")
            table = self.table(name)
            known = column in table.header
            self._words[reference] = dict.fromkeys(table.column(column) if known else ())
        return self._words[reference].keys()


def check(folder: Path | None = None) -> list[Fault]:
    """List everything that is wrong with the tables.

    Parameters
    ----------
    folder
        A folder laid out as ``data/geo``; the shipped one when absent.

    Returns
    -------
    faults
        Each with file, row, column and what would be right; none when all is well.
    """
    tables = Tables(folder or data_dir())
    found = [
        Fault(file=f"{name}.csv", problem=f"is told in {FILE} but the file is missing")
        for name in tables.missing()
    ]
    for name in tables.names:
        found += _table_faults(tables, name)
    return found if folder else found + _toml_faults()


def names() -> list[str]:
    """Return every shipped table, as ``rules/checks``."""
    return Tables(data_dir()).names


def read(name: str) -> pd.DataFrame:
    """Read a shipped table with the types of its schema.

    Parameters
    ----------
    name
        The table without ``.csv``, such as ``rules/width_profile``.

    Returns
    -------
    table
        Text as str with null for empty cells; numbers as float64; dates as datetime64; yes and no
        as boolean; the columns of the file in its order.

    Raises
    ------
    RuleError
        If the table does not exist, or with its faults.
    """
    tables = Tables(data_dir())
    schema = tables.schema(name)
    if name not in tables.names or schema is None:
        near = get_close_matches(name, tables.names, n=1, cutoff=0)
        msg = f"there is no table {name!r} with a schema; did you mean {near[0]}?"
        raise RuleError(msg)
    faults = _table_faults(tables, name)
    if faults:
        raise RuleError("; ".join(map(str, faults)))
    table = tables.table(name)
    return pd.DataFrame(
        {
            column: _values(table.column(column), schema.columns.get(column))
            for column in table.header
        }
    )


def _values(cells: list[str], column: ColumnSchema | None) -> pd.Series[Any]:
    """Give the cells of a column the type of its schema."""
    kind = column.type if column and not column.separator and not column.also else "text"
    if kind in {"number", "integer"}:
        return pd.Series([number(cell) if cell else None for cell in cells], dtype="float64")
    if kind == "yes_no":
        return pd.Series([cell == "yes" if cell else None for cell in cells], dtype="boolean")
    text = pd.Series([cell or None for cell in cells], dtype="str")
    return pd.to_datetime(text) if kind == "date" else text


def _table_faults(tables: Tables, name: str) -> list[Fault]:
    file = f"{name}.csv"
    schema = tables.schema(name)
    if schema is None:
        folder = name.rpartition("/")[0]
        problem = f"has no schema; write one in {folder}/{FILE}"
        return [Fault(file=file, problem=problem)]
    table = tables.table(name)
    found = list(table.faults)
    if not table.header:
        return found
    found += _header_faults(file, table, schema)
    found += _reference_faults(tables, file, schema)
    found += _cell_faults(tables, file, table, schema)
    found += _key_faults(file, table, schema)
    found += _last_row_faults(file, table, schema)
    return found


def _header_faults(file: str, table: Table, schema: TableSchema) -> Iterator[Fault]:
    for name, column in schema.columns.items():
        if name not in table.header and not column.optional:
            yield Fault(file=file, row=1, problem=f"column {name} is missing")
    for name in table.header:
        if name and name not in schema.columns and not schema.more_columns:
            problem = f"column {name} is not in {FILE}; add it there or delete it"
            yield Fault(file=file, row=1, problem=problem)
    if not table.rows and not schema.may_be_empty:
        yield Fault(file=file, problem="has no rows, should have at least one")


def _reference_faults(tables: Tables, file: str, schema: TableSchema) -> Iterator[Fault]:
    """Name once each table or column that cells refer to and that does not exist."""
    for name, column in schema.columns.items():
        for reference in column.references:
            other, _, wanted = reference.rpartition(".")
            if other not in tables.names or wanted not in tables.table(other).header:
                problem = f"refers to {reference}, which does not exist"
                yield Fault(file=file, column=name, problem=problem)


def _cell_faults(tables: Tables, file: str, table: Table, schema: TableSchema) -> Iterator[Fault]:
    for row in table.rows:
        for name, column in schema.columns.items():
            for problem in problems(row.cells.get(name, ""), column, tables.words):
                if name in table.header:
                    yield Fault(file=file, row=row.number, column=name, problem=problem)


def _key_faults(file: str, table: Table, schema: TableSchema) -> Iterator[Fault]:
    if not schema.key or not set(schema.key) <= set(table.header):
        return
    first: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        key = tuple(row.cells[name] for name in schema.key)
        seen = first.setdefault(key, row.number)
        if seen != row.number:
            problem = f"{' '.join(key)!r} stands in row {seen} already; a key stands once"
            yield Fault(file=file, row=row.number, column=schema.key[0], problem=problem)


def _last_row_faults(file: str, table: Table, schema: TableSchema) -> Iterator[Fault]:
    """Ask whether the last row of a decision table matches everything."""
    if not schema.otherwise or not table.rows:
        return
    last = table.rows[-1]
    for name, column in schema.columns.items():
        if column.type == "condition" and last.cells.get(name):
            problem = "should be empty: the last row matches everything"
            yield Fault(file=file, row=last.number, column=name, problem=problem)


def _toml_faults() -> list[Fault]:
    """Read every shipped area and layer contract; their own words say what is wrong."""
    found = []
    for folder, read_one, every in (
        ("areas", areas.load, areas.names()),
        ("layers", contracts.contract, contracts.all_names()),
    ):
        for name in every:
            try:
                read_one(name)
            except GisError as error:
                found.append(Fault(file=f"{folder}/{name}.toml", problem=str(error)))
    return found
