"""What is this, by the evidence stated? The decision alone, without a store.

Each object is answered by itself: class, reason, what stays open and who may be there. Any JSON
value is answered; what cannot be read counts as not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from gis.checks import run_rows
from gis.classify import classify, graded_cases, uses
from gis.classify.asked import asked_facts
from gis.classify.osm import read_tags
from gis.errors import CodeError
from gis.signs import COUNTRIES

if TYPE_CHECKING:
    from collections.abc import Sequence

QUESTION: Final = 2
PRESUMED: Final = 1
NO_OBJECT: Final = "an asked object must be a JSON object"
_PLAIN: Final = ("path_class", "confidence", "runner_up", "basis", "rule", "reason_sv", "reason_en")


def decide_objects(objects: Sequence[object], country: str = "SE") -> list[dict[str, Any]]:
    """Decide objects by what they state.

    Parameters
    ----------
    objects
        JSON objects as interface section 4 has them; anything else gives an error in its place.
    country
        SE, FI, DE, NO or DK; rights are given for SE only.

    Returns
    -------
    answers
        One an object in the same order: ``id, path_class, confidence, runner_up, basis, rule,
        reason_sv, reason_en, flags, severity, ambiguous, use, space``, or ``id`` (null) and
        ``error``.

    Raises
    ------
    CodeError
        If there is no sign catalogue for the country.

    Examples
    --------
    >>> decide_objects([{"id": 1, "signs": ["SE:D6"]}])[0]["path_class"]
    'gc_gemensam'
    """
    code = country.upper()
    if code not in COUNTRIES:
        msg = f"there are no signs of country {country!r}; ask for one of {', '.join(COUNTRIES)}"
        raise CodeError(msg)
    asked = [thing for thing in objects if isinstance(thing, dict)]
    answers = iter(_answers(asked, code) if asked else [])
    return [
        next(answers) if isinstance(thing, dict) else {"id": None, "error": NO_OBJECT}
        for thing in objects
    ]


def _answers(asked: list[dict[str, Any]], country: str) -> list[dict[str, Any]]:
    """Answer objects by whole columns."""
    facts = asked_facts(asked, country)
    decided = classify(facts, country)
    graded = _graded(facts, decided)
    severity = _severity(graded, decided)
    listed = _listed(graded, len(asked))
    walk = read_tags(facts)["walk"]
    groups = uses(decided.assign(forbids_moped=facts["forbids_moped"], walk=walk), country)
    plain = decided[list(_PLAIN)].to_dict("records")
    columns = (asked, plain, listed, severity, groups.to_dict("records"), decided["space"])
    return [
        {
            "id": thing.get("id"),
            **{str(key): value for key, value in row.items()},
            "flags": flags,
            "severity": grade,
            "ambiguous": grade >= QUESTION,
            "use": {str(group): value for group, value in use.items()},
            "space": space,
        }
        for thing, row, flags, grade, use, space in zip(*columns, strict=True)
    ]


def _graded(facts: pd.DataFrame, decided: pd.DataFrame) -> pd.DataFrame:
    """Collect legal cases and row-local checks: ``row``, ``check_id``, ``severity``."""
    parts = [graded_cases(decided), run_rows(facts, decided)]
    return pd.concat([part[["row", "check_id", "severity"]] for part in parts], ignore_index=True)


def _severity(graded: pd.DataFrame, decided: pd.DataFrame) -> list[int]:
    """Grade each row by its highest finding; what only data say is a note at least."""
    highest = graded.groupby("row")["severity"].max().reindex(range(len(decided)), fill_value=0)
    presumed = decided["basis"].eq("data") | decided["confidence"].eq("low")
    floor = np.where(presumed.to_numpy(dtype=bool), PRESUMED, 0)
    return [int(grade) for grade in np.maximum(highest.to_numpy(dtype="int64"), floor)]


def _listed(graded: pd.DataFrame, size: int) -> list[list[str]]:
    """List the ids of each row's findings in order."""
    known: dict[Any, list[str]] = {
        row: sorted(set(ids)) for row, ids in graded.groupby("row")["check_id"]
    }
    return [known.get(row, []) for row in range(size)]
