"""How does a file of another's making map to the inventory's columns and codes?

A mapping is a TOML file: ``source``, ``crs`` (when the file does not say), ``id`` (column),
``kind`` (path, lane, street, crossing), ``layer`` (when there are several), and a table a target
with ``column = "name in the file"`` and one line a value; a target without value lines is copied.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gis import codes
from gis.errors import SourceError
from gis.sources.said import FACTS

if TYPE_CHECKING:
    from pathlib import Path

COLUMN: Final = "column"
CLASS: Final = "path_class"
KIND: Final = "kind"
TARGETS: Final = (
    CLASS,
    KIND,
    "side",
    "valid_from",
    "valid_to",
    "element_id",
    "m_from",
    "m_to",
    *FACTS,
)
# Targets whose values are codes of a list.
LISTS: Final = {
    CLASS: "path_class",
    "ltf_class": "path_class",
    "document_class": "path_class",
    "detected_class": "path_class",
    KIND: "kind",
    "separation": "separation",
    "gcm": "nvdb_gcm",
    "nattyp": "nvdb_nattyp",
    "passage": "nvdb_passage",
    "keeper": "nvdb_vaghallare",
}
_OWN: Final = ("source", "crs", "id", KIND, "layer")
_NAME: Final = re.compile(r"[a-zåäö][a-zåäö0-9_-]{0,39}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One target: the file's column, and what its values stand for (empty: copied)."""

    name: str
    column: str
    codes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A whole mapping."""

    source: str
    epsg: int | None
    id_column: str | None
    kind: str | None
    layer: str | None
    targets: tuple[Target, ...]


def load(path: Path) -> Mapping:
    """Read a mapping from a file.

    Raises
    ------
    SourceError
        If it is no TOML, or something in it is wrong; the place is named.
    """
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path.name}: the mapping cannot be read; it should be a TOML file in UTF-8"
        raise SourceError(msg) from error


def parse(text: str, name: str = "mapping") -> Mapping:
    r"""Read a mapping from its text; a kept delivery keeps that text.

    Examples
    --------
    >>> parse('source = "staden"\n[path_class]\ncolumn = "typ"\nGB = "gangbana"').targets
    (Target(name='path_class', column='typ', codes={'GB': 'gangbana'}),)
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{name}: this is no TOML ({error})"
        raise SourceError(msg) from error
    tables = {key: value for key, value in told.items() if isinstance(value, dict)}
    _refuse(told, tables, name)
    kind = told.get(KIND)
    return Mapping(
        source=_source(told.get("source"), name),
        epsg=_epsg(told.get("crs"), name),
        id_column=_text(told, "id"),
        kind=kind if isinstance(kind, str) else None,
        layer=_text(told, "layer"),
        targets=tuple(_target(key, value, name) for key, value in tables.items()),
    )


def _refuse(told: dict[str, Any], tables: dict[str, Any], name: str) -> None:
    """Refuse keys and targets that mean nothing, and a kind that is none."""
    unknown = [key for key in told if key not in _OWN and key not in tables]
    unknown += [key for key in tables if key not in TARGETS]
    if unknown:
        msg = f"{name}: {unknown[0]!r} is no target; write one of {', '.join(TARGETS)}"
        raise SourceError(msg)
    kind = told.get(KIND)
    if isinstance(kind, str) and kind not in codes.load("kind"):
        msg = f"{name}: kind {kind!r} is none of {', '.join(codes.load('kind').codes)}"
        raise SourceError(msg)


def _source(told: object, name: str) -> str:
    if not isinstance(told, str) or not _NAME.fullmatch(told):
        msg = f'{name}: name the source, as in source = "kommunen" (letters, digits, - and _)'
        raise SourceError(msg)
    return told


def _epsg(told: object, name: str) -> int | None:
    """Read 3006, "3006" or "EPSG:3006"."""
    text = str(told).upper().removeprefix("EPSG:").strip()
    if told is None:
        return None
    if isinstance(told, bool) or not text.isdigit():
        msg = f"{name}: crs {told!r} is no EPSG code such as 3006"
        raise SourceError(msg)
    return int(text)


def _text(told: dict[str, Any], key: str) -> str | None:
    return str(told[key]) if key in told else None


def _target(key: str, table: dict[str, Any], name: str) -> Target:
    """Read one table of a target; every code must be in its list."""
    column = table.get(COLUMN)
    if not isinstance(column, str):
        msg = f'{name}: [{key}] names no column; write column = "name in the file"'
        raise SourceError(msg)
    values = {str(word): str(code) for word, code in table.items() if word != COLUMN}
    listed = codes.load(LISTS[key]) if key in LISTS else None
    wrong = [code for code in values.values() if listed and code not in listed.assignable]
    if wrong and listed:
        msg = (
            f"{name}: [{key}] {wrong[0]!r} is no code; write one of {', '.join(listed.assignable)}"
        )
        raise SourceError(msg)
    return Target(name=key, column=column, codes=values)
