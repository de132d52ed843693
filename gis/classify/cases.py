"""How serious is a case that the law leaves open?

Grades stand in ``rules/legal_cases.csv``: 1 a note, 2 a question, 3 a contradiction. A case has
its higher grade where two things that somebody saw stand against each other.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from gis.csvfile import rows
from gis.settings import data_dir


@cache
def grades() -> dict[str, tuple[int, int]]:
    """Return the grade of each case, alone and in a clash."""
    table = rows(data_dir() / "rules" / "legal_cases.csv")
    return {
        row["code"]: (int(row["grade"]), int(row["grade_clash"] or row["grade"])) for row in table
    }


def graded_cases(decided: pd.DataFrame) -> pd.DataFrame:
    """Grade the legal cases of classified rows.

    Parameters
    ----------
    decided
        What `gis.classify.classify` returns.

    Returns
    -------
    cases
        ``row`` (position), ``check_id`` and ``severity``, one row a case.
    """
    held = pd.DataFrame({"row": np.arange(len(decided)), "check_id": decided["flags"].to_numpy()})
    held["clashes"] = decided["clashes"].to_numpy()
    held = held.explode("check_id").dropna(subset="check_id")
    known = grades()
    pairs = zip(held["check_id"], held["clashes"], strict=True)
    severity = [known[code][code in clashes] for code, clashes in pairs]
    return held.assign(severity=severity).drop(columns="clashes").reset_index(drop=True)
