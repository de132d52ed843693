"""What do all checks together say about the data?

Hits of the checks become findings: graded and worded by the table, told apart by a stable id.
Where a legal case and a check are the same cause, the check's message stands alone.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd

from gis import codes
from gis.checks.base import Layers, col
from gis.checks.discovery import all_checks
from gis.checks.legal import legal_hits, load_cases
from gis.checks.table import LANGUAGES, fill, load_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

COLUMNS: Final = (
    "finding_id",
    "segment_id",
    "check_id",
    "severity",
    "message_sv",
    "message_en",
    "evidence",
    "state",
)
UNKNOWN: Final = "–"
_ROW_TYPES: Final = {"row": "int64", "check_id": "str", "severity": "int64"}
_SAID: Final = ("source_id", "edited_at", "name", "path_class", "runner_up", "sign_class")
_NO_EVIDENCE: Final = ("row", "segment_id", "place", "other", "check_id", "severity")


def run(
    layers: Layers,
    only: Collection[str] | None = None,
    *,
    table: pd.DataFrame | None = None,
    cases: pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Ask every question and collect the answers.

    Parameters
    ----------
    layers
        Segments with facts and class, and what lies around them, in the working CRS.
    only
        Ids of checks and legal cases to ask; None asks all.
    table
        Grades and words of the checks; the shipped ones when absent.
    cases
        Grades and words of the legal cases, index the code; the shipped ones when absent.

    Returns
    -------
    findings
        One row a finding, ordered by segment and check, columns `COLUMNS` and ``geometry``:
        the place of the finding, in the CRS of the segments; ``state`` is ``open``.
    """
    words = load_table() if table is None else table
    asked = [c for c in all_checks() if only is None or c.check_id in only]
    parts = [_graded(c.flag(layers), c.check_id, words) for c in asked]
    told = [_worded(part, layers, words) for part in parts if len(part)]
    found = pd.concat(told, ignore_index=True) if told else pd.DataFrame(columns=[*COLUMNS])
    known = load_cases() if cases is None else cases
    legal = _without_twins(legal_hits(layers.segments, known, only), found, words)
    every = [part for part in (found, _placed(legal, layers)) if len(part)]
    return _finished(pd.concat(every, ignore_index=True) if every else None, layers)


