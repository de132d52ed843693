"""Which words may a column hold, and what are they called?

A code list is one file of ``data/geo/codes``: `code`, `label_sv`, `label_en`, `definition_sv`,
`definition`, `source`, `verified`, and columns of its own. The order of the file is the order of
legends and forms. Tables of that folder that are no code lists are refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Final

from gis.csvfile import read
from gis.errors import CodeError
from gis.settings import data_dir

COLUMNS: Final = (
    "code",
    "label_sv",
    "label_en",
    "definition_sv",
    "definition",
    "source",
    "verified",
)
LANGUAGES: Final = ("sv", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code with its names, its meaning and where the meaning was read.

    `assignable` is false for a word that is known but that no row may carry as its value.
    """

    code: str
    label_sv: str
    label_en: str
    definition_sv: str
    definition: str
    source: str
    verified: str
    order: int
    assignable: bool = True
    more: dict[str, str] = field(default_factory=dict, hash=False)

    def label(self, lang: str = "sv") -> str:
        """Return the name in Swedish (``sv``) or English (``en``)."""
        if lang not in LANGUAGES:
            msg = f"language {lang!r} has no labels; ask for one of {', '.join(LANGUAGES)}"
            raise CodeError(msg)
        return self.label_en if lang == "en" else self.label_sv


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """A closed vocabulary: its codes in the order of the file."""

    name: str
    rows: tuple[Code, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, in the order of the file."""
        return tuple(row.code for row in self.rows)

    @property
    def assignable(self) -> tuple[str, ...]:
        """The codes that a row may carry, in the order of the file."""
        return tuple(row.code for row in self.rows if row.assignable)

    def __contains__(self, code: object) -> bool:
        """Tell whether a code stands in the list."""
        return code in self.codes

    def __getitem__(self, code: str) -> Code:
        """Return one code.

        Raises
        ------
        CodeError
            If the code is not in the list.
        """
        for row in self.rows:
            if row.code == code:
                return row
        msg = f"{code!r} is no {self.name}; write one of {', '.join(self.codes)}"
        raise CodeError(msg)

    def label(self, code: str, lang: str = "sv") -> str:
        """Return the name of a code in a language."""
        return self[code].label(lang)

    def labels(self, lang: str = "sv") -> dict[str, str]:
        """Return code to name, in the order of the file."""
        return {row.code: row.label(lang) for row in self.rows}

    def by(self, column: str) -> dict[str, str]:
        """Return the values of one of the list's own columns, each with its code.

        Parameters
        ----------
        column
            A column of the list's own, such as ``nvdb_code``; `|` separates several values.

        Returns
        -------
        codes
            Value to code; the first code wins; empty cells are left out.
        """
        found: dict[str, str] = {}
        for row in self.rows:
            for value in filter(None, row.more.get(column, "").split("|")):
                found.setdefault(value, row.code)
        return found


@cache
def load(name: str) -> CodeList:
    """Read a code list.

    Parameters
    ----------
    name
        File name without ``.csv``, such as ``path_class``.

    Returns
    -------
    codes
        The list; the same object at every call.

    Raises
    ------
    CodeError
        If there is no such list, a column is missing, or a code is empty or repeated.

    Examples
    --------
    >>> load("path_class").label("gangbana", "en")
    'Footpath / pavement'
    """
    path = data_dir() / "codes" / f"{name}.csv"
    if not name.isidentifier() or not path.is_file():
        msg = f"there is no code list {name!r}; ask for one of {', '.join(names())}"
        raise CodeError(msg)
    table = read(path)
    missing = [column for column in COLUMNS if column not in table.header]
    if table.faults or missing:
        msg = str(table.faults[0]) if table.faults else f"{path.name}: no column {missing[0]!r}"
        raise CodeError(msg)
    seen = {""}
    for row in table.rows:
        if row.cells["code"] in seen:
            msg = f"{path.name}, row {row.number}: code {row.cells['code']!r} is empty or repeated"
            raise CodeError(msg)
        seen.add(row.cells["code"])
    return CodeList(
        name=name, rows=tuple(_code(row.cells, order) for order, row in enumerate(table.rows))
    )


@cache
def names() -> tuple[str, ...]:
    """Return the names of all code lists that ship, in alphabetical order."""
    paths = sorted((data_dir() / "codes").glob("*.csv"))
    return tuple(path.stem for path in paths if set(COLUMNS) <= set(read(path).header))


def label(name: str, code: str, lang: str = "sv") -> str:
    """Return the name of a code of a list in a language.

    Raises
    ------
    CodeError
        If the list, the code or the language does not exist.
    """
    return load(name).label(code, lang)


def _code(cells: dict[str, str], order: int) -> Code:
    return Code(
        **{column: cells[column] for column in COLUMNS},
        order=order,
        assignable=cells.get("assignable", "yes") != "no",
        more={column: cell for column, cell in cells.items() if column not in COLUMNS},
    )
