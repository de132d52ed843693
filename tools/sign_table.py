"""Hold every path sign of a store against what data alone say of its segment.

Usage: ``python tools/sign_table.py STORE``. The table counts sign by class; below it stands each
pair that does not fit, with the findings that name both sides.
"""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace

import pandas as pd

from gis import areas, classify, codes
from gis.inventory import publish
from gis.signs import parse
from gis.signs.place import PATH_SIGNS
from gis.store import open_store

SIGN_TAGS = ("traffic_sign", "traffic_sign:forward", "traffic_sign:backward", "traffic_sign:both")


def data_classes(store_path: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the placed path signs with the class of data alone, and the findings."""
    with closing(open_store(store_path)) as store:
        area = areas.from_json(store.area_json())
        parts = {name: store.layer(name) for name in publish.KEYS if name in store.layer_names()}
    network = publish.network_of(parts)
    bare = network.segments.drop(columns=[c for c in SIGN_TAGS if c in network.segments])
    held = pd.DataFrame({"raw": None, "raw_end": None, "carried": False}, index=bare.index)
    unsigned = replace(network, segments=bare)
    facts = classify.facts(unsigned, network.signs, country=area.country, held=held)
    decided = classify.classify(facts, area.country)
    classes = pd.Series(decided["path_class"].to_numpy(), index=facts["segment_id"])
    placed = parts["signs"][parts["signs"]["path_class"].isin(PATH_SIGNS)].copy()
    placed["data_class"] = placed["segment_id"].map(classes).fillna("(none within 10 m)")
    placed["sign"] = [_path_signs(raw, area.country) for raw in placed["raw"]]
    return placed, parts["findings"]


def _path_signs(raw: str, country: str) -> str:
    """Name the signs of a place that decide a class."""
    signs = [s for s in parse(raw, country) if s.meaning is not None]
    told = {s.code for s in signs if s.meaning and s.meaning.path_class in PATH_SIGNS}
    return " ".join(sorted(told))


def main(store_path: str) -> None:
    """Print the table and the pairs that do not fit."""
    placed, findings = data_classes(store_path)
    labels = codes.load("path_class").labels("sv")
    table = pd.crosstab(placed["sign"], placed["data_class"])
    print(table.rename(columns=lambda c: labels.get(c, c)).to_string())
    odd = placed[placed["path_class"].ne(placed["data_class"]) & placed["segment_id"].notna()]
    print(f"\n{len(placed)} path signs, {len(odd)} at a segment whose data say another class:")
    for row in odd.to_dict("records"):
        told = findings[
            findings["segment_id"].eq(row["segment_id"]) & ~findings["check_id"].str.startswith("A")
        ]
        where = f"{row['segment_id']} ({row['distance_m']:.1f} m)"
        print(f"- {row['sign_id']} {row['raw']} at {where}:")
        print(f"  sign {labels[row['path_class']]}, data {labels[row['data_class']]}")
        for message in told["message_sv"]:
            print(f"  · {message}")


if __name__ == "__main__":
    main(sys.argv[1])
