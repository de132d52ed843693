"""From two stores to a ranking that is kept in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis import areas
from gis.controls import ask, open_police
from gis.store import create_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

KEYS = {
    "segments": "segment_id",
    "streets": "street_id",
    "crossings": "crossing_id",
    "places": "place_id",
}


def test_a_ranking_is_kept_with_its_seed_in_the_police_store_alone(
    tmp_path: Path, town: Callable[..., dict[str, gpd.GeoDataFrame]]
) -> None:
    area = areas.load("karlskrona").to_json()
    public = create_store(tmp_path / "a.gpkg", area)
    layers = town()
    layers["crossings"]["crossing_id"] = [f"c{row}" for row in range(len(layers["crossings"]))]
    public.replace_layers(layers, keys=KEYS)
    head = public.head()
    police = open_police(str(tmp_path / "a.police.gpkg"), public)
    drawn = ask(public, police, kind="driver", n=3)
    again = ask(public, police, kind="driver", n=3, seed=drawn.seed)
    assert again.to_dict() == drawn.to_dict()
    kept = police.state("ranking")
    assert [one.body["seed"] for one in kept.values()] == [drawn.seed] * 2
    assert all(one.body["input_hash"] == drawn.input_hash for one in kept.values())
    assert public.head() == head
    assert police.kind == "police"
    police.close()
    public.close()
