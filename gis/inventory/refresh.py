"""How is a store brought up to date: whole, or around what a person just changed?

Both give the same layers. The whole update reads every standing delivery; the small one takes the
stored network within reach of the changed segments. Times are UTC.
"""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd

from gis import areas, checks, conflate, layers, marks, network, signs
from gis.deliveries import reading_of, standing
from gis.inventory import around, publish
from gis.inventory.combine import combine
from gis.inventory.derive import Inventory, LocalFindings, Seen, derive
from gis.inventory.home import at_home, with_relatives
from gis.inventory.lasting import lasting
from gis.inventory.orphans import keep_orphans, orphans
from gis.inventory.partitions import NEAR
from gis.sources import Reading, Said
from gis.sources.tables import tag_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gis.areas import Area
    from gis.inventory.engines import Engine
    from gis.network import Network
    from gis.store import Store

ANSWER_COLUMNS: Final = ("finding_id", "state", "evidence")
BELIEVED: Final = ("regulations", "table", "nvdb", "nvdb-check", "schools")
"""Kinds of sources that are laid on the network, the strongest evidence first."""
OWN: Final = ("table", "nvdb")
"""Those whose lines become segments of their own where nothing matches."""
DERIVED_FROM: Final = "derived_from"
STILL: Final = ("C01", "C10", "D01", "D02", "D03")
"""Checks that look at lines and what sources say: no mark changes what they found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """What an update came to."""

    segments: int
    findings: int
    seconds: float

    def figures(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return {"segments": self.segments, "findings": self.findings, "seconds": self.seconds}


def update(
    store: Store,
    *,
    engine: Engine | None = None,
    step: Callable[[str], None] = lambda _: None,
    started: float | None = None,
) -> Updated:
    """Recompute every layer from what is kept, in one transaction at the end.

    Parameters
    ----------
    store
        The public store.
    engine
        Where the parts of the network are computed; None computes the whole here.
    step
        Told the name of each step as it begins.
    started
        ``time.perf_counter`` at the beginning, for the figure of seconds.
    """
    began = time.perf_counter() if started is None else started
    with _no_search_for_rings():
        found = _recomputed(store, engine, step)
    seconds = round(time.perf_counter() - began, 3)
    return Updated(segments=len(found.segments), findings=len(found.findings), seconds=seconds)


def _recomputed(store: Store, engine: Engine | None, step: Callable[[str], None]) -> Inventory:
    """Compute and write every layer."""
    area = areas.from_json(store.area_json())
    cuts = marks.read_splits(store, area.crs)
    built, retired = _network(store, cuts, area, step)
    step("signs")
    built = _signed(built, area)
    seen = at_home(seen_by(store), built.segments, cuts, store.lineage(), area.crs)
    found = derive(built, seen, area, engine=engine, step=step)
    asked = orphans(store, seen, built.segments["segment_id"], area.crs)
    every = pd.concat([found.findings, asked], ignore_index=True)
    found = replace(found, findings=gpd.GeoDataFrame(every, crs=area.crs))
    step("write")
    _write(store, found, seen, area, retired)
    return found


def _network(
    store: Store, cuts: marks.Splits, area: Area, step: Callable[[str], None]
) -> tuple[Network, gpd.GeoDataFrame]:
    """Build the network of what was delivered, and find what is gone; readings end here."""
    step("read")
    delivered = {one.source: (one.kind, reading_of(store, one)) for one in standing(store)}
    step("network")
    ways = [reading for _, reading in delivered.values() if isinstance(reading, Reading)]
    laid = conflate.conflate(network.build(combine(ways), area), parts_of(delivered))
    parted = marks.apply_splits(store, laid.network.segments, cuts)
    return lasting(store, replace(laid.network, segments=parted), area)


@contextmanager
def _no_search_for_rings() -> Iterator[None]:
    """Keep Python from looking for rings among millions of values, where none are."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def parts_of(delivered: Mapping[str, tuple[str, Reading | Said]]) -> list[conflate.Part]:
    """Put what is laid on the network in order, the source to be believed first coming first.

    Parameters
    ----------
    delivered
        Kind and content of each source, in order of the sources' first appearance.
    """
    return [
        conflate.Part(source=source, said=said, own=kind in OWN)
        for wanted in BELIEVED
        for source, (kind, said) in delivered.items()
        if kind == wanted and isinstance(said, Said)
    ]


