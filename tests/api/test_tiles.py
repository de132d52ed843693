"""Does a tile hold the features of its place, and is it drawn no more often than needed?"""

from __future__ import annotations

from contextlib import closing
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from api.ogc import plates
from api.ogc import tiles as drawing
from gis.areas import Area
from gis.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

DECODER: Any = import_module("mapbox_vector_tile")
TILES = "/ogc/collections/segments/tiles"
QUAD = TILES + "/WebMercatorQuad"
PLACE = {0: (0, 0), 10: (318, 556), 13: (2544, 4450), 14: (5088, 8901), 22: (1302708, 2278784)}
"""Row and column of the known place by zoom."""


def address(z: int, name: str = "segments") -> str:
    row, col = PLACE[z]
    return f"/ogc/collections/{name}/tiles/WebMercatorQuad/{z}/{row}/{col}"


def layer(client: TestClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    ((_, read),) = DECODER.decode(answer.content).items()
    features: list[dict[str, Any]] = read["features"]
    return features


@pytest.mark.parametrize(("z", "n"), [(13, 6), (14, 5), (22, 1)])
def test_a_near_tile_holds_each_feature(client: TestClient, z: int, n: int) -> None:
    found = layer(client, address(z))
    assert len(found) == n
    assert found[0]["properties"]["segment_id"] == "s000000000000000"
    assert found[0]["properties"]["path_class"] == "gangbana"
    assert found[0]["geometry"]["type"] == "LineString"


def test_a_far_tile_holds_one_feature_a_class(client: TestClient) -> None:
    (found,) = layer(client, address(10))
    assert found["properties"] == {"path_class": "gangbana"}
    assert found["geometry"]["type"] in {"LineString", "MultiLineString"}


@pytest.mark.parametrize(
    "name", ["findings", "crossings", "signs", "places", "districts", "streets"]
)
@pytest.mark.parametrize("z", [0, 10, 14])
def test_every_public_collection_has_tiles(client: TestClient, name: str, z: int) -> None:
    assert client.get(address(z, name)).status_code in {200, 204}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("14/0/0", 204),
        ("22/4194303/4194303", 204),
        ("23/0/0", 404),
        ("0/1/0", 404),
        ("0/0/1", 404),
        ("14/-1/0", 404),
        ("14/x/0", 404),
        ("99999999999999999999/0/0", 404),
        ("14/5088/8901?limit=1", 400),
        ("14/5088/8901?as_of=2001-01-01", 204),
    ],
)
def test_what_lies_elsewhere_or_nowhere(client: TestClient, path: str, status: int) -> None:
    assert client.get(f"{QUAD}/{path}").status_code == status


def test_an_unknown_matrix_or_hidden_collection_is_404(client: TestClient) -> None:
    assert client.get("/ogc/tileMatrixSets/WorldCRS84Quad").status_code == 404
    assert client.get(f"{TILES}/WorldCRS84Quad").status_code == 404
    assert client.get(address(14, "network")).status_code == 404
    assert client.get(address(14, "observations")).status_code == 401


def test_the_documents_lead_to_a_tile(client: TestClient) -> None:
    (one,) = client.get(TILES).json()["tilesets"]
    tileset = client.get(next(li["href"] for li in one["links"] if li["rel"] == "self")).json()
    (item,) = [li for li in tileset["links"] if li["rel"] == "item"]
    row, col = PLACE[14]
    href = item["href"].format(tileMatrix=14, tileRow=row, tileCol=col)
    assert client.get(href).status_code == 200
    told = set(tileset["layers"][0]["propertiesSchema"]["properties"])
    assert set(layer(client, address(14))[0]["properties"]) <= told


def test_scales_and_sizes_of_the_matrix_are_those_of_the_registry(client: TestClient) -> None:
    matrices = client.get("/ogc/tileMatrixSets/WebMercatorQuad").json()["tileMatrices"]
    assert [m["id"] for m in matrices] == [str(z) for z in range(23)]
    assert matrices[0]["scaleDenominator"] == pytest.approx(559082264.028717)
    assert matrices[14]["cellSize"] == pytest.approx(9.554628535647032)
    assert matrices[14]["matrixWidth"] == 2**14


