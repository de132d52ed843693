"""How far has the inventory come: over time, by district, by class, and how old is what we know?

A path counts from the day somebody saw or decided it. Everything is worked out from the segments
as they stand; shares are of length, paths only (kind ``path``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from gis import codes

if TYPE_CHECKING:
    from datetime import datetime

MONTHS: Final = 13
WEEKS: Final = 8
SEEN: Final = ("inspected", "decided")
NEVER: Final = "never"
AGES: Final = (("under_1", 1.0), ("under_3", 3.0), ("under_5", 5.0), ("older", np.inf))
DAYS_A_YEAR: Final = 365.25
QUESTION: Final = 2


def paths(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the live paths with `seen_at`, the day somebody saw or decided them last."""
    mine = segments[segments["kind"].eq("path") & segments["status"].ne("retired")]
    days = {
        name: pd.to_datetime(mine[name], utc=True).astype("datetime64[ns, UTC]")
        for name in ("inspected_at", "decided_at")
    }
    seen = pd.DataFrame(days, index=mine.index).max(axis=1)
    counts = mine["status"].isin(SEEN)
    return mine.assign(seen_at=seen.where(counts))


def over_time(found: pd.DataFrame, now: datetime) -> list[dict[str, Any]]:
    """Return the share that was seen at the end of each of the last months, oldest first.

    Parameters
    ----------
    found
        From `paths`.
    now
        Aware; the last point.

    Returns
    -------
    points
        ``month`` (``YYYY-MM``), ``length_m`` and ``share`` (0 of nothing).
    """
    last = pd.Timestamp(now).tz_convert("UTC").tz_localize(None).to_period("M")
    total = float(found["length_m"].sum())
    points = []
    for month in pd.period_range(end=last, periods=MONTHS, freq="M"):
        before = found["seen_at"].lt((month + 1).start_time.tz_localize("UTC"))
        length = float(found.loc[before, "length_m"].sum())
        points.append({"month": str(month), "length_m": length, "share": _share(length, total)})
    return points


def by(found: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    """Return what is seen and what there is by district or class; null is the empty text.

    Returns
    -------
    rows
        ``code``, ``done_m``, ``length_m``, ``share``; classes in the order of their list,
        districts by name.
    """
    known = found.assign(
        code=found[column].fillna("").astype(str),
        done_m=found["length_m"].where(found["seen_at"].notna(), 0.0),
    )
    summed = known.groupby("code")[["done_m", "length_m"]].sum()
    if column == "path_class":
        summed = summed.reindex([one for one in codes.load(column).codes if one in summed.index])
    return [
        {"code": code, "done_m": done, "length_m": length, "share": _share(done, length)}
        for code, (done, length) in zip(summed.index, summed.to_numpy().tolist(), strict=True)
    ]


def by_week(found: pd.DataFrame, now: datetime) -> list[dict[str, Any]]:
    """Return how many paths were seen in each of the last weeks and districts, newest first.

    Returns
    -------
    rows
        ``week`` (Monday, ``YYYY-MM-DD``), ``district``, ``count``, ``length_m``.
    """
    seen = found[found["seen_at"].notna()]
    monday = seen["seen_at"].dt.floor("D") - pd.to_timedelta(
        seen["seen_at"].dt.day_of_week, unit="D"
    )
    recent = monday.ge(pd.Timestamp(now) - pd.Timedelta(weeks=WEEKS))
    weeks = seen[recent].assign(
        week=monday[recent].dt.strftime("%Y-%m-%d"),
        district=seen.loc[recent, "district"].fillna("").astype(str),
    )
    summed = weeks.groupby(["week", "district"])["length_m"].agg(["size", "sum"]).reset_index()
    ordered = summed.sort_values(["week", "district"], ascending=[False, True])
    return [
        {"week": week, "district": district, "count": int(count), "length_m": float(length)}
        for week, district, count, length in ordered.itertuples(index=False)
    ]


def ages(found: pd.DataFrame, edited: pd.Series, now: datetime) -> list[dict[str, Any]]:
    """Return the length of paths by how old the newest knowledge of them is.

    Parameters
    ----------
    found
        From `paths`.
    edited
        When a source last changed a segment, by segment id; may lack any.
    now
        Aware.

    Returns
    -------
    rows
        ``code`` (of `AGES`, or ``never``), ``length_m``, ``share``.
    """
    known = edited.reindex(found["segment_id"]).set_axis(found.index)
    told = pd.to_datetime(known, utc=True, errors="coerce")
    newest = pd.concat([told.astype("datetime64[ns, UTC]"), found["seen_at"]], axis=1).max(axis=1)
    years = (pd.Timestamp(now) - newest).dt.total_seconds() / (DAYS_A_YEAR * 24 * 3600)
    limits = [-np.inf, *(limit for _, limit in AGES)]
    named = pd.cut(years, limits, labels=[code for code, _ in AGES], right=False)
    code = named.astype(object).where(named.notna(), NEVER)
    total = float(found["length_m"].sum())
    summed = found["length_m"].groupby(code).sum()
    return [
        {"code": one, "length_m": length, "share": _share(length, total)}
        for one in (*(code for code, _ in AGES), NEVER)
        if (length := float(summed.get(one, 0.0))) or one != NEVER
    ]


def questions(findings: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the open questions and contradictions by check, the most first."""
    asked = findings[findings["state"].eq("open") & findings["severity"].ge(QUESTION)]
    counted = asked.groupby(["check_id", "severity"]).size().rename("count").reset_index()
    ordered = counted.sort_values(["count", "check_id"], ascending=[False, True])
    return [
        {"check_id": str(check), "severity": int(severity), "count": int(count)}
        for check, severity, count in ordered.itertuples(index=False)
    ]


def _share(part: float, whole: float) -> float:
    """Return a share between 0 and 1; 0 of nothing."""
    return part / whole if whole else 0.0
