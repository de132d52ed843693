"""Which rows does a CQL2 filter choose?

Evaluated over whole columns of a frame, whatever engine keeps it; only columns of the layer's
contract can be named. What the tree holds beyond what is offered is refused (400).
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from api.errors import Problem
from api.kinds import Kind
from api.ogc.operands import GEOMETRY, Operand, Table, operand
from api.ogc.truth import Truth, either, every, known, negated

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.ogc.truth import Flags

COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
ORDERED: Final = ("text", "number", "time")
SPATIAL: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "s_intersects": shapely.intersects,
    "s_disjoint": shapely.disjoint,
    "s_equals": shapely.equals,
    "s_touches": shapely.touches,
    "s_crosses": shapely.crosses,
    "s_within": shapely.within,
    "s_contains": shapely.contains,
    "s_overlaps": shapely.overlaps,
}
BLANKS: Final[dict[str, str | bool]] = {"text": "", "boolean": False}
TEMPORAL: Final = ("t_after", "t_before", "t_equals", "t_disjoint", "t_intersects", "t_during")
LISTS: Final[dict[str, Callable[[frozenset[str], frozenset[str]], bool]]] = {
    "a_equals": operator.eq,
    "a_contains": operator.ge,
    "a_containedby": operator.le,
    "a_overlaps": lambda one, two: bool(one & two),
}


def chosen(tree: object, table: Table) -> Flags:
    """Tell which rows a filter chooses.

    Parameters
    ----------
    tree
        CQL2 JSON, as from `api.ogc.cql.read`.
    table
        The rows, and in which system the filter's places are.

    Returns
    -------
    chosen
        ``n`` flags.

    Raises
    ------
    Problem
        ``bad_filter`` for an unknown operator, property, type or number of arguments.
    """
    return np.broadcast_to(_truth(tree, table).yes, len(table.frame))


def _truth(tree: object, table: Table) -> Truth:
    """Evaluate one step of the tree."""
    match tree:
        case bool():
            return known(np.array([tree]), np.array([True]))
        case {"property": str()}:
            return _flag(operand(tree, table))
        case {"op": str(op), "args": list(args)} if args:
            return _operation(op.lower(), args, table)
    raise Problem(Kind.BAD_FILTER)


def _operation(op: str, args: list[Any], table: Table) -> Truth:
    """Evaluate an operator."""
    match op, args:
        case "and", _:
            return every(_truth(arg, table) for arg in args)
        case "or", _:
            return either(_truth(arg, table) for arg in args)
        case "not", [inner]:
            return negated(_truth(inner, table))
        case "isnull", [inner]:
            present = operand(inner, table).present
            return Truth(~present, present)
    return _predicate(op, [_argument(arg, table) for arg in args])


def _argument(arg: object, table: Table) -> Operand | list[Operand]:
    """Read an operand; an array of anything but texts is a list of operands."""
    if isinstance(arg, list) and not (arg and all(isinstance(a, str) for a in arg)):
        return [operand(part, table) for part in arg]
    return operand(arg, table)


def _predicate(op: str, args: list[Operand | list[Operand]]) -> Truth:
    """Evaluate a comparison of operands."""
    match op, args:
        case "in", [Operand() as value, several]:
            return either(_compare("=", value, one) for one in _members(several))
        case "between", [Operand() as value, Operand() as low, Operand() as high]:
            return every([_compare(">=", value, low), _compare("<=", value, high)])
        case "like", [Operand() as value, Operand() as pattern]:
            return _like(value, pattern)
        case _, [Operand() as one, Operand() as two]:
            return _pair(op, one, two)
    raise Problem(Kind.BAD_FILTER)


def _pair(op: str, one: Operand, two: Operand) -> Truth:
    """Evaluate an operator between two operands."""
    if op in COMPARE:
        return _compare(op, one, two)
    if op in SPATIAL and one.kind == two.kind == GEOMETRY:
        return _spatial(op, one, two)
    if op in TEMPORAL and "time" in {one.kind, two.kind}:
        return _temporal(op, one, two)
    if op in LISTS and one.kind == two.kind == "list":
        return _lists(op, one, two)
    raise Problem(Kind.BAD_FILTER)


def _members(several: Operand | list[Operand]) -> list[Operand]:
    """Take the members of a list."""
    if isinstance(several, Operand):
        if several.kind != "list" or len(several.values) != 1:
            raise Problem(Kind.BAD_FILTER)
        return [
            Operand("text", np.array([text], dtype=object), several.present)
            for text in sorted(several.values[0])
        ]
    if not several:
        raise Problem(Kind.BAD_FILTER)
    return several


def _flag(one: Operand) -> Truth:
    """Take a column of true and false as it stands."""
    if one.kind != "boolean":
        raise Problem(Kind.BAD_FILTER)
    return known(_filled(one).astype(bool), one.present)


def _compare(op: str, one: Operand, two: Operand) -> Truth:
    """Compare values of one type; true and false have no order."""
    ordered = op in {"=", "<>"} and one.kind == "boolean"
    if one.kind != two.kind or not (one.kind in ORDERED or ordered):
        raise Problem(Kind.BAD_FILTER)
    present = one.present & two.present
    with np.errstate(invalid="ignore"):  # what is null is not looked at
        flags = COMPARE[op](*(_filled(side) for side in (one, two)))
    return known(np.asarray(flags, dtype=bool), present)


def _filled(one: Operand) -> np.ndarray[Any, Any]:
    """Put a value of the same type where there is none, so that all can be compared."""
    if one.kind not in BLANKS:
        return one.values
    filled: np.ndarray[Any, Any] = one.values.copy()
    filled[~one.present] = BLANKS[one.kind]
    return filled


def _like(value: Operand, pattern: Operand) -> Truth:
    """Match text against a pattern: ``%`` any text, ``_`` one sign, a backslash takes it as is."""
    if value.kind != "text" or pattern.kind != "text" or len(pattern.values) != 1:
        raise Problem(Kind.BAD_FILTER)
    fits = re.compile(_pattern(pattern.values[0]), re.DOTALL)
    flags = [isinstance(v, str) and fits.fullmatch(v) is not None for v in value.values]
    return known(np.array(flags, dtype=bool), value.present)


def _pattern(text: str) -> str:
    """Write a pattern as an expression that never tries a place twice."""
    pieces = [""]
    for sign in re.findall(r"\\.|.", text, re.DOTALL):
        if sign == "%":
            pieces.append("")
        else:
            pieces[-1] += "." if sign == "_" else re.escape(sign[-1])
    if len(pieces) == 1:
        return pieces[0]
    between = "".join(f"(?>.*?{piece})" for piece in pieces[1:-1])
    return f"{pieces[0]}{between}.*{pieces[-1]}"


def _spatial(op: str, one: Operand, two: Operand) -> Truth:
    """Compare places."""
    for side in (one, two):
        if len(side.values) == 1:
            shapely.prepare(side.values)
    return known(SPATIAL[op](one.values, two.values), one.present & two.present)


def _temporal(op: str, one: Operand, two: Operand) -> Truth:
    """Compare times, and times with an interval; an open end is far away."""
    (start, end), (first, last) = _span(one), _span(two)
    tests = {
        "t_after": start > last,
        "t_before": end < first,
        "t_equals": (start == first) & (end == last),
        "t_disjoint": (start > last) | (end < first),
        "t_intersects": (start <= last) & (end >= first),
        "t_during": (start > first) & (end < last),
    }
    return known(np.asarray(tests[op]), one.present & two.present)


def _span(one: Operand) -> tuple[Any, Any]:
    """Return where a time or interval begins and ends."""
    if one.kind == "time":
        return one.values, one.values
    if one.kind != "interval":
        raise Problem(Kind.BAD_FILTER)
    ends = np.where(np.isnat(one.values), _FAR, one.values)
    return ends[0], ends[1]


def _lists(op: str, one: Operand, two: Operand) -> Truth:
    """Compare lists as sets of texts."""
    sides = np.broadcast_arrays(_sets(one), _sets(two))
    flags = [LISTS[op](left, right) for left, right in zip(*sides, strict=True)]
    return known(np.array(flags, dtype=bool), one.present & two.present)


def _sets(one: Operand) -> np.ndarray[Any, Any]:
    """Turn lists into sets."""
    sets = np.empty(len(one.values), dtype=object)
    sets[:] = [frozenset(value) if isinstance(value, list | frozenset) else frozenset()
               for value in one.values]  # fmt: skip
    return sets


_FAR: Final = np.array(["0001-01-01", "9999-12-31"], dtype="datetime64[us]")
