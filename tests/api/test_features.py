"""Does a collection give all its features, where they are, in the order of the registry?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.ogc import pages
from tests.api.conftest import COUNT, EAST, NORTH

if TYPE_CHECKING:
    from starlette.testclient import TestClient

ITEMS = "/ogc/collections/segments/items"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
FIRST = "s000000000000000"


def ids(answer: dict[str, Any]) -> list[str]:
    return [feature["id"] for feature in answer["features"]]


@pytest.mark.parametrize("limit", [1, 2, 3, COUNT - 1, COUNT, COUNT + 1])
def test_walking_the_pages_meets_every_feature_once(client: TestClient, limit: int) -> None:
    seen: list[str] = []
    address: str | None = f"{ITEMS}?limit={limit}"
    while address:
        page = client.get(address).json()
        assert page["numberMatched"] == COUNT
        assert page["numberReturned"] == len(page["features"]) <= limit
        seen += ids(page)
        address = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
    assert seen == [f"s{row:015d}" for row in range(COUNT)]


def test_the_next_link_keeps_the_question(client: TestClient) -> None:
    page = client.get(f"{ITEMS}?limit=2&crs={EPSG}3006&bbox=15,56,16,57").json()
    (onward,) = [one["href"] for one in page["links"] if one["rel"] == "next"]
    answer = client.get(onward)
    assert answer.headers["content-crs"] == f"<{EPSG}3006>"
    assert ids(answer.json()) == ["s000000000000002", "s000000000000003"]


@pytest.mark.parametrize(
    ("crs", "start"),
    [
        pytest.param(None, [15.58917, 56.16139], id="nothing asked: longitude, latitude"),
        pytest.param(CRS84, [15.58917, 56.16139], id="CRS84: longitude, latitude"),
        pytest.param(f"{EPSG}4326", [56.16139, 15.58917], id="4326: latitude, longitude"),
        pytest.param(f"{EPSG}3006", [NORTH, EAST], id="3006: north, east"),
        pytest.param(f"{EPSG}3857", [1735378.5, 7590611.2], id="3857: east, north"),
        pytest.param("EPSG:3006", [NORTH, EAST], id="short name"),
    ],
)
@pytest.mark.parametrize("address", [ITEMS, f"{ITEMS}/{FIRST}"])
def test_positions_follow_the_registry(
    client: TestClient, address: str, crs: str | None, start: list[float]
) -> None:
    answer = client.get(address, params={} if crs is None else {"crs": crs})
    told = answer.json()
    feature = told["features"][0] if "features" in told else told
    near = 1e-5 if abs(start[0]) < 360 else 1.0
    assert feature["id"] == FIRST
    assert feature["geometry"]["coordinates"][0] == pytest.approx(start, abs=near)
    uri = (crs or CRS84).replace("EPSG:", EPSG)
    assert answer.headers["content-crs"] == f"<{uri}>"


@pytest.mark.parametrize("zone", range(3006, 3019))
def test_every_system_of_sweref_is_offered(client: TestClient, zone: int) -> None:
    answer = client.get(ITEMS, params={"crs": f"{EPSG}{zone}"})
    north, east = answer.json()["features"][0]["geometry"]["coordinates"][0]
    assert answer.status_code == 200
    assert 6_200_000 < north < 6_300_000
    assert -400_000 < east < 800_000


BOX = (EAST - 5, NORTH - 5, EAST + 5, NORTH + 5)


@pytest.mark.parametrize(
    ("bbox", "system", "found"),
    [
        pytest.param(
            f"{BOX[1]},{BOX[0]},{BOX[3]},{BOX[2]}", f"{EPSG}3006", [FIRST], id="3006: north first"
        ),
        pytest.param(
            f"{BOX[0]},{BOX[1]},{BOX[2]},{BOX[3]}", f"{EPSG}3006", [], id="3006: east first"
        ),
        pytest.param("15.5891,56.1613,15.5893,56.1614", None, [FIRST], id="longitude first"),
        pytest.param("56.1613,15.5891,56.1614,15.5893", None, [], id="latitude first in CRS84"),
        pytest.param(
            "56.1613,15.5891,56.1614,15.5893", f"{EPSG}4326", [FIRST], id="4326: latitude first"
        ),
        pytest.param("15.5891,56.1613,-9,15.5893,56.1614,9", None, [FIRST], id="six numbers"),
        pytest.param("0,0,1,1", None, [], id="elsewhere"),
    ],
)
def test_a_box_is_read_in_the_order_of_its_system(
    client: TestClient, bbox: str, system: str | None, found: list[str]
) -> None:
    asked = {"bbox": bbox} | ({} if system is None else {"bbox-crs": system})
    page = client.get(ITEMS, params=asked).json()
    assert ids(page) == found
    assert page["numberMatched"] == len(found)


@pytest.mark.parametrize("system", [None, f"{EPSG}4326", f"{EPSG}3857"])
def test_the_whole_world_holds_everything(client: TestClient, system: str | None) -> None:
    world = {None: "-180,-90,180,90", f"{EPSG}4326": "-90,-180,90,180"}
    bbox = world.get(system, "-20037508,-20048966,20037508,20048966")
    asked = {"bbox": bbox} | ({} if system is None else {"bbox-crs": system})
    assert client.get(ITEMS, params=asked).json()["numberMatched"] == COUNT


@pytest.mark.parametrize(
    "query",
    [
        "bbox=1,2,3",
        "bbox=1,2,3,4,5",
        "bbox=3,2,1,4",
        "bbox=1,4,3,2",
        "bbox=1,2,nan,4",
        "bbox=1,2,inf,4",
        "bbox=a,b,c,d",
        "bbox=",
        "bbox-crs=nonsense&bbox=1,2,3,4",
        "crs=http://www.opengis.net/def/crs/EPSG/0/2154",
        "crs=EPSG:abc",
        "limit=0",
        "limit=-1",
        "limit=ten",
        "limit=1.5",
        "limit=1&limit=2",
        "cursor=made-up",
        "cursor=%C3%A5",
        "cursor=",
        "datetime=yesterday",
        "f=xml",
        "colour=red",
    ],
)
def test_a_question_that_makes_no_sense_is_400(client: TestClient, query: str) -> None:
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("limit", ["10001", "99999999999999999999", str(10**300)])
def test_a_larger_limit_is_cut(client: TestClient, limit: str) -> None:
    answer = client.get(f"{ITEMS}?limit={limit}")
    assert answer.json()["numberReturned"] == COUNT


def test_a_cursor_serves_its_own_collection_only(client: TestClient) -> None:
    page = client.get(f"{ITEMS}?limit=1").json()
    (onward,) = [one["href"] for one in page["links"] if one["rel"] == "next"]
    assert client.get(onward.replace("/segments/", "/findings/")).status_code == 400


@pytest.mark.parametrize(
    "time",
    ["2026-05-12", "2026-05-12T08:00:00Z", "../2026-05-12T08:00:00Z", "2026-01-01T00:00:00Z/..",
     "2026-01-01T00:00:00Z/9999-12-31T00:00:00Z", "2026-01-01/"],
)  # fmt: skip
def test_a_time_is_taken_and_matches_all(client: TestClient, time: str) -> None:
    assert client.get(ITEMS, params={"datetime": time}).json()["numberMatched"] == COUNT


def test_an_answer_that_the_client_has_is_not_sent_again(client: TestClient) -> None:
    first = client.get(f"{ITEMS}?limit=2")
    again = client.get(f"{ITEMS}?limit=2", headers={"if-none-match": first.headers["etag"]})
    other = client.get(f"{ITEMS}?limit=3", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.status_code == 200
    assert other.headers["etag"] != first.headers["etag"]


def test_who_holds_a_page_is_told_so_without_its_being_read(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(f"{ITEMS}?limit=5", headers={"accept-encoding": "gzip"})
    monkeypatch.setattr(pages, "page", None)
    again = client.get(f"{ITEMS}?limit=5", headers={"if-none-match": first.headers["etag"]})
    assert first.headers["etag"].endswith('+gzip"')
    assert (again.status_code, again.headers["etag"]) == (304, first.headers["etag"])


@pytest.mark.parametrize(
    ("path", "asked", "named"),
    [
        (ITEMS, "limit=abc", "limit"),
        (ITEMS, "limit=", "limit"),
        (ITEMS, "limit=0", "limit"),
        (ITEMS, "filter-lang=sql", "filter-lang"),
        (ITEMS, f"bbox={'1' * 600}", "bbox"),
        (f"{ITEMS}/{FIRST}", "f=csv", "f"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(
    client: TestClient, path: str, asked: str, named: str
) -> None:
    answer = client.get(f"{path}?{asked}")
    assert (answer.status_code, answer.json()["parameters"]) == (400, [named])


def test_tags_are_strong_and_differ_by_system(client: TestClient) -> None:
    one = client.get(f"{ITEMS}/{FIRST}").headers["etag"]
    other = client.get(f"{ITEMS}/{FIRST}", params={"crs": f"{EPSG}3006"}).headers["etag"]
    assert one.startswith('"')
    assert other.startswith('"')
    assert one != other
    assert one.rpartition("-")[0] == other.rpartition("-")[0]


@pytest.mark.parametrize("fid", ["s-none", "%00", "..%2f..", "a" * 2000, "'; DROP TABLE x;--"])
def test_a_feature_that_is_not_there_is_404(client: TestClient, fid: str) -> None:
    answer = client.get(f"{ITEMS}/{fid}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    "name", ["segments", "findings", "crossings", "signs", "places", "districts", "streets"]
)
def test_the_id_is_the_layers_own(client: TestClient, name: str) -> None:
    page = client.get(f"/ogc/collections/{name}/items").json()
    feature = page["features"][0]
    one = client.get(f"/ogc/collections/{name}/items/{feature['id']}").json()
    assert one["id"] == feature["id"] == one["properties"][f"{name.removesuffix('s')}_id"]


def test_head_is_get_without_its_body(client: TestClient) -> None:
    get, head = client.get(ITEMS), client.head(ITEMS)
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["etag"] == get.headers["etag"]
