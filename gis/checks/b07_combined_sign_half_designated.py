"""Does the sign say foot and cycle but the attributes something else?

A tag that is merely absent is no evidence against the sign: that is a note. cycleway and footway
say their own half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.checks.base import COMBINED, among, has, hits, own_line

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

CHECK_ID: Final = "B07"
QUESTION: Final = "Säger skylten gång och cykel men uppgifterna något annat?"
SOURCE: Final = "VMF 2:10 D6 and D7 designate both"
REACH_M: Final = 0.0
ROW_LOCAL: Final = True


def flag(layers: Layers) -> pd.DataFrame:
    """Flag combined signs on ways that do not designate both groups."""
    s = layers.segments
    combined = among(s, "sign_class", COMBINED) & has(s, "highway") & own_line(s)
    bicycle, foot = _other(s, "bicycle", "cycleway"), _other(s, "foot", "footway")
    absent = _absent(s, "bicycle", "cycleway") | _absent(s, "foot", "footway")
    found = hits(s, combined & (bicycle | foot | absent), ("highway", "bicycle", "foot"))
    return found.assign(other=~(bicycle | foot).to_numpy()[found["row"]])


def _other(segments: pd.DataFrame, tag: str, form: str) -> pd.Series:
    """Tell where a tag says something else than designated, or the form says another group."""
    said = has(segments, tag) & ~among(segments, tag, ("designated",))
    return said & ~(among(segments, "highway", (form,)) & among(segments, tag, ("yes",)))


def _absent(segments: pd.DataFrame, tag: str, form: str) -> pd.Series:
    """Tell where neither the tag nor the form speaks of the group."""
    return ~has(segments, tag) & ~among(segments, "highway", (form,))
