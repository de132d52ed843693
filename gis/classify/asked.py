"""Which facts does an asked object state?

An object is what ``gcvag decide`` and ``POST /api/decide`` take: tags, NVDB columns, signs,
markings, a regulation, what somebody saw. Values of the wrong type or words that nobody knows are
not known; nothing here raises. Objects are read one by one, as JSON has no columns; everything
after is by whole columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gis.classify.columns import complete
from gis.classify.nvdb import crossing_codes
from gis.classify.people import listed, listed_text, metres
from gis.classify.series import cleared, text
from gis.classify.signals import sign_facts
from gis.classify.words import MISSING, coded, gcm, path_class, plain, words
from gis.network.sides import SIDES, own_columns, sides_of
from gis.signs import parse, says_none
from gis.sources.tables import SIDE_TAGS, tag_keys, tag_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

KINDS: Final = ("path", "lane", "street", "crossing")
NVDB_STREETS: Final = ("gagata", "gangfartsomrade")
LANE_GCM: Final = ("120", "2")
_ABSENT: Final = (*MISSING, "0", "no", "nej", "false")
_LTF_CLASS: Final = ("path_class", "class", "kind", "type", "typ")
_LTF_ID: Final = ("ltf_id", "id", "beteckning", "Beteckning")
_CROSSING_MARKS: Final = ("M15", "M16")
_CROSSING_SIGNS: Final = ("cykeloverfart", "overgangsstalle")
_PATHS: Final = "path"
# Which side of a street an object without a kind is: a track before a lane, never a pavement.
_SIDE_ORDER: Final = (("cycleway", "path"), ("cycleway", "lane"), ("sidewalk", "path"))


def asked_facts(objects: Sequence[Mapping[str, Any]], country: str) -> pd.DataFrame:
    """Turn asked objects into facts.

    Parameters
    ----------
    objects
        As interface section 4 has them; every key is optional.
    country
        The country of a sign that names none.

    Returns
    -------
    facts
        One row an object in their order, RangeIndex: columns of `gis.classify.columns` and tags.
    """
    # Columns of objects: a null must stay None, whatever stands in the other rows.
    rows = pd.DataFrame([_row(asked) for asked in objects], dtype=object).apply(cleared)
    tags = _tags([_mapping(asked.get("osm")) for asked in objects])
    stated = rows.join(tags) if len(rows) else rows.reindex(columns=["raw", "raw_end", "plate"])
    facts = _with_sides(stated, tags)
    facts = _with_signs(facts, country)
    facts["kind"] = [_kind(row) for row in _records(facts)]
    return complete(facts.drop(columns=["raw", "raw_end"], errors="ignore"))


def _mapping(value: object) -> Mapping[str, Any]:
    """Return an object of JSON; anything else says nothing."""
    return value if isinstance(value, dict) else {}


def _row(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Read what stands beside the tags."""
    kind = plain(asked.get("kind"))
    seen = _mapping(asked.get("observed"))
    tags = _mapping(asked.get("osm"))
    return {
        "kind": kind if kind in KINDS else None,
        "raw": listed_text(asked.get("signs")) or listed_text(seen.get("signs")),
        "raw_end": listed_text(asked.get("signs_end")) or listed_text(seen.get("signs_end")),
        "plate": " ".join(listed(asked.get("plate")) or listed(seen.get("plate"))) or None,
        "markings": _markings(asked.get("markings")) or _markings(seen.get("markings")),
        "separation": coded("separation", asked.get("separation"))
        or coded("separation", tags.get("separation")),
        "width_m": metres(asked.get("width_m")) or metres(tags.get("width")),
        "observed_class": path_class(seen.get("path_class")),
        "decided_class": path_class(_mapping(asked.get("decided")).get("path_class")),
        "document_class": path_class(_mapping(asked.get("document")).get("path_class")),
        "in_park": asked.get("in_park") is True or tags.get("leisure") == "park",
        "near_houses": asked.get("near_houses") is True,
        "near_school": asked.get("near_school") is True,
        "bicycle_route": asked.get("bicycle_route") is True,
        **_ltf(asked.get("ltf")),
        **_nvdb(_mapping(asked.get("nvdb"))),
    }


def _markings(value: object) -> list[str]:
    """Read markings as their codes; a word that nobody knows is kept as it is."""
    return [coded("marking", word) or word for word in listed(value)]


