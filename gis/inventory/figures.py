"""What is the state of the inventory, in figures?

Lengths are metres in the working CRS. Shares are of the length of segments of kind ``path``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis import codes

if TYPE_CHECKING:
    import pandas as pd

    from gis.store import Store

QUESTION = 2
CONTRADICTION = 3


def status(store: Store) -> dict[str, Any]:
    """Return the figures of ``gcvag status --json``.

    Returns
    -------
    figures
        ``classes``, ``confidence``, ``status`` (count and length of all kinds of segments),
        ``flags`` (count of open findings by check), ``coverage`` and ``imports``.
    """
    segments = store.layer("segments")
    findings = store.table("findings")
    live = segments[segments["status"].ne("retired")]
    return {
        "classes": _by(live, "path_class"),
        "confidence": _by(live, "confidence"),
        "status": _by(segments, "status"),
        "flags": _flags(findings),
        "coverage": coverage(live),
        "imports": [
            {
                "source": d.source,
                "kind": d.kind,
                "file": d.file_name,
                "date": d.date,
                "sha256": d.sha256,
                "imported_at": d.at.isoformat() if d.at else None,
                **dict(d.meta),
            }
            for d in store.deliveries()
        ],
    }


def coverage(live: pd.DataFrame) -> dict[str, Any]:
    """Return how much of the path network is inventoried and clear.

    Parameters
    ----------
    live
        Segments that are not retired; columns `kind`, `status`, `severity`, `path_class`,
        `confidence`, `length_m`.
    """
    paths = live[live["kind"].eq("path")]
    total = float(paths["length_m"].sum())
    inventoried = paths["status"].isin(["inspected", "decided"])
    clear = (
        paths["path_class"].ne("okand")
        & paths["confidence"].isin(["high", "medium"])
        & paths["severity"].lt(QUESTION)
    )
    return {
        "segments": len(live),
        "path_segments": len(paths),
        "path_length_m": round(total, 1),
        "inventoried_share": _share(paths.loc[inventoried, "length_m"].sum(), total),
        "clear_share": _share(paths.loc[clear, "length_m"].sum(), total),
        "questions": int(paths["severity"].eq(QUESTION).sum()),
        "contradictions": int(paths["severity"].eq(CONTRADICTION).sum()),
        "by_kind": _by(live, "kind"),
    }


def _share(part: float, whole: float) -> float:
    """Return a share rounded to a hundredth of a per cent; 0 of nothing."""
    return round(float(part) / whole, 4) if whole else 0.0


def _by(segments: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    """Return count and length by a column, in the order of its code list."""
    order = codes.load(column).codes
    grouped = segments.groupby(column, observed=True)["length_m"].agg(["size", "sum"])
    number, length_m = grouped["size"].to_dict(), grouped["sum"].round(1).to_dict()
    return [
        {column: code, "count": int(number[code]), "length_m": float(length_m[code])}
        for code in order
        if code in number
    ]


def _flags(findings: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the number of open findings by check, the weightiest first."""
    opened = findings[findings["state"].eq("open")]
    grouped = opened.groupby(["check_id", "severity"]).size().reset_index(name="number")
    weight = ["severity", "number", "check_id"]
    ordered = grouped.sort_values(weight, ascending=[False, False, True])
    rows = ordered.rename(columns={"number": "count"}).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]
