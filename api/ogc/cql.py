"""What does a filter in CQL2 say?

Text is read by the library ``cql2`` into CQL2 JSON; JSON is read by our own strict reader. Both
end as the same plain tree. The library's parser runs out of stack on deep nesting and out of time
on brackets that do not match, so both are refused before it sees them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, Literal

import cql2

from api.body import parse
from api.errors import Problem
from api.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    Tree = dict[str, Any]

Language = Literal["cql2-text", "cql2-json"]

MAX_LENGTH: Final = 4_000
MAX_BRACKETS: Final = 10
MAX_DEPTH: Final = 48
QUOTES: Final = ("'", '"')


def read(text: str, language: Language) -> Tree:
    """Read a filter.

    Parameters
    ----------
    text
        At most `MAX_LENGTH` characters.
    language
        How it is written.

    Returns
    -------
    tree
        A CQL2 JSON object, at most `MAX_DEPTH` deep, with finite numbers only.

    Raises
    ------
    Problem
        ``bad_filter`` for everything else.

    Examples
    --------
    >>> read("kind = 'path'", "cql2-text")
    {'op': '=', 'args': [{'property': 'kind'}, 'path']}
    """
    if len(text) > MAX_LENGTH or "\x00" in text:
        raise Problem(Kind.BAD_FILTER)
    tree = _from_text(text) if language == "cql2-text" else parse(text.encode("utf-8", "replace"))
    if not isinstance(tree, dict):
        raise Problem(Kind.BAD_FILTER)
    _check(tree)
    return tree


def _from_text(text: str) -> object:
    """Read CQL2 text whose brackets are few and match."""
    if not _is_shallow(text):
        raise Problem(Kind.BAD_FILTER)
    try:
        return cql2.parse_text(text).to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError, TypeError, RecursionError):
        raise Problem(Kind.BAD_FILTER) from None


def _is_shallow(text: str) -> bool:
    """Tell whether brackets outside quotes match and are nested at most `MAX_BRACKETS` deep."""
    depth, quote = 0, ""
    for sign in text:
        if quote or sign in QUOTES:
            quote = ("" if sign == quote else quote) if quote else sign
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        if not 0 <= depth <= MAX_BRACKETS:
            return False
    return depth == 0 and not quote


def _check(tree: Tree) -> None:
    """Refuse trees that are too deep or hold numbers that are not finite."""
    level: list[object] = [tree]
    for _ in range(MAX_DEPTH):
        level = [part for item in level for part in _inside(item)]
        if any(isinstance(part, float) and not math.isfinite(part) for part in level):
            raise Problem(Kind.BAD_FILTER)
        if not level:
            return
    raise Problem(Kind.BAD_FILTER)


def _inside(item: object) -> Iterator[object]:
    """Yield what stands directly inside."""
    if isinstance(item, dict):
        yield from item.values()
    elif isinstance(item, list):
        yield from item
