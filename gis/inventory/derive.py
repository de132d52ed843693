"""What follows from what was delivered, seen and decided?

The line of the architecture as one pure function: signs, class, checks, status. All layers are in
the working CRS of the area; nothing here reads or writes a store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from gis import checks, classify, conflate, status
from gis.inventory.said import with_classes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from gis.areas import Area
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
    step
        Told the name of each step as it begins.

    Returns
    -------
    inventory
        `segments` holds the network's columns, facts, class, flags, severity and status.
    """
    step("classify")
    observed = with_classes(seen.observations, area.country)
    facts = classify.facts(
        network,
        network.signs,
        country=area.country,
        observations=observed,
        decisions=seen.decisions,
        held=network.segments[list(HELD)],
    )
    facts = classify.with_evidence(facts, conflate.evidence_of(network.segments))
    decided = classify.classify(facts, area.country)
    segments = _joined(network.segments, facts, decided)
    step("checks")
    findings = checks.run(layers_of(network, segments, area), local.asked if local else None)
    if local is not None:
        findings = gpd.GeoDataFrame(pd.concat([findings, local.found]), crs=segments.crs)
    findings = status.settle_findings(findings, seen.decisions)
    findings = status.carry_answers(findings, seen.answers)
    step("status")
    settled = status.settle(segments, findings, observed, seen.decisions)
    return Inventory(network=network, segments=settled, findings=findings)


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