def refresh(store: Store, segment_ids: Sequence[str]) -> None:
    """Bring the layers up to date around segments that a person just changed.

    Parameters
    ----------
    store
        The public store, updated at least once.
    segment_ids
        Segments with new observations, decisions or answers; unknown ones are passed over.
    """
    area = areas.from_json(store.area_json())
    cuts = marks.read_splits(store, area.crs)
    changed = store.layer("network", ids=marks.settle_splits(store, segment_ids, cuts))
    said = seen_by(store)
    gone = set(segment_ids) - set(changed["segment_id"])
    if gone:
        keep_orphans(store, said, gone, area)
    if changed.empty:
        return
    touched = around.reached(store, changed)
    wide = around.window(store, touched)
    lineage = store.lineage()
    relatives = with_relatives(store, wide.segments, said, lineage)
    seen = _at(wide.segments, at_home(said, relatives, cuts, lineage, area.crs))
    before = store.layer("findings", where={"segment_id": sorted(touched["segment_id"])})
    asked = _asked(redrawn=cuts.touch(segment_ids))
    kept = before[~before["check_id"].isin(asked)].assign(state="open")
    found = derive(wide, seen, area, local=LocalFindings(asked=asked, found=kept))
    _write_some(store, _only(found, touched["segment_id"]), seen, area, before)


def _at(segments: gpd.GeoDataFrame, seen: Seen) -> Seen:
    """Leave out what people said of other segments."""
    ids = segments["segment_id"]
    return replace(
        seen,
        observations=seen.observations[seen.observations["segment_id"].isin(ids)],
        decisions=seen.decisions[seen.decisions["segment_id"].isin(ids)],
    )


def _only(found: Inventory, segment_ids: pd.Series[str]) -> Inventory:
    """Leave out the segments that were only looked at."""
    return replace(
        found,
        segments=found.segments[found.segments["segment_id"].isin(segment_ids)],
        findings=found.findings[found.findings["segment_id"].isin(segment_ids)],
    )


def _asked(*, redrawn: bool) -> list[str]:
    """Return the ids of all that can be asked of a part, and may answer otherwise than before."""
    near = [name for name in NEAR if redrawn or name not in STILL]
    return [*near, *checks.load_cases().index]


def is_current(store: Store) -> bool:
    """Tell whether the layers come from the deliveries that stand."""
    return store.meta(DERIVED_FROM) == _sources(store)


def _sources(store: Store) -> str:
    """Name the standing deliveries."""
    return " ".join(delivery.delivery_id for delivery in standing(store))


def seen_by(store: Store) -> Seen:
    """Read what people saw, decided and answered."""
    answers = [
        {"finding_id": r.entity_id, **{k: r.body.get(k) for k in ANSWER_COLUMNS[1:]}}
        for r in store.revisions("answer")
    ]
    return Seen(
        observations=marks.observations(store),
        decisions=marks.decisions(store),
        versions=marks.versions(store),
        answers=pd.DataFrame(answers, columns=list(ANSWER_COLUMNS)),
    )


def _signed(built: Network, area: Area) -> Network:
    """Place the signs of a network and carry them along."""
    placed = signs.place(built, signs.load(area.country))
    held = signs.carry(built.segments, placed, built.streets)
    signed = built.segments.assign(**held)
    return replace(built, signs=placed, segments=signed.assign(basis_hash=basis_hashes(signed)))


def basis_hashes(segments: gpd.GeoDataFrame) -> pd.Series[str]:
    """Digest what sources say of each segment, so that a later change can be noticed.

    Parameters
    ----------
    segments
        Of a network, with its tags and the signs that hold there.

    Returns
    -------
    hashes
        16 hexadecimal characters a row; the same for the same tags and signs, wherever it lies.
    """
    said = [*(key for key in tag_keys() if key in segments.columns), "raw", "raw_end"]
    texts = segments[said].astype("str").fillna("")
    numbers = pd.util.hash_pandas_object(texts, index=False)
    return numbers.map("{:016x}".format).astype("str")


def _write(
    store: Store, found: Inventory, seen: Seen, area: Area, retired: gpd.GeoDataFrame
) -> None:
    """Replace every layer in one transaction."""
    made = publish.Made(
        {
            "segments": lambda: _with_retired(publish.public_segments(found, seen, area), retired),
            "findings": lambda: layers.conform(found.findings, "findings"),
            "observations": lambda: publish.public_observations(seen, store.names(), area),
            "districts": lambda: publish.districts(area),
            **publish.public_network(found.network),
            **publish.working(found.network),
        }
    )
    store.replace_layers(made, keys=publish.KEYS, indexes=publish.INDEXES)
    store.set_meta(DERIVED_FROM, _sources(store))


def _with_retired(living: gpd.GeoDataFrame, retired: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put what is gone after what lives."""
    return living if retired.empty else layers.conform(pd.concat([living, retired]), "segments")


def _write_some(
    store: Store, found: Inventory, seen: Seen, area: Area, before: gpd.GeoDataFrame
) -> None:
    """Replace the rows of some segments in one transaction; `before` are their findings so far."""
    findings = layers.conform(found.findings, "findings")
    there = _at(found.segments, seen)
    store.update_layers(
        {
            "segments": publish.public_segments(found, seen, area),
            "findings": findings,
            "observations": publish.public_observations(there, store.names(), area),
        },
        removed={"findings": sorted(set(before["finding_id"]) - set(findings["finding_id"]))},
    )
