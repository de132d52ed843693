"""What do the facts amount to, in the words of the decision table?

Each column here is a condition of ``rules/classification.csv``, ``legal_conditions.csv`` or
``reason_clauses.csv``: a text or null, flags as ``yes`` or null. Nothing is decided yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.classify.columns import FLAGS
from gis.classify.nvdb import read_nvdb
from gis.classify.osm import has_tags, read_osm, read_tags
from gis.classify.series import chosen, cleared, flag, text, yes
from gis.classify.words import coded
from gis.signs import load, parse, read

if TYPE_CHECKING:
    from collections.abc import Collection

MARKS: Final = ("M2", "M5", "M14", "M15", "M16")
# A GCM code that is a footpath; with a kerb it is a pavement.
FOOT_GCM: Final = ("115", "11", "12")
UNMARKED: Final = "R08a"
_CYCLE_MARKS: Final = ("cycle_symbol", "M1")
_DIVISION: Final = "division"
_NO_MARKING: Final = "none"


def signals(facts: pd.DataFrame) -> pd.DataFrame:
    """Turn facts into conditions.

    Parameters
    ----------
    facts
        With every column of `gis.classify.columns`, and tags.

    Returns
    -------
    signals
        Texts and nulls, index of `facts`; the reading of OSM has the prefix ``osm``.
    """
    said = read_tags(facts)
    osm = read_osm(said, known=has_tags(facts))
    nvdb = read_nvdb(text(facts, "gcm"), text(facts, "nattyp"))
    marks = _marks(facts["markings"])
    out = pd.concat([said, nvdb, marks, _signs(facts), _people(facts)], axis=1)
    for name in ("gcm", "nattyp", "passage", "nvdb_street", "keeper", "walk_side"):
        out[name] = text(facts, name)
    for name in FLAGS:
        out[name] = flag(facts, name)
    for name in ("oneway", "moped"):
        out[name] = text(facts, name)
    # A crossing of which nothing is said has a reading but no class to hold against others.
    out["osm"] = cleared(osm["path_class"].where(osm["step"].ne(UNMARKED)))
    out["osm_rule"], out["osm_step"] = osm["rule"], osm["step"]
    out["osm_runner_up"], out["presumed"] = osm["runner_up"], osm["presumed"]
    out["osm_sv"], out["osm_en"] = osm["reason_sv"], osm["reason_en"]
    out["has_tags"] = yes(has_tags(facts))
    out["form"] = _form(facts, out)
    out["divided"] = _divided(out)
    return out


def _marks(markings: pd.Series) -> pd.DataFrame:
    """Say which markings were seen; a word of the list that is unknown counts as seen."""
    seen = markings.map(_codes_of)
    out = {name: yes(seen.map(lambda codes, n=name: n in codes)) for name in MARKS}
    out["marked"] = yes(seen.map(lambda codes: bool(codes - {_NO_MARKING})))
    out["no_marking"] = yes(seen.map(lambda codes: codes == {_NO_MARKING}))
    out["division_marking"] = yes(seen.map(lambda codes: _DIVISION in codes))
    out["cycle_marking"] = yes(seen.map(lambda codes: not codes.isdisjoint(_CYCLE_MARKS)))
    frame = pd.DataFrame(out)
    told = [frame["division_marking"].notna(), frame["cycle_marking"].notna()]
    return frame.assign(mark_class=chosen(told, ["gc_atskild", "cykelbana"]))


def _codes_of(markings: Collection[str]) -> set[str]:
    return {coded("marking", word) or str(word) for word in markings}


def _signs(facts: pd.DataFrame) -> pd.DataFrame:
    """Say which class the signs imply, and how the other end compares."""
    start, end = text(facts, "sign_class"), text(facts, "sign_class_end")
    differs = start.notna() & end.notna() & start.ne(end)
    same = start.notna() & end.notna() & start.eq(end)
    return pd.DataFrame(
        {
            "sign": start.where(start.notna(), end),
            "sign_end": end.where(start.notna(), None),
            "sign_end_says": chosen([differs, same], ["differs", "same"]),
            "plate_permits_bicycle": flag(facts, "permits_bicycle"),
            "ban": text(facts, "ban"),
            "ends": flag(facts, "sign_ends"),
        }
    )


def _people(facts: pd.DataFrame) -> pd.DataFrame:
    """Say what regulation, documents, inspectors and planners say."""
    regulation = text(facts, "ltf_class")
    known = regulation.notna() | facts["ltf_id"].notna()
    observed = text(facts, "observed_class")
    return pd.DataFrame(
        {
            "decided": text(facts, "decided_class"),
            "regulation": regulation,
            "regulation_known": yes(known),
            "observed": observed.where(observed.ne("okand"), None),
            "document": text(facts, "document_class"),
        }
    )


def _form(facts: pd.DataFrame, out: pd.DataFrame) -> pd.Series:
    """Say whether the form shows a pavement.

    A kerb alone is none: cycle paths have kerbs too (NVDB GCM-separation 1). It counts where
    nothing says that cyclists belong here.
    """
    pavement = out["sidewalk"].notna() & out["way"].eq("footway")
    raised = text(facts, "separation").eq("kantsten")
    foot = out["gcm"].isin(FOOT_GCM) | (out["gcm"].isna() & ~out["nattyp"].eq("2"))
    foot &= out["osm"].isna() | out["osm"].eq("gangbana")
    closed = out["cyc"].isin(("designated", "allowed", "tolerated")) | out["walk"].eq("denied")
    return chosen([raised & foot & ~closed, pavement & ~closed], ["kerb", "pavement"])


def _divided(out: pd.DataFrame) -> pd.Series:
    """Say whether the path is divided, by paint or by tag."""
    divided = out["division_marking"].notna() | out["division"].eq("yes")
    shared = out["no_marking"].notna() | out["division"].eq("no")
    return chosen([divided, shared], ["yes", "no"])


def sign_facts(texts: pd.Series, country: str, plates: pd.Series | None = None) -> pd.DataFrame:
    """Turn texts that name signs into facts; each distinct text is read once.

    Parameters
    ----------
    texts
        Such as ``SE:D6,C10``; null for none.
    country
        The country of a sign that names none.
    plates
        Words on plates, same index; null for none.

    Returns
    -------
    facts
        ``sign`` (list of codes), ``sign_class``, ``second_class``, ``ban``, ``permits_bicycle``,
        ``forbids_moped``, ``permits_moped``, ``sign_ends``; index of `texts`.
    """
    load(country)
    words = plates if plates is not None else pd.Series(None, index=texts.index, dtype=object)
    pairs = pd.MultiIndex.from_arrays([texts.fillna(""), words.fillna("")])
    number, distinct = pd.factorize(pairs)
    readings = [read(parse(text, country), plate, country) for text, plate in distinct]
    table = pd.DataFrame(
        {
            "sign": pd.Series([list(r.codes) for r in readings], dtype=object),
            "sign_class": [r.path_class for r in readings],
            "second_class": [r.other_class for r in readings],
            "ban": [r.ban for r in readings],
            "permits_bicycle": [r.permits_bicycle for r in readings],
            "forbids_moped": [r.forbids_moped for r in readings],
            "permits_moped": [r.permits_moped for r in readings],
            "sign_ends": [r.ends for r in readings],
        }
    )
    return table.iloc[number].set_index(texts.index)
