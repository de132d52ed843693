"""What do the sources say of a segment, and what has changed since somebody decided on it?

A statement is a tag of the way, a sign that holds there, or what a matched source says; it is kept
as text. What a source begins to say later is no change of what a decision rested on: whether it
agrees is asked elsewhere. Tags and signs are compared both ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from gis.sources.packing import SAID
from gis.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from gis.words import Language

SIGNS: Final = ("raw", "raw_end")
MATCHED: Final = (
    "said_gcm",
    "said_nattyp",
    "said_passage",
    "said_nvdb_street",
    "said_separation",
    "said_document_class",
    "said_ltf_class",
    "said_ltf_id",
)
TEXTS: Final = "basis"


class Change(NamedTuple):
    """One statement as it was and as it is; None where nothing is said."""

    key: str
    before: str | None
    now: str | None


def statements(rows: gpd.GeoDataFrame) -> list[dict[str, str]]:
    """List what the sources say of each row.

    Parameters
    ----------
    rows
        Of the layer ``network``: tags packed in ``said``.
    """
    held = [key for key in (*SIGNS, *MATCHED) if key in rows.columns]
    # A loop over rows: what is said of each is an object of its own.
    return [
        {**row[SAID], **{key: str(row[key]) for key in held if not pd.isna(row[key])}}
        for row in pd.DataFrame(rows)[[SAID, *held]].to_dict("records")
    ]


def changes(then: Mapping[str, str], now: Mapping[str, str]) -> list[Change]:
    """List what has changed, ordered by key.

    Examples
    --------
    >>> changes({"bicycle": "yes"}, {"bicycle": "no", "said_gcm": "100"})
    [Change(key='bicycle', before='yes', now='no')]
    """
    keys = sorted({*then, *(key for key in now if key not in MATCHED)})
    pairs = [Change(key, then.get(key), now.get(key)) for key in keys]
    return [one for one in pairs if one.before != one.now]


def in_words(found: Sequence[Change], lang: Language) -> str:
    """Write changes for a person: ``bicycle: yes → no, foot: nothing → designated``."""
    nothing = say(TEXTS, "nothing", lang)
    return ", ".join(
        f"{_name(one.key, lang)}: {one.before or nothing} → {one.now or nothing}" for one in found
    )


def listed(found: Sequence[Change]) -> list[dict[str, Any]]:
    """Lay changes out as plain values."""
    return [one._asdict() for one in found]


def _name(key: str, lang: Language) -> str:
    """Name a statement: a tag by its key, what is said otherwise in words."""
    return say(TEXTS, key, lang) if key in (*SIGNS, *MATCHED) else key
