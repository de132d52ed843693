"""What does each layer hold?

A contract is one file of ``data/geo/layers``: the columns in their fixed order, each with type,
unit, nullable, code list and meaning. The data dictionary is printed from these. Whether a layer
keeps its contract is asked in `gis.layers`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from gis import codes
from gis.csvfile import read
from gis.errors import LayerError
from gis.settings import data_dir

TYPES: Final = ("text", "json", "integer", "number", "boolean", "list", "time")
STORES: Final = ("public", "police")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a contract.

    `codes` names a code list; `refers` names columns of tables (``rules/checks.id``) that hold
    the allowed words. With `open_codes` other words are allowed too and the list only explains.
    """

    name: str
    type: str
    meaning_sv: str
    meaning_en: str
    nullable: bool = False
    unit: str = ""
    codes: str = ""
    refers: tuple[str, ...] = ()
    open_codes: bool = False
    minimum: float | None = None

    def allowed(self) -> frozenset[str] | None:
        """Return the words the column may hold, or None when it may hold any."""
        if self.open_codes or not (self.codes or self.refers):
            return None
        words = set(codes.load(self.codes).assignable) if self.codes else set()
        for reference in self.refers:
            words |= set(_words(reference))
        return frozenset(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What a layer holds: its key, its columns in order, its kinds of geometry.

    `store` is ``public`` or ``police``; the public part never opens the second.
    """

    name: str
    key: str
    store: str
    title_sv: str
    title_en: str
    meaning_sv: str
    meaning_en: str
    geometry: tuple[str, ...]
    geometry_nullable: bool
    columns: tuple[Column, ...]


@cache
def contract(name: str) -> Contract:
    """Read the contract of a layer.

    Parameters
    ----------
    name
        Layer name, such as ``segments``.

    Returns
    -------
    contract
        The same object at every call.

    Raises
    ------
    LayerError
        If there is no such layer, or its file lacks something.

    Examples
    --------
    >>> contract("segments").key
    'segment_id'
    """
    if name not in all_names():
        msg = f"there is no layer {name!r}; ask for one of {', '.join(all_names())}"
        raise LayerError(msg)
    path = data_dir() / "layers" / f"{name}.toml"
    try:
        return _contract(name, tomllib.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        msg = f"layers/{name}.toml is no contract ({error}); write it as layers/segments.toml"
        raise LayerError(msg) from error


def names(store: str | None = None) -> tuple[str, ...]:
    """Return the names of all layers, or of those of one store (``public`` or ``police``)."""
    return tuple(name for name in all_names() if store in {None, contract(name).store})


def columns(name: str) -> tuple[str, ...]:
    """Return the column names of a layer in their fixed order, ``geometry`` last."""
    return (*(column.name for column in contract(name).columns), "geometry")


@cache
def all_names() -> tuple[str, ...]:
    """Return the names of all layers without reading their contracts."""
    return tuple(sorted(path.stem for path in (data_dir() / "layers").glob("*.toml")))


@cache
def _words(reference: str) -> tuple[str, ...]:
    """Return the cells of a column named as ``rules/checks.id``."""
    file, _, column = reference.rpartition(".")
    table = read(data_dir() / f"{file}.csv", name=f"{file}.csv")
    if table.faults or column not in table.header:
        why = str(table.faults[0]) if table.faults else f"{file}.csv has no column {column}"
        raise LayerError(why)
    return tuple(table.column(column))


def _contract(name: str, told: dict[str, Any]) -> Contract:
    columns = tuple(_column(column) for column in told.pop("columns"))
    geometry = tuple(told.pop("geometry"))
    made = Contract(name=name, columns=columns, geometry=geometry, **told)
    if made.store not in STORES:
        msg = f"store {made.store!r} is none of {', '.join(STORES)}"
        raise ValueError(msg)
    if made.key not in {column.name for column in columns}:
        msg = f"key {made.key!r} is no column"
        raise ValueError(msg)
    return made


def _column(told: dict[str, Any]) -> Column:
    made = Column(**(told | {"refers": tuple(told.get("refers", ()))}))
    if made.type not in TYPES:
        msg = f"column {made.name!r} has type {made.type!r}, none of {', '.join(TYPES)}"
        raise ValueError(msg)
    return made