def run_rows(
    facts: pd.DataFrame, decided: pd.DataFrame, *, table: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Ask what one row alone can answer: attributes and contradictions.

    Parameters
    ----------
    facts
        Facts of the objects, one row each.
    decided
        Their classification, same index.
    table
        Grades of the checks; the shipped ones when absent.

    Returns
    -------
    flags
        ``row`` (position in `facts`), ``check_id``, ``severity``.
    """
    words = load_table() if table is None else table
    columns = [name for name in decided.columns if name not in facts.columns]
    joined = pd.concat([facts, decided[columns]], axis=1).reset_index(drop=True)
    joined["segment_id"] = joined.index.astype("str")
    rows = Layers(segments=gpd.GeoDataFrame(joined))
    parts = [_graded(c.flag(rows), c.check_id, words) for c in all_checks() if c.row_local]
    some = [part[["row", "check_id", "severity"]] for part in parts if len(part)]
    if not some:
        return pd.DataFrame({"row": [], "check_id": [], "severity": []}).astype(_ROW_TYPES)
    flags = pd.concat(some, ignore_index=True).astype(_ROW_TYPES)
    return flags.sort_values(["row", "check_id"], ignore_index=True)


def _graded(hits: pd.DataFrame, check_id: str, words: pd.DataFrame) -> pd.DataFrame:
    """Give each hit its grade; `other` picks the table's second one."""
    if hits.empty:
        return pd.DataFrame({"row": [], "segment_id": [], "check_id": [], "severity": []})
    row = words.loc[[check_id]]
    grades = row["grade_other"].fillna(row["grade"]).iloc[0], row["grade"].iloc[0]
    second = col(hits, "other").eq(other=True) & bool(row["grade_other"].notna().iloc[0])
    grade = pd.Series(grades[1], index=hits.index).where(~second, grades[0]).astype("int64")
    return hits.assign(check_id=check_id, severity=grade, other=second)


def _worded(hits: pd.DataFrame, layers: Layers, words: pd.DataFrame) -> pd.DataFrame:
    """Write both messages and the evidence of one check's hits."""
    row = words.loc[hits["check_id"].iloc[0]]
    kept = (*COLUMNS, "subject", "geometry")
    values = _values(hits, layers)
    told = _placed(hits, layers).assign(evidence=_evidence(hits))
    for lang in LANGUAGES:
        named = _named(values, lang)
        text = fill(row[f"message_{lang}"], named, unknown=UNKNOWN)
        second = fill(row[f"message_other_{lang}"], named, unknown=UNKNOWN)
        told[f"message_{lang}"] = second.where(hits["other"], text)
    return told.drop(columns=[c for c in told.columns if c not in kept])


def _values(hits: pd.DataFrame, layers: Layers) -> pd.DataFrame:
    """Add what every message may name: the source with its date, the name and the class."""
    named = [name for name in _SAID if name in layers.segments.columns]
    own = pd.DataFrame(layers.segments)[named].iloc[hits["row"].to_numpy(dtype=np.intp)]
    origin = col(own, "source_id").astype("str").str.split(":").str[0].str.upper()
    seen = pd.to_datetime(col(own, "edited_at"), utc=True).dt.strftime("%Y-%m-%d")
    source = origin.fillna(UNKNOWN) + (" " + seen.astype("str")).where(seen.notna(), "")
    known = {
        "source": source.to_numpy(),
        "name": col(own, "name").to_numpy(),
        "own_class": col(own, "path_class").to_numpy(),
        "could_be_class": col(own, "runner_up").to_numpy(),
        "signed_class": col(own, "sign_class").to_numpy(),
    }
    return hits.assign(**{k: v for k, v in known.items() if k not in hits.columns})


def _named(values: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Name classes, whose columns end in ``_class``, and take the words of one language."""
    names = codes.load("path_class").labels(lang)
    columns, end = [str(name) for name in values.columns], f"_{lang}"
    held = [name for name in columns if name.endswith("_class")]
    told = {n: values[n].map(names).fillna(values[n]) for n in held}
    words = {n.removesuffix(end): values[n] for n in columns if n.endswith(end)}
    return values.assign(**told, **words)


def _evidence(hits: pd.DataFrame) -> pd.Series:
    """Write what the finding rests on as JSON; no date, so that a mere re-edit changes nothing."""
    kept = hits.drop(columns=[c for c in _NO_EVIDENCE if c in hits.columns])
    kept = kept.astype(object).where(kept.notna(), None)
    # A loop over hits: the JSON writer has no column form.
    text = [orjson.dumps(row, option=_JSON).decode() for row in kept.to_dict("records")]
    return pd.Series(text, index=hits.index, dtype="str")


_JSON: Final = orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY


def _placed(hits: pd.DataFrame, layers: Layers) -> pd.DataFrame:
    """Put each hit where it was found, or on its whole segment."""
    rows = hits["row"].to_numpy(dtype=np.intp)
    whole = layers.segments.geometry.to_numpy()[rows]
    place = col(hits, "place")
    geometry = np.where(place.notna(), place.to_numpy(dtype=object), np.asarray(whole, object))
    return hits.assign(
        geometry=geometry, subject=col(hits, "subject").fillna("").astype("str").to_numpy()
    )


def _without_twins(legal: pd.DataFrame, found: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """Leave out a legal case where a check has told the same cause at the same segment."""
    told = found.merge(twins(words), on="check_id")[["segment_id", "case"]].drop_duplicates()
    told = told.rename(columns={"case": "check_id"}).assign(told=True)
    marked = legal.merge(told, on=["segment_id", "check_id"], how="left")
    return marked[marked["told"].isna()].drop(columns="told").reset_index(drop=True)


def twins(words: pd.DataFrame) -> pd.DataFrame:
    """List which legal cases a check tells as well: ``check_id``, ``case``."""
    pairs = words["legal_cases"].str.split().explode().dropna()
    return pd.DataFrame({"check_id": pairs.index.astype("str"), "case": pairs.to_numpy()})


def _finished(findings: pd.DataFrame | None, layers: Layers) -> gpd.GeoDataFrame:
    """Give ids and order, and keep the columns of the layer."""
    if findings is None:
        none = pd.DataFrame({name: pd.Series([], dtype="str") for name in COLUMNS})
        return gpd.GeoDataFrame(
            none.astype({"severity": "int64"}), geometry=[], crs=layers.segments.crs
        )
    keys = findings["segment_id"] + "|" + findings["check_id"] + "|" + findings["subject"]
    out = findings.assign(finding_id=_ids(keys), state="open")
    out = out.drop_duplicates("finding_id")
    out = out.sort_values(["segment_id", "check_id", "subject"], ignore_index=True)
    typed = out[list(COLUMNS)].astype({"severity": "int64"})
    return gpd.GeoDataFrame(typed, geometry=list(out["geometry"]), crs=layers.segments.crs)


def _ids(keys: Iterable[str]) -> list[str]:
    """Make ids that are the same in every run: 15 letters of base 32 of a digest.

    A loop over keys, as a digest has no column form.

    Examples
    --------
    >>> _ids(["s1|A01|"])
    ['fxu43evix2eal6ct']
    """
    digests = b"".join(hashlib.sha256(key.encode()).digest()[:10] for key in keys)
    octets = np.frombuffer(digests, dtype=np.uint8).reshape(-1, 10)
    bits = np.unpackbits(octets, axis=1)[:, : 5 * _LETTERS].reshape(-1, _LETTERS, 5)
    numbers = np.packbits(bits, axis=2)[:, :, 0] >> np.uint8(3)
    text = _BASE32[numbers].reshape(-1).tobytes().decode("ascii")
    return ["f" + text[at : at + _LETTERS] for at in range(0, len(text), _LETTERS)]


_LETTERS: Final = 15
_BASE32: Final = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", dtype=np.uint8)
