"""How does a store look to somebody who asks for a moment gone by?

A thin wrap: what can be read as of a time is read as of it, everything else is passed on.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, TypedDict, Unpack, cast

from gis.store.past import has_past

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import geopandas as gpd
    import pandas as pd

    from gis.store import Store
    from gis.store.base import Box

DATED: Final = frozenset(
    ("features", "feature", "count", "revisions", "state", "latest", "deliveries")
)


class Asked(TypedDict, total=False):
    """What a reader of a layer may name besides the moment."""

    bbox: Box | None
    ids: Sequence[str] | None
    where: Mapping[str, Sequence[str | float]] | None
    limit: int | None
    after: str | None


class Past:
    """A store at a moment; only for reading."""

    def __init__(self, store: Store, as_of: datetime) -> None:
        self._store = store
        self._as_of = as_of

    def __getattr__(self, name: str) -> object:
        """Pass a call on, with the moment where it takes one."""
        method = getattr(self._store, name)
        if name in {"layer", "table"}:
            return getattr(self, f"_{name}")
        return partial(method, as_of=self._as_of) if name in DATED else method

    def _layer(
        self, name: str, *, as_of: datetime | None = None, **asked: Unpack[Asked]
    ) -> gpd.GeoDataFrame:
        """Read a layer, by the earlier moment; one that is only worked on has no past, no rows."""
        if not has_past(name):
            return self._store.layer(name, ids=[])
        return self._store.layer(name, as_of=min(as_of or self._as_of, self._as_of), **asked)

    def _table(self, name: str) -> pd.DataFrame:
        """Read a layer without its geometry."""
        return self._layer(name).drop(columns="geometry")


def seen_at(store: Store, as_of: datetime | None) -> Store:
    """Return the store as it stood at a moment; null is now."""
    return store if as_of is None else cast("Store", Past(store, as_of))
