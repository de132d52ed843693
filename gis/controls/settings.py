"""What may a municipality and its police set about control sites?"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """The settings in force; distances in metres, all defaults are proposals of this project.

    Parameters
    ----------
    school_radius_m
        How near a school is "at the school", straight line.
    cover_radius_m
        How far along the network a site covers what matters.
    spacing_m
        How far apart two sites lie at least, straight line.
    accident_radius_m
        Which accidents belong to a site, along the network.
    halo_driver_m, halo_cyclist_m
        Distance at which the effect of an earlier control has halved.
    halo_days
        Days in which that effect falls to 1/e.
    revisit_days
        Least days between two draws of the same site.
    exploration_share
        Share of the draws among all eligible sites.
    district_minimum
        Least number of sites in each district that has eligible ones.
    own_share
        Share of a site's own score in what it covers; the rest counts its surroundings.
    prior_shape
        How sure the layout alone is: shape of the Gamma around it.
    draws
        Number of draws behind a rank interval.
    """

    school_radius_m: float = 300.0
    cover_radius_m: float = 500.0
    spacing_m: float = 150.0
    accident_radius_m: float = 100.0
    halo_driver_m: float = 900.0
    halo_cyclist_m: float = 250.0
    halo_days: float = 14.0
    revisit_days: int = 14
    exploration_share: float = 0.15
    district_minimum: int = 0
    own_share: float = 0.5
    prior_shape: float = 4.0
    draws: int = 2_000

    def halo_m(self, kind: str) -> float:
        """Return the halving distance for a kind of control."""
        return self.halo_cyclist_m if kind == "cyclist" else self.halo_driver_m


def from_profile(profile: Mapping[str, Any]) -> SiteSettings:
    """Read the settings of an area profile; other keys are left alone."""
    known = {entry.name for entry in fields(SiteSettings)}
    return SiteSettings(
        **{key: value for key, value in profile.items() if key in known and value is not None}
    )
