"""Were controls held where they matter, or where it is easy?

The share within 3 km of the police station mirrors Holgersson (2014), who found half of Swedish
traffic controls there; the share in the best quarter of the ranking says how many were placed by
expected injuries. Shares are None where nothing is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.promises.records import Control

NEAR_STATION_M: Final = 3_000  # Holgersson 2014: 51 % of controls lay within 3 km of a station


def _share(answers: Sequence[bool]) -> float | None:
    """Return the share of yes; None without answers."""
    return round(sum(answers) / len(answers), 3) if answers else None


def quality(controls: Sequence[Control]) -> dict[str, Any]:
    """Measure where counted controls were held.

    Returns
    -------
    shares
        ``top_quarter_share``, ``near_station_share`` (0–1, None when unknown) and
        ``ranked_share``, the share whose reason was the ranking.
    """
    return {
        "top_quarter_share": _share(
            [one.top_quarter for one in controls if one.top_quarter is not None]
        ),
        "near_station_share": _share(
            [one.station_m <= NEAR_STATION_M for one in controls if one.station_m is not None]
        ),
        "ranked_share": _share([one.reason == "ranked" for one in controls]),
    }
