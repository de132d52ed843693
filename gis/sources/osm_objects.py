"""How are OSM objects held as columns while a file is read?

Flat arrays instead of one Python object each: a city has a million of them. Tags are numbers of
distinct ``key=value`` pairs, of which a city repeats few very often. Positions are whole numbers
of 1e-7 degree, as in the file.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gis.sources.flat import ranges
from gis.sources.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Pair = tuple[str, str]

# What libosmium gives for a node that is not in the file.
UNKNOWN: Final = 2_147_483_647
# A position that is none on earth.
NOWHERE: Final = 9_990_000_000
SCALE: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Objects:
    """Objects of one type, sorted by id, each once.

    ``tag_row`` and ``tag_pair`` are parallel: object number (ascending) and number of the pair in
    ``keys`` and ``values``, which are clean. ``last`` counts the references up to and with each
    object; ``refs``, ``x`` and ``y`` hold them: the nodes of a way, a node itself, the member ways
    of a relation (without positions). ``repeated`` lists ids that stood more than once.
    """

    ids: Ints
    edited_at: list[datetime | None]
    tag_row: Ints
    tag_pair: Ints
    keys: list[str]
    values: list[str]
    last: Ints
    refs: Ints
    x: Ints
    y: Ints
    repeated: list[tuple[int, int]]

    @property
    def first(self) -> Ints:
        """Where the references of each object begin."""
        return np.concatenate((np.zeros(1, np.int64), self.last))[:-1]


class _Pairs(dict["Pair", int]):
    """Number each distinct pair at its first use."""

    def __missing__(self, pair: Pair) -> int:
        self[pair] = number = len(self)
        return number


class Collector:
    """Take objects as they come; ``objects`` puts them in order."""

    def __init__(self) -> None:
        self._pairs = _Pairs()
        self._heads, self._tag_size, self._tags = array("q"), array("q"), array("q")
        self._ref_size, self._refs = array("q"), array("q")
        self._times: list[datetime | None] = []

    def add(
        self,
        head: tuple[int, int],
        tags: Iterable[Pair],
        refs: Sequence[int],
        edited_at: datetime | None = None,
    ) -> None:
        """Add an object: (id, version), tags, and for each reference id, x and y in a row."""
        numbers = [self._pairs[tag] for tag in tags]
        self._heads.extend(head)
        self._tags.extend(numbers)
        self._tag_size.append(len(numbers))
        self._refs.extend(refs)
        self._ref_size.append(len(refs) // 3)
        self._times.append(edited_at)

    def objects(self) -> Objects:
        """Return the objects by id; of one that came twice the newest version counts."""
        heads = _numbers(self._heads).reshape(-1, 2)
        tag_size, ref_size = _numbers(self._tag_size), _numbers(self._ref_size)
        tags, refs = _numbers(self._tags), _numbers(self._refs).reshape(-1, 3)
        order, repeated = _newest(heads, tag_size, ref_size)
        tag_last, ref_last = np.cumsum(tag_size), np.cumsum(ref_size)
        at = ranges((ref_last - ref_size)[order], ref_last[order])
        return Objects(
            ids=heads[order, 0],
            edited_at=[self._times[row] for row in order.tolist()],
            tag_row=np.repeat(np.arange(len(order)), tag_size[order]),
            tag_pair=tags[ranges((tag_last - tag_size)[order], tag_last[order])],
            keys=[clean(key) for key, _ in self._pairs],
            values=[clean(value) for _, value in self._pairs],
            last=np.cumsum(ref_size[order]),
            refs=refs[at, 0],
            x=refs[at, 1],
            y=refs[at, 2],
            repeated=repeated,
        )


def _numbers(numbers: array[int]) -> Ints:
    return np.frombuffer(numbers, dtype=np.int64) if numbers else np.empty(0, np.int64)


def _newest(heads: Ints, tag_size: Ints, ref_size: Ints) -> tuple[Ints, list[tuple[int, int]]]:
    """Return the rows to keep in order of id, and the ids that stood more than once."""
    ids, counts = np.unique(heads[:, 0], return_counts=True)
    rows = np.lexsort((ref_size, tag_size, heads[:, 1], heads[:, 0]))
    ordered = heads[rows, 0]
    last = np.ones(len(rows), dtype=bool)
    last[:-1] = ordered[1:] != ordered[:-1]
    many = counts > 1
    return rows[last], list(zip(ids[many].tolist(), counts[many].tolist(), strict=True))
