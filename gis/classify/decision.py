"""Which class does the evidence give, how sure is it, and what stays open?

The first row of ``rules/classification.csv`` that fits decides; then ``legal_conditions.csv``
lists the cases that the law leaves open. The answer depends on the facts of its own row alone, so
each distinct combination of facts is decided once and given to all rows that share it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis import codes
from gis.classify.columns import FLAGS, LISTS, TEXTS, complete
from gis.classify.osm import TAGS
from gis.classify.reasons import reasons
from gis.classify.series import chosen, cleared, yes
from gis.classify.signals import signals
from gis.classify.table import DecisionTable, all_matches, first_match, load_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLUMNS: Final = (
    "path_class",
    "confidence",
    "runner_up",
    "basis",
    "rule",
    "reason_sv",
    "reason_en",
    "flags",
    "clashes",
    "space",
)
RESULTS: Final = (
    "rule",
    "path_class",
    "confidence",
    "runner_up",
    "basis",
    "reason_sv",
    "reason_en",
    "source",
)
# The strongest first: a class that one of them names and that was not taken is the runner-up.
CANDIDATES: Final = (
    "regulation",
    "sign",
    "sign_end",
    "mark_class",
    "observed",
    "document",
    "nvdb",
    "osm",
)
_LEGAL: Final = ("code", "clash", "note")
_CONFLICT: Final = ("source",)
_FROM: Final = "="
_OWN_REASON: Final = "{osm_reason}"
# Signs that differ at the two ends bind by direction (TF 2:2), so the class is never certain.
_CAPPED: Final = "medium"
_ASKED_TAGS: Final = (*TAGS, "oneway", "moped")
# Codes stay below this when combinations are numbered in 64 bits.
_ROOM: Final = 2**60


def classification_table() -> DecisionTable:
    """Return the decision table in its order."""
    return load_table("classification", RESULTS)


def classify(facts: pd.DataFrame, country: str) -> pd.DataFrame:
    """Give each row exactly one class with a reason.

    Parameters
    ----------
    facts
        One row a segment or object: columns of `gis.classify.columns` and tags; what is absent is
        not known. Any index.
    country
        Two letters; legal cases that rest on Swedish law are listed for SE only.

    Returns
    -------
    decided
        `COLUMNS`, index of `facts`: ``path_class``, ``confidence`` (high, medium, low, none),
        ``runner_up`` (null for none), ``basis``, ``rule``, both reasons, ``flags`` (list of J
        codes), ``clashes`` (those of them where two seen things disagree) and ``space``.
    """
    number, first = combinations(facts)
    few = complete(facts[_asked(facts)].iloc[first].reset_index(drop=True))
    # Objects are shared between the rows of a combination; texts would be copied for each.
    decided = _decide(few, country.upper()).astype(object)
    return decided.iloc[number].set_index(facts.index)


def combinations(facts: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find the distinct combinations of facts.

    Parameters
    ----------
    facts
        Any of the columns that a decision may rest on.

    Returns
    -------
    number, first
        The combination of each row, and the first row of each combination.
    """
    key = np.zeros(len(facts), dtype=np.int64)
    room = 1
    for name in _asked(facts):
        column = facts[name].map(tuple) if name in LISTS else facts[name]
        code, values = pd.factorize(column)
        if len(values) <= 1 and not (code < 0).any():
            continue
        size = len(values) + 1
        if room * size > _ROOM:
            key, distinct = pd.factorize(key)
            room = len(distinct)
        key, room = key * size + code + 1, room * size
    number, _ = pd.factorize(key)
    first = np.flatnonzero(~pd.Series(number).duplicated().to_numpy())
    return number, first


def _asked(facts: pd.DataFrame) -> list[str]:
    """List the columns that a decision may rest on."""
    return [name for name in (*TEXTS, *LISTS, *FLAGS, *_ASKED_TAGS) if name in facts.columns]


