"""What does the page of the promises show to whom?

Everybody sees targets, what is done and the years before; planners and police also record what
was done. Drawings are small and each has its table; nothing says that a measure caused a change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.texts import page_texts
from api.work import measures as recorded
from api.work import promises as counting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RECORDERS: Final = ("planner", "police")
KINDS: Final = ("campaign", "pub_inspection", "presence", "night_walk", "training")
ORGANISERS: Final = ("police", "municipality", "lansstyrelsen", "association")
AUDIENCES: Final = ("drivers", "cyclists", "walkers")
GROUPS: Final = ("publican", "guard", "door_host")
SHARES: Final = ("top_quarter_share", "near_station_share", "ranked_share")
WIDE: Final = 320
HIGH: Final = 90
PAD: Final = 8


def contents(wish: counting.Wish) -> dict[str, Any]:
    """Gather what the page shows."""
    told = counting.answer(wish)
    recorder = wish.who is not None and wish.who.role in RECORDERS
    texts = page_texts(wish.lang)
    return {
        **told,
        "qualities": {row["id"]: quality(row["evidence"], texts) for row in told["promises"]},
        "follow": _drawn(counting.follow_up(wish._replace(year=told["year"]))),
        "measures": list(reversed(recorded.listed(wish.store))) if recorder else None,
        "kinds": KINDS,
        "organisers": ORGANISERS,
        "audiences": AUDIENCES,
        "groups": GROUPS,
    }


def quality(evidence: Mapping[str, Any], texts: Mapping[str, str]) -> list[str]:
    """Say where counted controls were held: shares for the police, districts for everybody."""
    said = [
        texts[f"promises.{name}"].format(share=round(100 * evidence[name]))
        for name in SHARES
        if evidence.get(name) is not None
    ]
    spread = evidence.get("districts") or {}
    if spread:
        parts = [f"{name or texts['promises.no_district']} {n}" for name, n in spread.items()]
        said.append(texts["promises.districts"].format(districts=", ".join(parts)))
    if evidence.get("afterwards"):
        said.append(texts["promises.afterwards"].format(n=evidence["afterwards"]))
    return said


def _drawn(follow: dict[str, Any]) -> dict[str, Any]:
    """Add to each series the line of its drawing."""
    return {
        **follow,
        "series": [{**one, "chart": chart(one["points"])} for one in follow["series"]],
    }


def chart(points: Sequence[Mapping[str, Any]]) -> list[dict[str, float]]:
    """Place the years of a series in a drawing that begins at zero; hidden numbers are left out.

    Examples
    --------
    >>> chart([{"year": 2024, "value": 2.0}, {"year": 2026, "value": 4.0}])
    [{'x': 8.0, 'y': 45.0}, {'x': 312.0, 'y': 8.0}]
    """
    known = [point for point in points if point["value"] is not None]
    if not known:
        return []
    first, last = known[0]["year"], known[-1]["year"]
    most = max(point["value"] for point in known) or 1.0
    step = (WIDE - 2 * PAD) / max(last - first, 1)
    return [
        {
            "x": round(PAD + (point["year"] - first) * step, 1),
            "y": round(HIGH - PAD - point["value"] / most * (HIGH - 2 * PAD), 1),
        }
        for point in known
    ]
