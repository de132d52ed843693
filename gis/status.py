"""In which state is every segment?

The first that fits: retired, disputed, stale, decided, inspected, ambiguous, proposed. A person's
mark against data leaves the segment inspected, with its findings open; a mark against another
person's mark or against a decision makes it disputed. Nothing here decides a class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.checks import load_table
from gis.checks.asking import twins

if TYPE_CHECKING:
    from collections.abc import Hashable

    import geopandas as gpd

ORDER: Final = ("retired", "disputed", "stale", "decided", "inspected", "ambiguous", "proposed")
AMBIGUOUS_FROM: Final = 2
# Findings that ask for the class: a decision answers them. Geometry, topology and the sources'
# agreement with the decision remain.
_CLASS_GROUPS: Final = ("attribute", "contradiction")
_CLASS_CHECKS: Final = ("D07", "D08")
# Findings about a line: it rests on ground that changed, or two people drew it differently.
_LINE_STALE: Final = "E11"
_LINE_DISPUTED: Final = "E12"
_SEEN_KINDS: Final = ("mark", "visit", "split", "path")
_ANSWERING: Final = ("mark", "path")
_TIME: Final = "datetime64[us, UTC]"


def settle(
    segments: gpd.GeoDataFrame,
    findings: pd.DataFrame,
    observations: pd.DataFrame,
    decisions: pd.DataFrame,
) -> gpd.GeoDataFrame:
    """Give every segment its status, severity, flags and the times of people's work.

    Parameters
    ----------
    segments
        With ``segment_id`` and, where known, ``flags`` (legal cases of the classification),
        ``decided_stale`` (the evidence of a decision has changed), ``retired`` or ``valid_to``.
    findings
        With ``segment_id``, ``check_id``, ``severity``, ``state``; settled ones are not open.
    observations
        ``segment_id``, ``kind``, ``fields`` (a dict), ``observed_at``, ``received_at``, ``author``.
    decisions
        ``segment_id``, ``path_class``, ``author``, ``decided_at``.

    Returns
    -------
    segments
        The same rows with ``status``, ``severity`` (0–3), ``flags`` (sorted ids), ``inspected_at``
        and ``decided_at`` (UTC, null when nobody was there).
    """
    answers = marks(observations)
    latest = _latest(decisions, "decided_at")
    open_ = findings[findings["state"].eq("open")]
    ids = segments["segment_id"]
    severity = ids.map(open_.groupby("segment_id")["severity"].max()).fillna(0).astype("int64")
    out = segments.assign(
        severity=severity,
        flags=_flags(segments, open_).to_numpy(),
        inspected_at=_times(ids, _seen(observations)),
        decided_at=_times(ids, latest.set_index("segment_id")["decided_at"]),
    )
    fits = {
        "retired": _retired(segments),
        "disputed": ids.isin(disputed(answers, latest) | _asked(open_, _LINE_DISPUTED)),
        "stale": ids.isin(_stale(segments, latest) | _asked(open_, _LINE_STALE)),
        "decided": out["decided_at"].notna(),
        "inspected": out["inspected_at"].notna(),
        "ambiguous": severity.ge(AMBIGUOUS_FROM),
    }
    status = np.select([fits[name].to_numpy() for name in fits], list(fits), default=ORDER[-1])
    return out.assign(status=pd.Series(status, index=out.index, dtype="str"))


def settle_findings(findings: gpd.GeoDataFrame, decisions: pd.DataFrame) -> gpd.GeoDataFrame:
    """Resolve the findings about the class at segments that a planner has decided.

    Parameters
    ----------
    findings
        Columns of the layer.
    decisions
        Current decisions, with ``segment_id``.

    Returns
    -------
    findings
        The same rows; open class findings of decided segments are ``resolved``.
    """
    about = findings["check_id"].isin(class_checks()) | findings["check_id"].str.startswith("J")
    decided = findings["segment_id"].isin(decisions["segment_id"])
    settled = about & decided & findings["state"].eq("open")
    return findings.assign(state=findings["state"].mask(settled, "resolved"))


def carry_answers(findings: gpd.GeoDataFrame, answers: pd.DataFrame) -> gpd.GeoDataFrame:
    """Keep accepted findings accepted while the evidence stands on which somebody accepted them.

    Parameters
    ----------
    findings
        Findings of this run.
    answers
        What people answered: ``finding_id``, ``state`` and the ``evidence`` of that time; the
        last row of an id counts, and ``open`` takes the ones before back.

    Returns
    -------
    findings
        The same rows with ``state``; where the evidence has changed the finding is open again.
    """
    newest = answers.drop_duplicates("finding_id", keep="last")
    last = newest[newest["state"].ne("open")].set_index("finding_id")
    state = findings["finding_id"].map(last["state"])
    same = findings["finding_id"].map(last["evidence"]).eq(findings["evidence"])
    return findings.assign(state=findings["state"].mask(same & state.notna(), state))


def class_checks() -> tuple[str, ...]:
    """List the checks whose question a decision about the class answers."""
    table = load_table()
    asked = table["group"].isin(_CLASS_GROUPS) & table["grade"].ge(AMBIGUOUS_FROM)
    return (*table["id"][asked], "A10", *_CLASS_CHECKS)


def marks(observations: pd.DataFrame) -> pd.DataFrame:
    """Read which class each person saw last at each segment.

    Returns
    -------
    marks
        ``segment_id``, ``author``, ``path_class``, ``observed_at``; only marks that name a class,
        one row a person and segment: one's own later mark replaces one's own.
    """
    said = observations[observations["kind"].isin(_ANSWERING)]
    # A loop over marks: their fields are a dict each.
    named = [_class_of(fields) for fields in said["fields"]]
    said = said.assign(path_class=pd.Series(named, index=said.index, dtype=object))
    said = said[said["path_class"].notna()].sort_values(["observed_at", "received_at"])
    last = said.drop_duplicates(["segment_id", "author"], keep="last")
    return last[["segment_id", "author", "path_class", "observed_at"]].reset_index(drop=True)


def first_answers(marks_: pd.DataFrame) -> pd.Series:
    """Tell which class stands while people disagree: the first answer, by segment."""
    ordered = marks_.sort_values(["segment_id", "observed_at", "author"])
    return ordered.drop_duplicates("segment_id").set_index("segment_id")["path_class"]


def disputed(marks_: pd.DataFrame, decisions: pd.DataFrame) -> set[Hashable]:
    """List the segments where two people, or a person and a decision, say different things.

    A mark made before the decision was known to the planner; only a later one disputes it.
    """
    decided = marks_.merge(
        decisions[["segment_id", "path_class", "decided_at"]],
        on="segment_id",
        how="left",
        suffixes=("", "_decided"),
    )
    free = decided["decided_at"].isna()
    kinds = decided[free].groupby("segment_id")["path_class"].nunique()
    later = decided["observed_at"].gt(decided["decided_at"])
    other = decided["path_class"].ne(decided["path_class_decided"])
    return set(kinds[kinds.gt(1)].index) | set(decided["segment_id"][~free & later & other])


def _class_of(fields: object) -> object:
    return fields.get("path_class") if isinstance(fields, dict) else None


def _latest(decisions: pd.DataFrame, time: str) -> pd.DataFrame:
    """Keep the last decision of each segment."""
    ordered = decisions.sort_values(time, kind="stable")
    return ordered.drop_duplicates("segment_id", keep="last").reset_index(drop=True)


def _seen(observations: pd.DataFrame) -> pd.Series:
    """Tell when somebody was last at each segment."""
    there = observations[observations["kind"].isin(_SEEN_KINDS)]
    return there.groupby("segment_id")["observed_at"].max()


def _stale(segments: pd.DataFrame, latest: pd.DataFrame) -> set[Hashable]:
    """List the decided segments whose evidence has changed."""
    if "decided_stale" not in segments.columns:
        return set()
    changed = segments["segment_id"][segments["decided_stale"].eq(other=True)]
    return set(changed) & set(latest["segment_id"])


def _asked(open_: pd.DataFrame, check_id: str) -> set[Hashable]:
    """List the segments where a check's finding is open."""
    return set(open_["segment_id"][open_["check_id"].eq(check_id)])


