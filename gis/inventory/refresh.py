"""How is a store brought up to date: whole, or around what a person just changed?

Both give the same layers. The whole update reads every standing delivery; the small one takes the
stored network within reach of the changed segments. Times are UTC.
"""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from gis import areas, checks, conflate, layers, marks, network, signs
from gis.deliveries import reading_of, standing
from gis.errors import AreaError
from gis.inventory import around, publish
from gis.inventory.combine import combine
from gis.inventory.derive import Inventory, LocalFindings, Seen, derive
from gis.inventory.drift import Drift, changed, drifts
from gis.inventory.home import at_home, with_relatives
from gis.inventory.lasting import Lasting, lasting, with_before
from gis.inventory.orphans import keep_orphans, orphans
from gis.inventory.partitions import NEAR
from gis.inventory.partly import Now, partly
from gis.inventory.recipe import recipe
from gis.inventory.whole import Whole
from gis.sources import Reading, Said
from gis.sources.packing import packed
from gis.sources.tables import tag_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    import geopandas as gpd

    from gis.areas import Area
    from gis.inventory.engines import Engine
    from gis.inventory.partly import Partly
    from gis.network import Network
    from gis.store import Store

ANSWER_COLUMNS: Final = ("finding_id", "state", "evidence")
BELIEVED: Final = ("regulations", "table", "nvdb", "nvdb-check", "schools")
"""Kinds of sources that are laid on the network, the strongest evidence first."""
OWN: Final = ("table", "nvdb")
"""Those whose lines become segments of their own where nothing matches."""
DERIVED_FROM: Final = "derived_from"
DERIVED_BY: Final = "derived_by"
REFRESHED: Final = "refreshed"
"""Setting of a store: what was said up to this revision is in the layers."""
STILL: Final = ("C01", "C10", "D01", "D02", "D03")
"""Checks that look at lines and what sources say: no mark changes what they found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Updated:
    """What an update came to."""

    segments: int
    findings: int
    seconds: float
    recomputed: int
    whole: str
    """Why the whole was computed: ``first``, ``asked``, ``rules``, ``much``; empty for a part."""
    drifts: list[Drift]
    """Classes whose length a new delivery has changed more than deliveries do."""

    def figures(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self)


def update(
    store: Store,
    *,
    engine: Engine | None = None,
    step: Callable[[str], None] = lambda _: None,
    started: float | None = None,
) -> Updated:
    """Bring every layer in line with what is kept, in one transaction at the end.

    After an import what has changed is computed anew, with all that it may reach, to the result
    of computing the whole. The whole is computed where that is not known, where engine, tables or
    settings are others since, and for who asks again although nothing has come.

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
    said, _ = store.head()
    with _no_search_for_rings():
        done = _recomputed(store, engine, step)
    store.set_meta(REFRESHED, str(said))
    return replace(done, seconds=round(time.perf_counter() - began, 3))


def _recomputed(store: Store, engine: Engine | None, step: Callable[[str], None]) -> Updated:
    """Compute and write what must be."""
    why, state = why_whole(store, engine), store.layers_state()
    area = areas.from_json(store.area_json())
    edits = marks.read_edits(store, area.crs)
    whole = _network(store, edits, area, step)
    edits = marks.with_lineage(edits, store)
    redrawn = marks.apply_edits(whole.network.segments, edits)
    retired = whole.retired(redrawn.segments["segment_id"])
    step("signs")
    built = _signed(replace(whole.network, segments=redrawn.segments), area)
    given = _given(whole.network, redrawn.delivered, area)
    seen = at_home(seen_by(store), built.segments, edits, store.lineage(), area.crs)
    now = Now(
        built=built,
        seen=seen,
        area=area,
        shown=whole.shown,
        retired=retired,
        orphans=orphans(store, seen, built.segments["segment_id"], area.crs),
        delivered=marks.laid_out(given),
        observations=publish.public_observations(seen, store.names(), area),
    )
    if not why and (part := partly(store, now, step)) and _write_part(store, part, state):
        after = changed(whole.shown, part.changes["segments"])
        return _updated(store, now, after, part.recomputed, "")
    made = Whole(now=now, engine=engine, step=step)
    store.replace_layers(made.groups(), keys=publish.KEYS, indexes=publish.INDEXES)
    after = now.shown if made.found is None else made.found.segments
    return _updated(store, now, after, len(built.segments), why or "much")


def change_area(store: Store, profile: Area) -> None:
    """Take another profile of a store's area: districts, settings, sources, names.

    The next update computes the whole by it. Nobody may serve the store meanwhile.

    Raises
    ------
    AreaError
        If it is another area, or its country or CRS is another: all that is kept lies in them.
    StoreBusyError
        If a server holds the store.
    """
    known = areas.from_json(store.area_json())
    for name in ("id", "country", "crs"):
        was, wanted = getattr(known, name), getattr(profile, name)
        if was != wanted:
            msg = f"the store was made with {name} {was}, not {wanted}; gcvag init makes another"
            raise AreaError(msg)
    store.occupy()
    store.put_area(profile.to_json())


