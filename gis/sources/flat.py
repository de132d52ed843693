"""How are ranges of a flat table gathered?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


def ranges(first: Ints, last: Ints) -> Ints:
    """Return all numbers of the half-open ranges, one range after another.

    Examples
    --------
    >>> ranges(np.array([3, 7]), np.array([5, 8])).tolist()
    [3, 4, 7]
    """
    size = last - first
    start = np.repeat(first - np.concatenate(([0], np.cumsum(size)[:-1])), size)
    return start + np.arange(int(size.sum())) if len(size) else np.empty(0, np.int64)
