"""Which marks and decisions have no segment any more, and what is asked about them?

Their segments stay in the layer as retired; a finding at each such record waits for a planner.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pandas as pd

from gis import checks, layers, status
from gis.inventory import publish
from gis.marks import places

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd

    from gis.areas import Area
    from gis.inventory.derive import Seen
    from gis.store import Store

ASKED: Final = "E10"


def orphans(store: Store, seen: Seen, living: Collection[str], epsg: int) -> gpd.GeoDataFrame:
    """Ask about every mark and decision that stands at no living segment.

    Parameters
    ----------
    store
        With the layer ``segments`` of the last update, which knows what is gone.
    seen
        What people saw and decided, each where it stands now.
    living
        Ids of the network.
    epsg
        The working CRS.

    Returns
    -------
    findings
        Columns of the layer, in the working CRS; answers that people gave are carried over.
    """
    homeless = records(seen, epsg)
    homeless = homeless[~homeless["segment_id"].isin(list(living))]
    ids = sorted(set(homeless["segment_id"]))
    # A store that was just restored remembers its segments, but has no layers yet.
    then = None if "segments" in store.layer_names() else datetime.now(UTC)
    gone = store.layer("segments", ids=ids, as_of=then) if ids else layers.empty("segments", epsg)
    gone = gone.assign(source_id=gone["source_ids"].str[0].astype("str"))
    found = checks.run(checks.Layers(segments=gone, homeless=homeless), [ASKED])
    return status.carry_answers(found, seen.answers)


def keep_orphans(store: Store, seen: Seen, segment_ids: Collection[str], area: Area) -> None:
    """Show what came in for segments that are gone, and ask about it.

    Parameters
    ----------
    store
        The public store.
    seen
        What people saw and decided, each where it stands now.
    segment_ids
        Segments of which none is living.
    area
        The store's.
    """
    theirs = replace(
        seen,
        observations=seen.observations[seen.observations["segment_id"].isin(segment_ids)],
        decisions=seen.decisions[seen.decisions["segment_id"].isin(segment_ids)],
    )
    found = orphans(store, theirs, (), area.crs)
    if len(found):
        observed = publish.public_observations(theirs, store.names(), area)
        told = {"findings": layers.conform(found, "findings"), "observations": observed}
        store.update_layers({name: rows for name, rows in told.items() if len(rows)})


def records(seen: Seen, epsg: int) -> pd.DataFrame:
    """List what people said of a segment: ``segment_id``, ``record_id``, ``place``."""
    marks = seen.observations[seen.observations["kind"].ne("split")]
    said = marks[["segment_id", "observation_id"]].assign(
        place=pd.Series(places(marks, epsg), marks.index, dtype=object)
    )
    decided = seen.decisions[["segment_id", "decision_id"]].assign(place=None)
    names = ["segment_id", "record_id", "place"]
    both = [said.set_axis(names, axis=1), decided.set_axis(names, axis=1)]
    return pd.concat(both, ignore_index=True).astype({"place": object})
