"""How are conditions written as columns?

Texts are objects, nothing known is None, a flag is ``yes`` or None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence


def text(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column with None for nothing known; all None where the frame lacks it."""
    if name not in frame.columns:
        return pd.Series([None] * len(frame), index=frame.index, dtype=object)
    return cleared(frame[name])


def cleared(column: pd.Series) -> pd.Series:
    """Return a column as objects with None for every kind of null."""
    known = column.astype(object)
    return known.where(column.notna(), None)


def yes(mask: pd.Series) -> pd.Series:
    """Write a mask as ``yes`` or None; null is no."""
    held = mask.fillna(value=False).to_numpy(dtype=bool)
    words = np.array([None, "yes"], dtype=object)
    return pd.Series(words[held.astype(np.intp)], index=mask.index, dtype=object)


def flag(frame: pd.DataFrame, name: str) -> pd.Series:
    """Write a flag of the frame as ``yes`` or None."""
    return yes(text(frame, name).eq(other=True))


def chosen(masks: Sequence[pd.Series], words: Sequence[str]) -> pd.Series:
    """Return the word of the first mask that holds, None where none does.

    Examples
    --------
    >>> chosen([pd.Series([True, False])], ["a"]).tolist()
    ['a', None]
    """
    place = np.zeros(len(masks[0]), dtype=np.intp)
    for number, mask in reversed(list(enumerate(masks, start=1))):
        place[mask.fillna(value=False).to_numpy(dtype=bool)] = number
    options = np.array([None, *words], dtype=object)
    return pd.Series(options[place], index=masks[0].index, dtype=object)