def _decide(facts: pd.DataFrame, country: str) -> pd.DataFrame:
    """Decide distinct combinations."""
    frame = signals(facts)
    table = classification_table()
    row = table.results.iloc[first_match(table, frame)].reset_index(drop=True)
    frame["path_class"] = _taken(row["path_class"], frame)
    own = row["reason_sv"].eq(_OWN_REASON)
    frame["rule"] = row["rule"].where(~own, frame["osm_rule"]).astype(object)
    frame["basis"] = row["basis"].astype(object)
    frame["osm_decided"] = yes(own)
    frame["rule_sv"], frame["rule_en"] = row["reason_sv"], row["reason_en"]
    frame = _compared(frame)
    out = pd.DataFrame({"path_class": frame["path_class"]})
    out["confidence"] = _confidence(row["confidence"], frame)
    out["runner_up"] = _runner_up(_taken(row["runner_up"], frame), frame)
    out["basis"], out["rule"] = frame["basis"], frame["rule"]
    for name, texts in reasons(facts, frame).items():
        out[name] = texts
    out["flags"], out["clashes"] = _flags(frame, country)
    spaces = {code.code: code.more["space"] for code in codes.load("path_class").rows}
    out["space"] = frame["path_class"].map(spaces)
    return out[list(COLUMNS)]


def _taken(cells: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """Resolve a result cell: a code, or ``=name`` for what that signal holds."""
    value = cells.astype(object).where(cells.ne(""), None)
    for name in cells[cells.str.startswith(_FROM)].str.removeprefix(_FROM).unique():
        value = value.where(cells.ne(_FROM + name), frame[name])
    return value


def _compared(frame: pd.DataFrame) -> pd.DataFrame:
    """Say for each source whether it says the same, differs, or speaks against the class."""
    taken = frame["path_class"]
    told = frame.assign(
        nvdb_says=_opposition(frame, "nvdb", ("n_cyc", "n_walk", "n_division")),
        osm_says=_opposition(frame, "osm", ("cyc", "walk", "division")),
    )
    for name, says in (("sign", "sign_says"), ("mark_class", "mark_says")):
        differs = frame[name].notna() & frame[name].ne(taken)
        same = frame[name].notna() & ~differs
        told[says] = chosen([differs, same], ["differs", "same"])
    return told


def _opposition(frame: pd.DataFrame, source: str, says: tuple[str, str, str]) -> pd.Series:
    """Hold what a source says of people against the class that was taken."""
    table = load_table("conflicts", _CONFLICT, every=True)
    cyc, walk, division = says
    asked = pd.DataFrame(
        {
            "path_class": frame["path_class"],
            "says": frame[source],
            "cyc": frame[cyc].where(frame[source].notna(), None),
            "walk": frame[walk].where(frame[source].notna(), None),
            "division": frame[division].where(frame[source].notna(), None),
        }
    )
    against = pd.Series(all_matches(table, asked).any(axis=1), index=frame.index)
    same = frame[source].notna() & frame[source].eq(frame["path_class"])
    return chosen([against, same], ["oppose", "same"])


def _confidence(confidence: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """Lower the certainty where the signs at the two ends differ."""
    capped = frame["sign_end_says"].eq("differs") & frame["basis"].eq("sign")
    return confidence.astype(object).where(~(capped & confidence.eq("high")), _CAPPED)


def _runner_up(default: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """Find the class that other evidence names, else the rule's own second choice.

    Above data only what speaks against the class counts, not what says less of it.
    """
    taken = frame["path_class"]
    strong = ~frame["basis"].isin(("data", "none"))
    found = pd.Series(None, index=frame.index, dtype=object)
    for name in CANDIDATES:
        other = frame[name].notna() & frame[name].ne(taken) & frame[name].ne("okand")
        if f"{name}_says" in frame.columns and name in {"nvdb", "osm"}:
            other &= ~strong | frame[f"{name}_says"].eq("oppose")
        found = found.where(found.notna() | ~other, frame[name])
    found = found.where(found.notna(), default)
    return cleared(found.where(found.ne(taken) & found.notna(), None))


def _flags(frame: pd.DataFrame, country: str) -> tuple[list[list[str]], list[list[str]]]:
    """List the legal cases of each row, and those of them that are a clash.

    A loop over combinations, as lists have no column form.
    """
    table = load_table("legal_conditions", _LEGAL, every=True)
    told = table.results["code"].to_numpy()
    clash = table.results["clash"].eq("yes").to_numpy()
    fits = all_matches(table, frame.assign(country=country))
    return (
        [sorted(set(told[row])) for row in fits],
        [sorted(set(told[row & clash])) for row in fits],
    )
