"""How do the signs of some layers stand to the ends of their paths? A support of D15 and D16."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gis.checks.base import hits_at
from gis.checks.graph import once
from gis.signs import posts

if TYPE_CHECKING:
    import pandas as pd

    from gis.checks.base import Layers

_TOLD: Final = ("segment_id", "end", "path_class", "direction", "source_id", "raw")


@once
def sign_posts(layers: Layers) -> pd.DataFrame:
    """Look at each path sign once.

    Returns
    -------
    posts
        Columns of `gis.signs.posts`, and ``subject`` (id), ``said`` (text) and ``place``.
    """
    missing = {name: None for name in _TOLD if name not in layers.signs.columns}
    signs = layers.signs.assign(**missing)
    found = posts(signs, layers.segments)
    theirs = signs.iloc[found["sign"].to_numpy()]
    return found.assign(
        subject=theirs["source_id"].to_numpy(),
        said=theirs["raw"].to_numpy(),
        place=np.asarray(theirs.geometry.to_numpy(), dtype=object),
    )


def sign_hits(layers: Layers, found: pd.DataFrame, **columns: object) -> pd.DataFrame:
    """Turn rows of `sign_posts` into hits at the signs."""
    return hits_at(
        layers.segments,
        found["row"].to_numpy(),
        subject=found["subject"].to_numpy(),
        sign=found["said"].to_numpy(),
        place=found["place"].to_numpy(),
        **columns,
    )
