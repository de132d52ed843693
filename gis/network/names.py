"""Which name does a thing show?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN: Final = 200


def shown_name(frame: pd.DataFrame, languages: Sequence[str]) -> pd.Series[str]:
    """Choose the name of each row in the area's order of languages.

    Parameters
    ----------
    frame
        Has ``name``; may have ``name:sv`` and others.
    languages
        Language codes, the first one first; ``name`` comes after them.

    Returns
    -------
    name
        Text, null where there is none; cut at 200 characters, the last of them an ellipsis.

    Examples
    --------
    >>> row = pd.DataFrame({"name": ["Torikatu"], "name:sv": ["Torggatan"]}, dtype="str")
    >>> shown_name(row, ["sv", "fi"]).tolist(), shown_name(row, ["fi"]).tolist()
    (['Torggatan'], ['Torikatu'])
    """
    name = pd.Series(None, index=frame.index, dtype="str")
    for key in (*(f"name:{code}" for code in languages), "name"):
        if key in frame:
            name = name.fillna(frame[key])
    name = name.mask(name.eq(""))
    long = name.str.len() > SHOWN
    return name.mask(long.fillna(value=False), name.str.slice(0, SHOWN - 1) + "…")
