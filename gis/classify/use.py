"""Who may be here, and by which paragraph?

Rights are those of Swedish law in ``rules/use.csv``, each row with its source and how far it was
verified; for other countries nothing is said. A plate that excludes mopeds changes the answer.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from gis.classify.table import DecisionTable, first_match, load_table
from gis.words import say

GROUPS: Final = ("foot", "bicycle", "moped2", "escooter")
COUNTRY: Final = "SE"
UNKNOWN: Final = "unknown"
RESULTS: Final = ("value", "paragraph", "text_sv", "text_en", "source", "verified")


def use_table() -> DecisionTable:
    """Return the rights in their order."""
    return load_table("use", RESULTS)


def uses(decided: pd.DataFrame, country: str) -> pd.DataFrame:
    """Say for each row and group whether it may be there.

    Parameters
    ----------
    decided
        ``path_class``, and where known ``forbids_moped`` (flag) and ``walk`` (what data say of
        walkers).
    country
        Two letters; outside SE everything is unknown.

    Returns
    -------
    uses
        Columns `GROUPS`: designated, allowed, not, unknown; index of `decided`.
    """
    if country.upper() != COUNTRY:
        return pd.DataFrame(UNKNOWN, index=decided.index, columns=list(GROUPS))
    table = use_table()
    asked = decided.reindex(columns=["path_class", "walk"]).astype(object)
    if "forbids_moped" in decided.columns:
        told = decided["forbids_moped"].eq(other=True)
        asked["forbids_moped"] = told.map({True: "yes", False: None})
    values = table.results["value"].to_numpy()
    return pd.DataFrame(
        {group: values[first_match(table, asked.assign(group=group))] for group in GROUPS},
        index=decided.index,
    )


def use_of(
    path_class: str, country: str = COUNTRY, *, forbids_moped: bool = False
) -> dict[str, dict[str, Any]]:
    """Say who may be on a class, with paragraph and words.

    Parameters
    ----------
    path_class
        A code of the list; an unknown one gives unknown.
    country
        Two letters; outside SE nothing is said but that the law is not entered.
    forbids_moped
        Whether a plate or sign excludes moped class II.

    Returns
    -------
    use
        For each of `GROUPS`: ``value``, ``paragraph``, ``text_sv``, ``text_en``, ``source``,
        ``verified``.

    Examples
    --------
    >>> use_of("gangbana")["bicycle"]["value"]
    'not'
    """
    if country.upper() != COUNTRY:
        return {group: _no_law() for group in GROUPS}
    table = use_table()
    moped = "yes" if forbids_moped else None
    asked = pd.DataFrame({"group": GROUPS, "path_class": path_class, "forbids_moped": moped})
    rows = table.results.iloc[first_match(table, asked)].to_dict("records")
    return {
        group: {str(k): v for k, v in row.items()} for group, row in zip(GROUPS, rows, strict=True)
    }


def _no_law() -> dict[str, Any]:
    """Say that the country's law is not entered."""
    words = {f"text_{lang}": say("reasons", "no_law", lang) for lang in ("sv", "en")}
    return {"value": UNKNOWN, "paragraph": "", **words, "source": "", "verified": ""}
