"""What follows from what was delivered, seen and decided?

The line of the architecture as one pure function: signs, class, checks, status. All layers are in
the working CRS of the area; nothing here reads or writes a store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from gis import checks, classify, conflate, status
from gis.inventory import partitions
from gis.inventory.said import with_classes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from gis.areas import Area
    from gis.inventory.engines import Engine
    from gis.inventory.partitions import Part
    from gis.network import Network

HELD: Final = ("raw", "raw_end", "carried")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What people saw and decided, as frames of ``gis.marks``; `answers` are to findings."""

    observations: pd.DataFrame
    decisions: pd.DataFrame
    versions: pd.Series[int]
    answers: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFindings:
    """Which checks a part of the network can be asked, and what the others found there."""

    asked: Collection[str]
    found: gpd.GeoDataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Everything computed: the network, its settled segments and their findings."""

    network: Network
    segments: gpd.GeoDataFrame
    findings: gpd.GeoDataFrame


def derive(
    network: Network,
    seen: Seen,
    area: Area,
    *,
    local: LocalFindings | None = None,
    engine: Engine | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> Inventory:
    """Compute the inventory of a network.

    Parameters
    ----------
    network
        Segments with lasting ids and the columns `HELD` (the signs that hold there), and what
        lies around them; signs are placed.
    seen
        What people saw and decided about these segments.
    area
        Its country decides signs and law.
    local
        For a part of the network: which checks can be asked of it, and what the others found.
    engine
        Cuts the network into parts and asks them; None asks the whole at once. Both give the same.
    step
        Told the name of each step as it begins.

    Returns
    -------
    inventory
        `segments` holds the network's columns, facts, class, flags, severity and status.
    """
    step("classify")
    seen = replace(seen, observations=with_classes(seen.observations, area.country))
    if engine is None:
        segments = classified(network, seen.observations, seen.decisions, area)
        step("checks")
        findings = checks.run(layers_of(network, segments, area), local.asked if local else None)
    else:
        segments, findings = _in_parts(network, seen, area, engine, step)
    if local is not None:
        findings = gpd.GeoDataFrame(pd.concat([findings, local.found]), crs=segments.crs)
    findings = status.settle_findings(findings, seen.decisions)
    findings = status.carry_answers(findings, seen.answers)
    step("status")
    settled = status.settle(segments, findings, seen.observations, seen.decisions)
    return Inventory(network=network, segments=settled, findings=findings)


def classified(
    network: Network, observations: pd.DataFrame, decisions: pd.DataFrame, area: Area
) -> gpd.GeoDataFrame:
    """Give every segment its facts and its class."""
    facts = classify.facts(
        network,
        network.signs,
        country=area.country,
        observations=observations,
        decisions=decisions,
        held=network.segments[list(HELD)],
    )
    facts = classify.with_evidence(facts, conflate.evidence_of(network.segments))
    return _joined(network.segments, facts, classify.classify(facts, area.country))


def _in_parts(
    network: Network, seen: Seen, area: Area, engine: Engine, step: Callable[[str], None]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Ask the parts, then the whole for what only it tells."""
    parts = partitions.cut(network, seen.observations, seen.decisions, engine.part_rows)
    answers = list(engine.spread(partial(_ask, area=area), parts))
    if not answers:
        nothing = classified(network, seen.observations, seen.decisions, area)
        return nothing, checks.run(layers_of(network, nothing, area))
    rows = pd.concat([one for one, _ in answers]).set_index("segment_id", drop=False)
    rows = rows.loc[network.segments["segment_id"]].set_axis(network.segments.index)
    segments = gpd.GeoDataFrame(rows, geometry=network.segments.geometry)
    step("checks")
    far = checks.run(layers_of(network, segments, area), partitions.FAR)
    found = pd.concat([far, *(one for _, one in answers)], ignore_index=True)
    ordered = found.sort_values(["segment_id", "check_id", "finding_id"], ignore_index=True)
    return segments, gpd.GeoDataFrame(ordered, crs=segments.crs)


def _ask(part: Part, *, area: Area) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Classify a part and ask its checks: the rows and findings of its own segments."""
    segments = classified(part.network, part.observations, part.decisions, area)
    asked = (*partitions.NEAR, *checks.load_cases().index)
    findings = checks.run(layers_of(part.network, segments, area), asked)
    own = segments["segment_id"].isin(part.own)
    rows = pd.DataFrame(segments[own].drop(columns="geometry"))
    return rows, findings[findings["segment_id"].isin(part.own)]


def layers_of(network: Network, segments: gpd.GeoDataFrame, area: Area) -> checks.Layers:
    """Lay out what the checks may look at."""
    return checks.Layers(
        segments=segments,
        streets=network.streets,
        crossings=network.crossings,
        signs=network.signs,
        barriers=network.barriers,
        areas=network.areas,
        places=network.places,
        routes=network.routes,
        bbox=area.bbox,
    )


def _joined(
    segments: gpd.GeoDataFrame, facts: pd.DataFrame, decided: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Put class and geometry beside the facts."""
    both = pd.concat([facts, decided], axis=1)
    return gpd.GeoDataFrame(both, geometry=segments.geometry)
