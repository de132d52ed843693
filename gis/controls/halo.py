"""What have earlier controls left to do?

D = Π over earlier controls of (1 − 2^(−d/L) · e^(−Δt/τ)), d along the network in metres, Δt in
days. The sources disagree on L and τ (EC ERSO against eprints.qut.edu.au/3952), so
both are settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.controls.network import Net, Spots, lixel_of, locate, reach

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    from gis.controls.settings import SiteSettings

    Floats = npt.NDArray[np.float64]

HALVINGS: Final = 5  # beyond five halvings less than 3 % is left
FORGOTTEN: Final = 5  # after five τ less than 1 % is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Halo:
    """Factor of each place, and the control that lowers it most (null where none does)."""

    factor: Floats
    distance_m: Floats
    days: Floats


def halo(
    net: Net, places: Spots, controls: gpd.GeoDataFrame, kind: str, settings: SiteSettings
) -> Halo:
    """Lower places near recent controls.

    Parameters
    ----------
    net
        The network.
    places
        The candidates on it.
    controls
        Points in the same CRS with ``days`` since the control; future ones are left out.
    kind
        Kind of control that is asked for.
    settings
        Distances and days.
    """
    size = len(places.edge)
    reach_m = settings.halo_m(kind)
    known = controls["days"].ge(0) & controls["days"].le(FORGOTTEN * settings.halo_days)
    recent = controls[known].reset_index(drop=True)
    nothing = np.full(size, np.nan)
    if recent.empty or not size:
        return Halo(factor=np.ones(size), distance_m=nothing, days=nothing)
    near = reach(net, locate(net, recent.geometry), HALVINGS * reach_m)
    pairs = pd.DataFrame(
        {"control": near.origin, "lixel": near.lixel, "distance_m": near.distance_m}
    ).merge(pd.DataFrame({"lixel": lixel_of(net, places), "place": range(size)}), on="lixel")
    pairs["days"] = recent["days"].to_numpy(float)[pairs["control"]]
    pairs["left"] = 1 - 2 ** (-pairs["distance_m"] / reach_m) * np.exp(
        -pairs["days"] / settings.halo_days
    )
    strongest = pairs.sort_values(["place", "left"]).drop_duplicates("place").set_index("place")
    strongest = strongest.reindex(range(size))
    product = pairs.groupby("place")["left"].prod().reindex(range(size)).fillna(1.0)
    return Halo(
        factor=product.to_numpy(),
        distance_m=strongest["distance_m"].to_numpy(),
        days=strongest["days"].to_numpy(),
    )
