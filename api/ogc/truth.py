"""Is it true, false, or unknown because a value is missing?

Logic over whole columns: a comparison with null is neither true nor false, and neither is its
negation (SQL, CQL2 §6.2).
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]


class Truth(NamedTuple):
    """For each row whether it is true, and whether it is false; neither is unknown."""

    yes: Flags
    no: Flags


def known(flags: Flags, present: Flags) -> Truth:
    """Hold a comparison for true or false where its values are present."""
    return Truth(flags & present, ~flags & present)


def negated(one: Truth) -> Truth:
    """Turn true and false."""
    return Truth(one.no, one.yes)


def every(parts: Iterable[Truth]) -> Truth:
    """Hold true what all parts hold true."""
    return reduce(lambda one, two: Truth(one.yes & two.yes, one.no | two.no), parts)


def either(parts: Iterable[Truth]) -> Truth:
    """Hold true what one part holds true."""
    return negated(every(negated(part) for part in parts))