def _retired(segments: pd.DataFrame) -> pd.Series:
    """Tell which segments are no longer there."""
    gone = pd.Series(data=False, index=segments.index)
    if "retired" in segments.columns:
        gone |= segments["retired"].eq(other=True)
    if "valid_to" in segments.columns:
        gone |= segments["valid_to"].notna()
    return gone


def _flags(segments: pd.DataFrame, open_: pd.DataFrame) -> pd.Series:
    """Collect the ids of open findings, and the legal cases that an open check tells as well."""
    own = open_[["segment_id", "check_id"]]
    cases = pd.DataFrame({"segment_id": segments["segment_id"], "case": _cases(segments)})
    cases = cases.explode("case").dropna()
    told = own.merge(twins(load_table()), on="check_id").merge(cases, on=["segment_id", "case"])
    told = told[["segment_id", "case"]].rename(columns={"case": "check_id"})
    every = pd.concat([own, told], ignore_index=True).drop_duplicates()
    found = segments["segment_id"].map(_lists(every.sort_values(["segment_id", "check_id"])))
    # Each segment without flags gets a list of its own, never null.
    return pd.Series(
        [ids if isinstance(ids, list) else [] for ids in found], index=segments.index, dtype=object
    )


def _lists(sorted_: pd.DataFrame) -> pd.Series:
    """Put the checks of each segment into one list; rows come sorted by segment."""
    ids, checks = sorted_["segment_id"].to_numpy(dtype=object), sorted_["check_id"].tolist()
    first = np.flatnonzero(np.append(True, ids[1:] != ids[:-1])[: len(ids)])
    lists = [checks[a:b] for a, b in zip(first, [*first[1:], len(ids)][: len(first)], strict=True)]
    return pd.Series(lists, index=ids[first], dtype=object)


def _cases(segments: pd.DataFrame) -> pd.Series:
    if "flags" in segments.columns:
        return segments["flags"]
    return pd.Series(None, index=segments.index, dtype=object)


def _times(ids: pd.Series, known: pd.Series) -> pd.Series:
    """Look up a time for each id; null where none is known."""
    times = pd.to_datetime(known, utc=True).astype(_TIME)
    return times.reindex(ids).set_axis(ids.index)