def _updated(store: Store, now: Now, after: gpd.GeoDataFrame, recomputed: int, why: str) -> Updated:
    """Say from where the layers come now, and what it came to."""
    told = [] if is_current(store) else drifts(now.shown, after)
    store.set_meta(DERIVED_FROM, _sources(store))
    store.set_meta(DERIVED_BY, recipe(store.area_json()))
    return Updated(
        segments=len(now.built.segments),
        findings=store.count("findings"),
        seconds=0.0,
        recomputed=recomputed,
        whole=why,
        drifts=told,
    )


def why_whole(store: Store, engine: Engine | None) -> str:
    """Tell why the whole must be computed; empty where it need not be.

    Parameters
    ----------
    store
        The public store.
    engine
        Whoever names one wants the whole.
    """
    if "network_delivered" not in store.layer_names() or not store.count("network"):
        return "first"
    if store.meta(DERIVED_BY) != recipe(store.area_json()):
        return "rules"
    return "asked" if engine is not None or is_current(store) else ""


def _network(store: Store, edits: marks.Edits, area: Area, step: Callable[[str], None]) -> Lasting:
    """Build the network of what was delivered, and find what is gone; readings end here."""
    step("read")
    delivered = {one.source: (one.kind, reading_of(store, one)) for one in standing(store)}
    step("network")
    ways = [reading for _, reading in delivered.values() if isinstance(reading, Reading)]
    laid = conflate.conflate(network.build(combine(ways), area), parts_of(delivered))
    drawn = marks.with_paths(laid.network.segments, edits)
    return lasting(store, replace(laid.network, segments=drawn), edits, area)


def _given(whole: Network, changed: list[str], area: Area) -> gpd.GeoDataFrame:
    """Return what sources gave of the segments whose lines people changed, signs among it."""
    rows = whole.segments["segment_id"].isin(changed)
    signed = _signed(whole, area).segments if changed else whole.segments
    return packed(signed[rows])


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


class Looked(NamedTuple):
    """What stands around changed segments, ready to be written; `wide` is all that was looked at.

    Writing it is right as long as nothing was said of those meanwhile.
    """

    wide: set[str]
    layers: dict[str, gpd.GeoDataFrame]
    removed: dict[str, list[str]]

    def write(self, store: Store) -> None:
        """Replace the rows in one transaction."""
        if self.layers:
            store.update_layers(self.layers, removed=self.removed)


def look_around(store: Store, segment_ids: Sequence[str]) -> Looked:
    """Compute what stands around changed segments now, to be written by itself.

    Parameters
    ----------
    store
        The public store, updated at least once; lines that people changed are written at once.
    segment_ids
        Segments with new observations, decisions or answers; unknown ones are passed over.
    """
    area = areas.from_json(store.area_json())
    edits = marks.read_edits(store, area.crs)
    settled = marks.settle_edits(store, segment_ids, edits)
    changed = store.layer("network", ids=settled.segment_ids)
    lineage = store.lineage()
    gone = set(segment_ids) - set(changed["segment_id"])
    if gone:
        keep_orphans(store, seen_by(store, marks.kin(gone, lineage, edits)), gone, area)
    if changed.empty:
        return Looked(gone, {}, {})
    touched = around.reached(store, with_before(changed, settled.before))
    wide = around.window(store, touched)
    said = seen_by(store, marks.kin(wide.segments["segment_id"], lineage, edits))
    relatives = with_relatives(store, wide.segments, said, lineage)
    seen = _at(wide.segments, at_home(said, relatives, edits, lineage, area.crs))
    before = store.layer("findings", where={"segment_id": sorted(touched["segment_id"])})
    asked = _asked(redrawn=edits.touch(segment_ids))
    kept = before[~before["check_id"].isin(asked)].assign(state="open")
    found = derive(wide, seen, area, local=LocalFindings(asked=asked, found=kept))
    some = _only(found, touched["segment_id"])
    rows = _rows(some, _at(some.segments, seen), store.names(), area)
    removed = sorted(set(before["finding_id"]) - set(rows["findings"]["finding_id"]))
    return Looked({*gone, *wide.segments["segment_id"]}, rows, {"findings": removed})


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


def seen_by(store: Store, among: Collection[str] | None = None) -> Seen:
    """Read what people saw and decided, of some segments or all, and what they answered."""
    answers = [
        {"finding_id": r.entity_id, **{k: r.body.get(k) for k in ANSWER_COLUMNS[1:]}}
        for r in store.revisions("answer")
    ]
    return Seen(
        observations=marks.observations(store, among),
        decisions=marks.decisions(store, among),
        versions=marks.versions(store, among),
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


def _write_part(store: Store, part: Partly, state: int) -> bool:
    """Write what differs in one transaction, unless somebody wrote layers since `state`."""
    with store.transaction():
        if store.layers_state() != state:
            return False
        store.update_layers(
            {name: change.rows for name, change in part.changes.items() if len(change.rows)},
            removed={name: change.gone for name, change in part.changes.items() if change.gone},
        )
    return True


def _rows(
    found: Inventory, seen: Seen, names: dict[str, str], area: Area
) -> dict[str, gpd.GeoDataFrame]:
    """Lay some segments out with what was found and seen there."""
    return {
        "segments": publish.public_segments(found, seen, area),
        "findings": layers.conform(found.findings, "findings"),
        "observations": publish.public_observations(seen, names, area),
    }
