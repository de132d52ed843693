"""What does a line of each class and status look like?

Hue and dash carry the class, the casing outside a white gap carries the status; nothing is
carried by colour alone. The table is ``maps/style.csv``; the map, the legend and the print sheet
are drawn from the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from gis.csvfile import number, rows
from gis.errors import RuleError

FILE: Final = Path(__file__).resolve().parent / "style.csv"

# The background of the map, quiet enough that every line stands 3 to 1 against it (WCAG 1.4.11).
LAND: Final = "#F2EFE9"
GAP_PX: Final = 1.5

Group = Literal["class", "status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How one class (its line) or one status (its casing) is drawn.

    `tier` is ``main`` or ``quiet`` for a class and ``casing`` or ``hidden`` for a status; `dash`
    holds lengths of dashes and gaps in pixels, none for a solid line; `letters` are written
    along a quiet line when the map is close.
    """

    code: str
    tier: str
    colour: str
    dash: tuple[float, ...]
    width_px: float
    letters: str


@cache
def lines(group: Group) -> dict[str, Line]:
    """Return code to line in the order of the table.

    Raises
    ------
    RuleError
        If a code stands twice or a number cannot be read.

    Examples
    --------
    >>> lines("class")["gangbana"].dash
    (4.0, 4.0)
    """
    found: dict[str, Line] = {}
    for row in rows(FILE):
        if row["group"] != group:
            continue
        if row["code"] in found:
            msg = f"style.csv: {row['code']!r} stands twice; keep one row"
            raise RuleError(msg)
        found[row["code"]] = _line(row)
    return found


def line(group: Group, code: str) -> Line:
    """Return the line of one code.

    Raises
    ------
    RuleError
        If the table has no row for it.
    """
    table = lines(group)
    if code not in table:
        msg = f"style.csv has no {group} {code!r}; add a row for it"
        raise RuleError(msg)
    return table[code]


def _line(row: dict[str, str]) -> Line:
    try:
        return Line(
            code=row["code"],
            tier=row["tier"],
            colour=row["colour"],
            dash=tuple(number(part) for part in row["dash"].split()),
            width_px=number(row["width_px"]),
            letters=row["letters"],
        )
    except ValueError as error:
        msg = f"style.csv, {row['code']}: {error}; dash and width_px hold numbers of pixels"
        raise RuleError(msg) from None
