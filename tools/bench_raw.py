"""How fast can a server be that holds every feature in memory and does nothing else?

``GCVAG_BENCH_STORE=STORE granian --interface asgi --factory tools.bench_raw:app``
"""

from __future__ import annotations

import os
from contextlib import closing

import orjson
import shapely
from fastapi import FastAPI
from starlette.responses import Response

from gis.store import open_store

GEOJSON = "application/geo+json"


def app() -> FastAPI:
    """Serve the segments of a store from memory: an index, and JSON written at each request."""
    with closing(open_store(os.environ["GCVAG_BENCH_STORE"])) as store:
        features = [orjson.loads(feature) for feature in store.features("segments")]
    by_id = {feature["id"]: feature for feature in features}
    tree = shapely.STRtree([shapely.from_geojson(orjson.dumps(f["geometry"])) for f in features])
    made = FastAPI()

    @made.get("/items")
    def items(bbox: str, limit: int) -> Response:
        west, south, east, north = (float(edge) for edge in bbox.split(","))
        found = tree.query(shapely.box(west, south, east, north))
        page = {"type": "FeatureCollection", "features": [features[n] for n in found[:limit]]}
        return Response(orjson.dumps(page), media_type=GEOJSON)

    @made.get("/items/{fid}")
    def item(fid: str) -> Response:
        return Response(orjson.dumps(by_id[fid]), media_type=GEOJSON)

    return made
