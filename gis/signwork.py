"""Where does a street need a sign, a plate or a marking before it says what it is?

One row for each open finding that a sign settles, and for each path whose class is known but that
no sign shows; which ones stands in ``data/geo/rules/sign_work.csv``. What became of a row is kept
in the history, under the id of the segment and the rule.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from gis import codes, csvfile
from gis.crs import to_wgs84
from gis.errors import NotFoundError
from gis.settings import data_dir
from gis.signs import catalogue
from gis.store import Entry
from gis.words import LANGUAGES, say

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.store import Store
    from gis.words import Language

ENTITY: Final = "sign_work"
TEXTS: Final = "signwork"
UNSIGNED: Final = "unsigned"
OPEN: Final = "open"
CERTAIN: Final = ("high", "medium")
SEEN: Final = ("decided", "inspected")
COLUMNS: Final = (
    "work_id",
    "segment_id",
    "name",
    "district",
    "lon",
    "lat",
    "severity",
    "stands",
    "need_sv",
    "need_en",
    "why_sv",
    "why_en",
)


class Change(NamedTuple):
    """How far somebody has come with one row."""

    state: str
    responsible: str
    note: str


def listed(store: Store, country: str) -> pd.DataFrame:
    """List the work on signs as it stands.

    Parameters
    ----------
    store
        The public store.
    country
        Whose signs are put up.

    Returns
    -------
    work
        One row each: `COLUMNS`, and `state`, `responsible`, `note` as they were left last.
    """
    needed = rows(store.layer("segments"), store.layer("findings"), country)
    states = {key: one.body for key, one in store.state(ENTITY).items()}
    return needed.assign(
        state=[str(states.get(one, {}).get("state", OPEN)) for one in needed["work_id"]],
        responsible=[str(states.get(one, {}).get("responsible", "")) for one in needed["work_id"]],
        note=[str(states.get(one, {}).get("note", "")) for one in needed["work_id"]],
    )


def rows(segments: gpd.GeoDataFrame, findings: gpd.GeoDataFrame, country: str) -> pd.DataFrame:
    """List what signs would settle, the gravest first.

    Parameters
    ----------
    segments, findings
        The layers, any CRS.
    country
        Whose signs are put up.

    Returns
    -------
    work
        `COLUMNS`; `lon` and `lat` are the middle of the segment.
    """
    live = segments[segments["status"].ne("retired")]
    asked = pd.concat([_contradicted(live, findings), _unsigned(live, country)])
    placed = asked.merge(_places(live), on="segment_id", how="inner")
    order = ["severity", "district", "name", "work_id"]
    sorted_ = placed.sort_values(order, ascending=[False, True, True, True], kind="stable")
    return sorted_[list(COLUMNS)].reset_index(drop=True)


def change(store: Store, work_id: str, told: Change, author: str) -> None:
    """Append how far somebody has come.

    Raises
    ------
    NotFoundError
        If the id names no rule of the table.
    CodeError
        If there is no such state.
    """
    segment_id, _, rule = work_id.rpartition(":")
    if rule not in {UNSIGNED, *_ruled("check")} or store.feature("segments", segment_id) is None:
        msg = f"there is no sign work {work_id[:80]!r}; take an id of the list"
        raise NotFoundError(msg)
    state = codes.load("sign_work_state")[told.state].code
    body = {"state": state, "responsible": told.responsible, "note": told.note}
    store.append([Entry(entity=ENTITY, entity_id=work_id, op="change", body=body, author=author)])


def _contradicted(live: gpd.GeoDataFrame, findings: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the open findings that a sign settles."""
    mine = findings["check_id"].isin(_ruled("check")) & findings["state"].eq(OPEN)
    found = findings[mine & findings["segment_id"].isin(live["segment_id"])]
    remedies = _remedies()
    return pd.DataFrame(
        {
            "work_id": found["segment_id"] + ":" + found["check_id"],
            "segment_id": found["segment_id"],
            "severity": found["severity"],
            **{
                f"need_{lang}": found["check_id"].map({k: v[lang] for k, v in remedies.items()})
                for lang in LANGUAGES
            },
            **{f"why_{lang}": found[f"message_{lang}"] for lang in LANGUAGES},
        }
    )


def _unsigned(live: gpd.GeoDataFrame, country: str) -> pd.DataFrame:
    """Return the paths whose class is known well enough and that no sign shows."""
    known = live["confidence"].isin(CERTAIN) | live["status"].isin(SEEN)
    bare = live["signs"].str.len().fillna(0).eq(0) & live["kind"].eq("path")
    found = live[known & bare & live["path_class"].isin(_ruled("class"))]
    needs = {
        lang: {code: _need(code, country, lang) for code in _ruled("class")} for lang in LANGUAGES
    }
    labels = codes.load("path_class")
    return pd.DataFrame(
        {
            "work_id": found["segment_id"] + ":" + UNSIGNED,
            "segment_id": found["segment_id"],
            "severity": 1,
            **{f"need_{lang}": found["path_class"].map(needs[lang]) for lang in LANGUAGES},
            **{
                f"why_{lang}": [
                    say(TEXTS, "why.unsigned", lang, label=labels[code].label(lang), reason=reason)
                    for code, reason in zip(
                        found["path_class"], found[f"reason_{lang}"], strict=True
                    )
                ]
                for lang in LANGUAGES
            },
        }
    )


def _need(code: str, country: str, lang: Language) -> str:
    """Name the sign of a country that shows a class."""
    held = catalogue.load(country).signs
    sign = next((one for one in held if one.role == "start" and one.path_class == code), None)
    if sign is None:
        return say(TEXTS, "need.none", lang, label=codes.load("path_class")[code].label(lang))
    label = sign.label_en if lang == "en" else sign.label_sv
    return say(TEXTS, "need.sign", lang, sign=sign.code, label=label)


def _places(live: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return name, district, middle in degrees and the known signs of every segment."""
    middle = to_wgs84(live.geometry.interpolate(0.5, normalized=True)).get_coordinates().round(6)
    return pd.DataFrame(
        {
            "segment_id": live["segment_id"],
            "name": live["name"],
            "district": live["district"],
            "lon": middle["x"],
            "lat": middle["y"],
            "stands": live["signs"].map(", ".join),
        }
    )


@cache
def _ruled(kind: str) -> tuple[str, ...]:
    """Return the codes of one kind of the table."""
    table = csvfile.rows(data_dir() / "rules" / "sign_work.csv")
    return tuple(row["code"] for row in table if row["kind"] == kind)


@cache
def _remedies() -> dict[str, dict[Language, str]]:
    """Return check id to what is done about it."""
    table = csvfile.rows(data_dir() / "rules" / "checks.csv")
    return {row["id"]: {lang: row[f"remedy_{lang}"] for lang in LANGUAGES} for row in table}
