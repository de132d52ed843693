"""Which random segments does a person look at to judge the classes, and what was said of them?

``python tools/judge.py STORE [N]`` prints N paths, lanes and crossings (10 when not told), drawn by
a fixed seed, each with its place, class, reason and the tags it rests on.
"""

from __future__ import annotations

import sys
from contextlib import closing

import numpy as np

from gis.store import open_store

SEED = 20261123
KINDS = ("path", "lane", "crossing")


def main(location: str, number: int = 10) -> None:
    """Print the drawn segments of a store."""
    with closing(open_store(location)) as store:
        segments = store.layer("segments", where={"kind": KINDS})
        said = store.table("network").set_index("segment_id")["said"]
    drawn = np.random.default_rng(SEED).choice(len(segments), number, replace=False)
    rows = segments.iloc[np.sort(drawn)]
    places = rows.geometry.interpolate(0.5, normalized=True).to_crs(4326)
    rows = rows.assign(lat=places.y, lon=places.x)
    for row in rows.drop(columns="geometry").to_dict("records"):
        tags = {key: value for key, value in said[row["segment_id"]].items() if value}
        print("{segment_id} {kind} {lat:.5f} {lon:.5f} {source_ids}".format_map(row))
        print("  {path_class} ({confidence}, {rule}) {flags}\n  {reason_en}".format_map(row))
        print(f"  {tags}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