def _ltf(value: object) -> dict[str, str | None]:
    """Read a local traffic regulation: its class and its id, or a bare word for either."""
    told = _mapping(value)
    if not told:
        word = plain(value)
        return {"ltf_class": path_class(word), "ltf_id": None if path_class(word) else word or None}
    classes = (path_class(told.get(key)) for key in _LTF_CLASS)
    ids = (plain(told.get(key)) for key in _LTF_ID)
    return {"ltf_class": next(filter(None, classes), None), "ltf_id": next(filter(None, ids), None)}


def _nvdb(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Read NVDB columns by any of their names; what is missing there is not stated here."""
    names = words("nvdb_column")
    told: dict[str, Any] = {}
    for name, value in columns.items():
        column = names.get(str(name).casefold().strip())
        if column and plain(value).casefold() not in MISSING:
            told.setdefault(column, value)
    streets = [name for name in NVDB_STREETS if _present(columns, name)]
    read: dict[str, Any] = {
        "gcm": gcm(told.get("gcm")),
        "nattyp": coded("nattyp", told.get("nattyp")),
        "passage": coded("passage", told.get("passage")),
        "keeper": plain(told.get("keeper")).casefold() or None,
        "nvdb_street": streets[0] if streets else None,
    }
    separation = coded("separation", told.get("separation"))
    if separation:
        read["separation"] = separation
    if streets and plain(told.get("ltf_id")):
        read["ltf_id"] = plain(told["ltf_id"])
    if "width_m" in told and metres(told["width_m"]):
        read["width_m"] = metres(told["width_m"])
    return read


def _present(columns: Mapping[str, Any], name: str) -> bool:
    """Tell whether a layer that is there or not is there."""
    names = words("nvdb_column")
    held = [value for key, value in columns.items() if names.get(str(key).casefold()) == name]
    return any(value is True or plain(value).casefold() not in _ABSENT for value in held)


def _tags(objects: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Lay known tags out as columns; a value that is no text or number is not tagged."""
    known = frozenset(tag_keys())
    rows = [
        {str(key): _tag_value(value) for key, value in tags.items() if str(key) in known}
        for tags in objects
    ]
    frame = pd.DataFrame(rows, index=pd.RangeIndex(len(rows)), dtype=object)
    return frame.drop(columns=["separation"], errors="ignore").apply(cleared)


def _tag_value(value: object) -> str | None:
    """Write a tag's value; true and false as OpenStreetMap writes them."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) or None


def _with_sides(stated: pd.DataFrame, tags: pd.DataFrame) -> pd.DataFrame:
    """Resolve the side of a street that an object means, as the network does."""
    facts = stated.assign(side_tag=None, side_value=None, side=None)
    highway = facts["highway"] if "highway" in facts.columns else pd.Series(None, facts.index)
    street = highway.notna() & ~highway.isin(tuple(words("way")))
    street &= ~facts["kind"].isin(("street", "crossing"))
    rows = facts.index[street.to_numpy(dtype=bool)]
    if not len(rows):
        return facts
    ways = _ways(tags.loc[rows])
    sides = sides_of(ways)
    sides = sides[sides["way"].lt(len(rows))]
    picked = _picked(sides, facts.loc[rows, "kind"].to_numpy(dtype=object))
    if picked.empty:
        return facts
    own = pd.DataFrame(own_columns(ways, picked))
    return _laid_over(facts, rows[picked["way"].to_numpy()], picked, own)


def _ways(tags: pd.DataFrame) -> pd.DataFrame:
    """Lay tags out as the network reads ways.

    The last row is none of them: it says something of each side, so that every column is text.
    """
    filler = {f"{tag}:{side}": "no" for tag in SIDE_TAGS for side in SIDES}
    told = {key: [*text(tags, key), filler.get(key)] for key in tag_keys()}
    return pd.DataFrame({key: pd.array(values, dtype="str") for key, values in told.items()})


def _picked(sides: pd.DataFrame, kinds: NDArray[np.object_]) -> pd.DataFrame:
    """Choose one side an object: of its kind if it has one, else a track before a lane."""
    order = {pair: place for place, pair in enumerate(_SIDE_ORDER)}
    pairs = zip(sides["side_tag"], sides["kind"], strict=True)
    rank = pd.Series([order.get(pair, len(order)) for pair in pairs], index=sides.index)
    wanted = pd.Series(kinds[sides["way"].to_numpy(dtype=int)], index=sides.index, dtype=object)
    fits = wanted.eq(sides["kind"]) | (wanted.isna() & sides["side_tag"].eq("cycleway"))
    told = sides.assign(rank=rank)[fits].sort_values(["way", "rank", "side"])
    return told.drop_duplicates("way").reset_index(drop=True)


def _laid_over(
    facts: pd.DataFrame, rows: pd.Index[Any], picked: pd.DataFrame, own: pd.DataFrame
) -> pd.DataFrame:
    """Lay what a street says of a side over what it says of itself."""
    out = facts.astype(object)
    for name in ("side_tag", "side_value", "side", "kind"):
        out.loc[rows, name] = picked[name].to_numpy(dtype=object)
    for name in tag_table().own_at_side:
        told = cleared(own[name]).to_numpy() if name in own.columns else None
        if name in out.columns or told is not None:
            kept = out[name] if name in out.columns else pd.Series(None, out.index, dtype=object)
            if name == "traffic_sign" and told is not None:
                told = pd.Series(told, rows, dtype=object).fillna(kept.loc[rows]).to_numpy()
            kept = kept.copy()
            kept.loc[rows] = told
            out[name] = cleared(kept)
    return out


def _with_signs(facts: pd.DataFrame, country: str) -> pd.DataFrame:
    """Read the signs: those stated beside the tags, else the tag's."""
    tagged = facts["traffic_sign"] if "traffic_sign" in facts.columns else facts["raw"]
    raw = cleared(facts["raw"].where(facts["raw"].notna(), tagged))
    end = cleared(facts["raw_end"])
    start, other = sign_facts(raw, country, cleared(facts["plate"])), sign_facts(end, country)
    second = other["sign_class"].where(end.notna(), start["second_class"])
    return facts.assign(
        sign=start["sign"],
        sign_end=other["sign"],
        sign_class=cleared(start["sign_class"]),
        sign_class_end=cleared(second),
        ban=cleared(start["ban"]),
        plate=cleared(facts["plate"]).where(facts["plate"].notna(), _plates(raw, country)),
        permits_bicycle=start["permits_bicycle"].to_numpy(dtype=bool),
        forbids_moped=start["forbids_moped"].to_numpy(dtype=bool),
        permits_moped=start["permits_moped"].to_numpy(dtype=bool),
        sign_ends=(start["sign_ends"] | other["sign_ends"]).to_numpy(dtype=bool),
        no_sign=[says_none(text) for text in raw],
        no_sign_end=[says_none(text) for text in end],
    )


def _plates(raw: pd.Series, country: str) -> pd.Series:
    """Name the plates among the signs, so that a check sees that there is one."""
    found = [
        ", ".join(sign.number for sign in parse(text, country) if sign.role == "plate") or None
        for text in raw
    ]
    return pd.Series(found, index=raw.index, dtype=object)


def _records(facts: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as dictionaries in which nothing known is None."""
    rows = facts.astype(object).where(facts.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _kind(row: Mapping[str, Any]) -> str:
    """Say of which kind an object is that does not say so itself."""
    if row["kind"] in KINDS:
        return str(row["kind"])
    if _crosses(row):
        return "crossing"
    if row["gcm"] in LANE_GCM or "M5" in row["markings"]:
        return "lane"
    highway = row.get("highway")
    street = isinstance(highway, str) and words("way").get(highway) in {None, "living_street"}
    square = highway == "pedestrian" and row.get("area") != "yes"
    return "street" if street or square or _says_street(row) else _PATHS


def _crosses(row: Mapping[str, Any]) -> bool:
    """Tell whether tags, NVDB, signs or markings are those of a crossing."""
    tagged = "crossing" in {row.get(key) for key in ("highway", "footway", "cycleway", "path")}
    in_nvdb = row["gcm"] in crossing_codes() or row["passage"] is not None
    marked = any(mark in row["markings"] for mark in _CROSSING_MARKS)
    alone = not isinstance(row.get("highway"), str) and isinstance(row.get("crossing"), str)
    return tagged or in_nvdb or marked or alone or row["sign_class"] in _CROSSING_SIGNS


def _says_street(row: Mapping[str, Any]) -> bool:
    """Tell whether a sign, a regulation or NVDB names a street without any tag."""
    streets = (*NVDB_STREETS, "cykelgata")
    named = (row["sign_class"], row["ltf_class"], row["nvdb_street"])
    return not isinstance(row.get("highway"), str) and any(name in streets for name in named)
