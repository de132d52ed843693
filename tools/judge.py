"""Which random segments does a person look at to judge the classes, and what do the figures say?

``python tools/judge.py STORE`` prints ten paths, lanes and crossings, drawn by a fixed seed, the
classes in turn so that rare ones are seen; each with its place, class, reason and the tags it
rests on. ``python tools/judge.py --counts STORE...`` prints tables in Markdown, one column a store:
what there is to look at, number and length of each class, number of each check by severity.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd

from gis.store import open_store

SEED = 20261123
NUMBER = 10
KINDS = ("path", "lane", "crossing")
SEVERITIES = {1: "note", 2: "question", 3: "contradiction"}


def draw(location: str, number: int = NUMBER) -> None:
    """Print the drawn segments of a store."""
    with closing(open_store(location)) as store:
        segments = store.layer("segments", where={"kind": KINDS})
        said = store.table("network").set_index("segment_id")["said"]
    mixed = segments.iloc[np.random.default_rng(SEED).permutation(len(segments))]
    turn = mixed.groupby("path_class").cumcount()
    rows = mixed.assign(turn=turn).sort_values(["turn", "path_class"]).head(number)
    places = rows.geometry.interpolate(0.5, normalized=True).to_crs(4326)
    rows = rows.assign(lat=places.y, lon=places.x)
    for row in rows.drop(columns="geometry").to_dict("records"):
        tags = {key: value for key, value in said[row["segment_id"]].items() if value}
        print("{segment_id} {kind} {lat:.5f} {lon:.5f} {source_ids}".format_map(row))
        print("  {path_class} ({confidence}, {rule}) {flags} {signs}".format_map(row))
        print("  {reason_en}".format_map(row))
        print(f"  {tags}")


def counts(locations: list[str]) -> None:
    """Print what there is to look at, how many segments each class has, and each check."""
    looks, classes, checks = {}, {}, {}
    for location in locations:
        name = Path(location).stem
        with closing(open_store(location)) as store:
            segments, findings = store.table("segments"), store.table("findings")
        living = segments[segments["status"].ne("retired")]
        looks[name] = _looks(living)
        by_class = living.groupby("path_class")["length_m"].agg(["size", "sum"])
        shown = by_class["size"].map("{:,}".format) + by_class["sum"].map(" ({:,.0f} m)".format)
        classes[name] = shown
        open_ = findings[findings["state"].eq("open")]
        checks[name] = open_.groupby(["severity", "check_id"]).size().map("{:,}".format)
    _table("of all segments", pd.DataFrame(looks))
    _table("class", pd.DataFrame(classes).fillna("–"))
    told = pd.DataFrame(checks).fillna("–").sort_index(ascending=[False, True])
    told.index = [f"{check} ({SEVERITIES[severity]})" for severity, check in told.index]
    _table("check", told)


def _looks(living: pd.DataFrame) -> pd.Series[str]:
    """Count segments, and those of kind path that a person has to look at."""
    paths = living[living["kind"].eq("path")]
    asked = living["severity"].value_counts()
    told = {
        "segments": f"{len(living):,}",
        "km of paths": f"{paths['length_m'].sum() / 1000:.1f}",
        "with a question": f"{asked.get(2, 0):,}",
        "with a contradiction": f"{asked.get(3, 0):,}",
        "share of paths to look at": f"{paths['severity'].ge(2).mean():.1%}",
    }
    return pd.Series(told)


def _table(head: str, frame: pd.DataFrame) -> None:
    """Print a frame as a table in Markdown."""
    print(f"| {head} | {' | '.join(frame.columns)} |")
    print("|---" * (1 + len(frame.columns)) + "|")
    for name, row in frame.iterrows():
        print(f"| {name} | {' | '.join(row)} |")
    print()


if __name__ == "__main__":
    if sys.argv[1] == "--counts":
        counts(sys.argv[2:])
    else:
        draw(sys.argv[1])
