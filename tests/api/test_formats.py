"""Does every format hold the same features, and does a compressed answer stay the same answer?"""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import zstandard

from tests.api.conftest import COUNT, EAST, NORTH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

ITEMS = "/ogc/collections/segments/items"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "fgb": "application/vnd.flatgeobuf",
    "geoparquet": "application/vnd.apache.parquet",
}


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("name", ["segments", "findings", "places", "districts"])
def test_a_file_holds_the_page(client: TestClient, form: str, name: str, tmp_path: Path) -> None:
    answer = client.get(f"/ogc/collections/{name}/items", params={"f": form})
    assert answer.headers["content-type"] == TYPES[form]
    matched = int(answer.headers["ogc-numbermatched"])
    body = io.BytesIO(answer.content)
    match form:
        case "csv":
            rows: pd.DataFrame = pd.read_csv(body)
        case "fgb":
            rows = gpd.read_file(body)
        case _:
            file = tmp_path / "page.parquet"
            file.write_bytes(answer.content)
            rows = gpd.read_parquet(file)
    assert len(rows) == matched
    if name == "segments" and isinstance(rows, gpd.GeoDataFrame):
        assert rows.crs is not None
        assert rows.crs.to_epsg() == 3006
        start = rows.set_index("segment_id").geometry["s000000000000000"].coords[0]
        assert start == pytest.approx((EAST, NORTH))


@pytest.mark.parametrize("form", TYPES)
def test_the_accept_header_chooses_too(client: TestClient, form: str) -> None:
    accept = f"application/json;q=0.5, {TYPES[form].partition(';')[0]}"
    answer = client.get(f"{ITEMS}?limit=1", headers={"accept": accept})
    assert answer.headers["content-type"] == TYPES[form]


def test_pages_of_a_file_are_linked_in_the_header(client: TestClient) -> None:
    seen, address = 0, f"{ITEMS}?f=csv&limit=3"
    while address:
        answer = client.get(address)
        seen += int(answer.headers["ogc-numberreturned"])
        address = answer.links.get("next", {}).get("url", "")
    assert seen == COUNT


def test_a_filter_cuts_a_file(client: TestClient) -> None:
    answer = client.get(f"{ITEMS}?f=csv&segment_id=s000000000000004")
    assert answer.headers["ogc-numbermatched"] == "1"
    assert "s000000000000004" in answer.text


@pytest.mark.parametrize("address", ["/ogc", "/ogc/collections", f"{ITEMS}/s000000000000000"])
@pytest.mark.parametrize("form", TYPES)
def test_other_answers_have_no_files(client: TestClient, address: str, form: str) -> None:
    assert client.get(address, params={"f": form}).status_code == 400


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [("gzip", "gzip"), ("zstd", "zstd"), ("gzip, deflate, br, zstd", "zstd"),
     ("identity", None), ("zstd;q=0, gzip;q=0.5", "gzip"), ("", None)],
)  # fmt: skip
def test_an_answer_is_compressed_as_the_client_takes_it(
    client: TestClient, accept: str, encoding: str | None
) -> None:
    plain = client.get(ITEMS, headers={"accept-encoding": "identity"})
    with client.stream("GET", ITEMS, headers={"accept-encoding": accept}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == encoding
    assert "Accept-Encoding" in answer.headers["vary"]
    read: dict[str | None, Callable[[bytes], bytes]] = {
        "gzip": gzip.decompress,
        "zstd": zstandard.decompress,
        None: bytes,
    }
    assert read[encoding](raw) == plain.content
    assert len(raw) < len(plain.content) or encoding is None


def test_a_small_answer_is_left_alone(client: TestClient) -> None:
    answer = client.get(f"{ITEMS}?bbox=0,0,1,1", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers


def test_tags_of_encodings_differ_and_each_saves_the_body(client: TestClient) -> None:
    tags = {
        accept: client.get(ITEMS, headers={"accept-encoding": accept}).headers["etag"]
        for accept in ("identity", "gzip", "zstd")
    }
    assert len(set(tags.values())) == 3
    for accept, tag in tags.items():
        headers = {"accept-encoding": accept, "if-none-match": tag}
        assert client.get(ITEMS, headers=headers).status_code == 304
