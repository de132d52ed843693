"""Where are the parts of a large inventory computed?

An engine takes a function and parts and gives the answers in the order of the parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Given = TypeVar("Given")
Answer = TypeVar("Answer")
PART_ROWS: Final = 50_000
"""Segments that a part owns at most."""


class Spread(Protocol):
    """Asks every part."""

    def __call__(
        self, ask: Callable[[Given], Answer], parts: Iterable[Given], /
    ) -> Iterator[Answer]:
        """Give the answers in the order of the parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """How parts are asked, and how many segments each owns at most."""

    spread: Spread
    part_rows: int = PART_ROWS
