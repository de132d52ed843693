"""What do the tags of OpenStreetMap say a way is?

Tags are first turned into what they say of people: may cyclists be here (`cyc`), may walkers
(`walk`), is the way divided (`division`). The same real path gives the same three answers however
it is mapped: as path, footway or cycleway of its own or as a side of a street. Then the first row
of ``rules/osm_reading.csv`` that fits gives one reading with its own reason. A tag that is missing
says nothing; what rests on a default is marked as presumed.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from gis.classify.series import chosen, cleared, flag, text, yes
from gis.classify.table import DecisionTable, first_match, load_table
from gis.classify.words import coded_column

RESULTS: Final = (
    "rule",
    "step",
    "path_class",
    "runner_up",
    "presumed",
    "reason_sv",
    "reason_en",
    "source",
)
# The tags that a reading may rest on, in the order in which a reason names them.
TAGS: Final = (
    "highway",
    "footway",
    "cycleway",
    "path",
    "crossing",
    "crossing:markings",
    "area",
    "living_street",
    "bicycle_road",
    "cyclestreet",
    "bicycle",
    "foot",
    "segregated",
    "incline",
    "shoulder",
    "bridge",
    "tunnel",
    "surface",
)
_ON_FOOT: Final = ("footway", "pedestrian", "steps")
_YES: Final = ("yes", "true", "1")
_SHOULDER: Final = (*_YES, "both", "left", "right")
_LANES: Final = ("lane", "opposite_lane")
_CROSSING_KEYS: Final = ("footway", "cycleway", "path")


def osm_table() -> DecisionTable:
    """Return the readings in their order, the most specific first."""
    return load_table("osm_reading", RESULTS)


def read_tags(facts: pd.DataFrame) -> pd.DataFrame:
    """Turn tags into what they say of people and place.

    Parameters
    ----------
    facts
        One row an object with ``kind`` and the tags as columns; an absent column is untagged.

    Returns
    -------
    said
        ``kind, way, grade, crossing, lane, cycle_street, area, sidewalk, incline, cyc, walk,
        division, park, houses, paved``: texts, null where nothing is said; index of `facts`.
    """
    tag = {key: text(facts, key) for key in (*TAGS, "side_tag", "side_value", "kind")}
    crosses = tag["kind"].eq("crossing")
    surface = coded_column("surface", tag["surface"])
    way = _way(tag)
    said = pd.DataFrame(
        {
            "kind": tag["kind"],
            "way": way,
            "grade": yes(tag["bridge"].notna() & tag["bridge"].ne("no") | _built(tag["tunnel"])),
            "crossing": _crossing(tag).where(crosses),
            "lane": _lane(tag, way),
            "cycle_street": yes(tag["bicycle_road"].isin(_YES) | tag["cyclestreet"].isin(_YES)),
            "area": yes(tag["area"].isin(_YES)),
            "sidewalk": yes(tag["footway"].eq("sidewalk") | tag["side_tag"].eq("sidewalk")),
            "incline": tag["incline"],
            "cyc": _cyc(tag, way),
            "walk": _walk(tag, way),
            "division": tag["segregated"].where(tag["segregated"].isin(("yes", "no"))),
            "park": flag(facts, "in_park"),
            "houses": yes(_among_houses(facts, surface)),
            "paved": yes(surface.eq("paved")),
        }
    )
    return said.apply(cleared)


def _among_houses(facts: pd.DataFrame, surface: pd.Series) -> pd.Series:
    """Tell which ways lie among houses and are no trodden track."""
    trodden = surface.eq("loose") | text(facts, "informal").isin(_YES)
    return flag(facts, "near_houses").eq("yes") & ~trodden


def read_osm(said: pd.DataFrame, *, known: pd.Series) -> pd.DataFrame:
    """Give each object the one reading of its tags.

    Parameters
    ----------
    said
        What `read_tags` returns.
    known
        Which objects have any tag at all; the others have no reading.

    Returns
    -------
    readings
        `RESULTS` as columns, null without a reading; index of `said`.
    """
    table = osm_table()
    rows = first_match(table, said)
    picked = table.results.iloc[rows].set_index(said.index).astype(object)
    picked = picked.replace("", None)
    return picked.where(known & picked["path_class"].notna(), None)


def has_tags(facts: pd.DataFrame) -> pd.Series:
    """Tell which objects OpenStreetMap says anything of."""
    told = pd.Series(data=False, index=facts.index)
    for key in (*TAGS, "side_tag"):
        if key in facts.columns:
            told |= facts[key].notna()
    return told


def tags_written(facts: pd.DataFrame) -> list[list[str]]:
    """List for each object the tags that its reading may rest on, as ``key=value``.

    A loop over rows: the parts are joined with a word of the reader's language afterwards.
    """
    keys = [key for key in TAGS if key in facts.columns and key not in {"surface", "path"}]
    told: list[list[str]] = [[] for _ in range(len(facts))]
    crossing = facts["kind"].eq("crossing").to_numpy(dtype=bool)
    for key in keys:
        column = text(facts, key)
        values = column.to_numpy(dtype=object)
        asked = column.notna().to_numpy() & (crossing | (key not in {"bridge", "tunnel"}))
        for row in np.flatnonzero(asked):
            told[row].append(f"{key}={values[row]}")
    return told


def _built(tunnel: pd.Series) -> pd.Series:
    """Tell which tunnels are built under something; a passage through a building is none."""
    return tunnel.notna() & ~tunnel.isin(("no", "building_passage", "covered"))


def _way(tag: dict[str, pd.Series]) -> pd.Series:
    """Say what the line is drawn as; the side of a street is drawn as what it is."""
    highway = tag["highway"]
    way = coded_column("way", highway)
    living = highway.eq("living_street") | tag["living_street"].isin(_YES)
    street = highway.notna() & way.isna()
    way = way.where(~street, "street").where(~living, "living_street").where(~way.eq("none"), None)
    way = way.where(~tag["side_tag"].eq("sidewalk"), "footway")
    path_side = tag["side_tag"].eq("cycleway") & ~tag["kind"].eq("lane")
    return way.where(~path_side, "cycleway").astype(object)


def _lane(tag: dict[str, pd.Series], way: pd.Series) -> pd.Series:
    """Say which lane of the carriageway is meant."""
    lane = tag["kind"].eq("lane") & (way.notna() | tag["side_value"].notna())
    lane |= tag["cycleway"].isin(_LANES) & way.isna() & tag["kind"].eq("lane")
    shoulder = tag["shoulder"].isin(_SHOULDER) | tag["cycleway"].eq("shoulder")
    shoulder &= tag["kind"].eq("street")
    return chosen([lane, shoulder], ["lane", "shoulder"])


def _crossing(tag: dict[str, pd.Series]) -> pd.Series:
    """Say how a crossing is marked."""
    by_value = coded_column("crossing", tag["crossing"])
    painted = coded_column("crossing", tag["crossing:markings"])
    painted = painted.where(~tag["crossing:markings"].isin(_YES), "zebra")
    return by_value.where(by_value.notna(), painted)


def _cyc(tag: dict[str, pd.Series], way: pd.Series) -> pd.Series:
    """Say whether cyclists may be here; a cycleway is made for them unless its tag denies it."""
    said = coded_column("access", tag["bicycle"])
    made = way.eq("cycleway") | (tag["cycleway"].eq("crossing") & tag["kind"].eq("crossing"))
    return said.where(~(made & ~said.eq("denied")), "designated")


def _walk(tag: dict[str, pd.Series], way: pd.Series) -> pd.Series:
    """Say whether walkers may be here; a footway is made for them unless its tag denies it."""
    said = coded_column("access", tag["foot"])
    return said.where(~(way.isin(_ON_FOOT) & ~said.eq("denied")), "designated")
