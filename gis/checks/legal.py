"""Which cases does the law itself leave open, and how serious are they here?

The classification names the cases J00–J30 (``flags``) and those of them where two things that
somebody saw stand against each other (``clashes``). Grades and words stand in
``rules/legal_cases.csv``; a clash has its ``grade_clash``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.checks.base import col
from gis.csvfile import rows
from gis.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

REASON: Final = "{reason}"


def load_cases() -> pd.DataFrame:
    """Read the legal cases, one row a code, index the code."""
    table = pd.DataFrame(rows(data_dir() / "rules" / "legal_cases.csv"))
    for name in ("grade", "grade_clash"):
        table[name] = pd.to_numeric(table[name], errors="coerce").astype("Int64")
    return table.set_index("code", drop=False)


def legal_hits(
    segments: pd.DataFrame, cases: pd.DataFrame, only: Collection[str] | None
) -> pd.DataFrame:
    """Turn the legal cases of each segment into hits with grade and words.

    Parameters
    ----------
    segments
        With ``segment_id``, ``flags`` and ``clashes`` (lists of codes).
    cases
        ``grade``, ``grade_clash``, ``message_sv`` and ``message_en``, index the code.
    only
        Codes to look for; None looks for all.

    Returns
    -------
    hits
        ``row``, ``segment_id``, ``check_id``, ``severity``, both messages and ``evidence``.
    """
    held = _held(segments, "flags").merge(
        _held(segments, "clashes").assign(clash=True), on=["row", "check_id"], how="left"
    )
    held = held[held["check_id"].isin(cases.index if only is None else [*only])]
    case = cases.loc[held["check_id"]].reset_index(drop=True)
    clash = held["clash"].eq(other=True).reset_index(drop=True)
    grade = case["grade_clash"].fillna(case["grade"]).where(clash, case["grade"])
    rows = held["row"].to_numpy()
    return held.drop(columns="clash").assign(
        segment_id=segments["segment_id"].to_numpy()[rows],
        severity=grade.to_numpy(dtype="int64"),
        message_sv=_worded(case["message_sv"], col(segments, "reason_sv"), rows),
        message_en=_worded(case["message_en"], col(segments, "reason_en"), rows),
        evidence="{}",
    )


def _worded(messages: pd.Series, reasons: pd.Series, rows: NDArray[np.intp]) -> NDArray[np.object_]:
    """Put the reason of the class, which names both sides, where a message asks for it."""
    told = reasons.to_numpy(dtype=object)[rows]
    pairs = zip(messages, told, strict=True)
    # A loop over findings: each holds the words of its own segment.
    texts = [
        text.replace(REASON, reason if isinstance(reason, str) else "").strip()
        for text, reason in pairs
    ]
    return np.array(texts, dtype=object)


def _held(segments: pd.DataFrame, name: str) -> pd.DataFrame:
    """List the codes of a list column: ``row``, ``check_id``."""
    codes = col(segments, name).to_numpy(dtype=object)
    held = pd.DataFrame({"row": np.arange(len(segments)), "check_id": codes})
    return held.explode("check_id").dropna(subset="check_id").drop_duplicates()