def test_a_tile_is_drawn_once_and_again_after_a_change(
    fresh: TestClient, location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[object] = []
    draw: Callable[..., bytes] = drawing.draw

    def counted(*args: object) -> bytes:
        drawn.append(args)
        return draw(*args)

    monkeypatch.setattr(drawing, "draw", counted)
    first = fresh.get(address(14))
    again = fresh.get(address(14), headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, len(drawn)) == (304, 1)
    store = open_store(location)
    row = store.layer("segments", ids=["s000000000000000"])
    store.update_layers({"segments": row.assign(path_class="cykelbana")})
    store.close()
    changed = fresh.get(address(14), headers={"if-none-match": first.headers["etag"]})
    assert (changed.status_code, len(drawn)) == (200, 2)
    classes = {f["properties"]["path_class"] for f in layer(fresh, address(14))}
    assert classes == {"gangbana", "cykelbana"}


def test_a_change_elsewhere_leaves_a_tile_as_it_is(
    fresh: TestClient, location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fresh.get(address(14))
    store = open_store(location)
    row = store.layer("segments", ids=["s000000000000000"])
    away = row.assign(path_class="cykelbana").set_geometry(row.translate(50_000, 50_000))
    store.update_layers({"places": store.layer("places").head(1).assign(name="Torget")})
    monkeypatch.setattr(drawing, "draw", None)
    assert fresh.get(address(14)).headers["etag"] == first.headers["etag"]
    monkeypatch.undo()
    store.update_layers({"segments": away})
    left = fresh.get(address(14))
    assert len(layer(fresh, address(14))) == 4
    monkeypatch.setattr(drawing, "draw", None)
    store.update_layers({"segments": away.assign(path_class="gangbana")})
    store.close()
    assert fresh.get(address(14)).headers["etag"] == left.headers["etag"]


def test_kept_tiles_stay_within_their_bound(
    fresh: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "MOST_BYTES", 1000)
    monkeypatch.setattr(drawing, "draw", lambda *_: b"x" * 300)
    kept = drawing.Tiles()
    app: Any = fresh.app
    app.state.tiles = kept
    row, col = PLACE[14]
    for step in range(5):
        assert fresh.get(f"{QUAD}/14/{row}/{col + step}").status_code == 200
    assert kept.size == 900


def prepared(monkeypatch: pytest.MonkeyPatch, location: Path) -> drawing.Tiles:
    """Prepare tiles as if the layers of the sample were large."""
    monkeypatch.setattr(drawing, "LARGE", 1)
    monkeypatch.setattr(drawing, "OVERVIEW_AGE_S", 0.0)
    monkeypatch.setattr(drawing, "REST", 0)
    made = drawing.Tiles()
    with closing(open_store(location)) as store:
        made.prepare(store, Area.from_json(store.area_json()).crs)
    return made


def told(client: TestClient, path: str) -> list[str]:
    return sorted(map(str, layer(client, path)))


@pytest.mark.parametrize("name", ["segments", "places", "crossings"])
def test_a_plate_draws_what_the_store_draws(
    fresh: TestClient, location: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    wanted = {z: told(fresh, address(z, name)) for z in (10, 13) if _there(fresh, z, name)}
    assert wanted
    app: Any = fresh.app
    app.state.tiles = prepared(monkeypatch, location)
    monkeypatch.setattr(drawing, "draw", None)
    monkeypatch.setattr(drawing, "_draw_together", None)
    assert {z: told(fresh, address(z, name)) for z in wanted} == wanted


def _there(client: TestClient, z: int, name: str) -> bool:
    return client.get(address(z, name)).status_code == 200


def test_a_tile_with_a_changed_row_is_drawn_from_the_store(
    fresh: TestClient, location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app: Any = fresh.app
    app.state.tiles = made = prepared(monkeypatch, location)
    with closing(open_store(location)) as store:
        row = store.layer("segments", ids=["s000000000000000"])
        store.update_layers({"segments": row.assign(path_class="cykelbana")})
        classes = {f["properties"]["path_class"] for f in layer(fresh, address(14))}
        assert classes == {"gangbana", "cykelbana"}
        assert [f["properties"]["path_class"] for f in layer(fresh, address(10))] == ["gangbana"]
        made.prepare(store, 3006)
    assert {f["properties"]["path_class"] for f in layer(fresh, address(10))} == classes
    monkeypatch.setattr(drawing, "draw", None)
    assert {f["properties"]["path_class"] for f in layer(fresh, address(13))} == classes


def test_a_plate_of_a_layer_that_stands_is_not_read_again(
    location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = prepared(monkeypatch, location)
    monkeypatch.setattr(plates, "plate", None)
    with closing(open_store(location)) as store:
        made.prepare(store, 3006)
