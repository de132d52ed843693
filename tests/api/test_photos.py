"""Is a photo kept without what the camera wrote, seen by few, and gone when it is dropped?"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import ExifTags, Image

from api.work import picture
from gis.store import open_store
from tests.api.writing import mark, send

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from httpx2 import Response
    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]

SECRET = b"KANARIE"


def photo(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **more: object) -> bytes:
    image = Image.effect_noise(size, 80).convert("RGB")
    stream = io.BytesIO()
    image.save(stream, kind, **more)
    return stream.getvalue()


def exif() -> Image.Exif:
    told = Image.Exif()
    told[ExifTags.Base.Make] = SECRET.decode()
    told[ExifTags.Base.Orientation] = 6
    gps = told.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (56.0, 9.0, 41.0)
    return told


def spread(image: Image.Image) -> int:
    """Measure how far dark and light of a picture lie apart."""
    return int(np.ptp(np.asarray(image)))


def address(raw: bytes) -> str:
    return f"/api/photos/{hashlib.sha256(raw).hexdigest()}"


def put(client: TestClient, who: dict[str, str], raw: bytes, **headers: str) -> Response:
    return client.put(address(raw), content=raw, headers=who | headers)


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" * 1000)
    parts = [body, b"IDAT" + data, b"IEND"]
    chunks = [struct.pack(">I", len(p) - 4) + p + struct.pack(">I", zlib.crc32(p)) for p in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_and_seen_by_members_alone(
    fresh: TestClient, bearer: Bearer, kind: str
) -> None:
    raw = photo(kind)
    answer = put(fresh, bearer("inspector"), raw)
    assert (answer.status_code, answer.json()["state"]) == (201, "kept")
    assert put(fresh, bearer("inspector"), raw).status_code == 200
    seen = fresh.get(address(raw), headers=bearer("planner"))
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.headers["cache-control"] == "no-store"
    assert Image.open(io.BytesIO(seen.content)).size == (64, 48)
    for role, status in [(None, 401), ("police", 404), ("admin", 404)]:
        assert fresh.get(address(raw), headers=bearer(role)).status_code == status
        assert put(fresh, bearer(role), raw).status_code == status


def test_nothing_the_camera_wrote_survives(fresh: TestClient, bearer: Bearer) -> None:
    raw = photo(exif=exif(), comment=SECRET, icc_profile=SECRET * 20, xmp=SECRET) + SECRET
    put(fresh, bearer("inspector"), raw)
    seen = fresh.get(address(raw), headers=bearer("planner")).content
    assert SECRET not in seen
    shown = Image.open(io.BytesIO(seen))
    assert dict(shown.getexif()) == {}
    assert shown.size == (48, 64), "turned upright before the orientation was dropped"


def test_the_mark_stamps_its_time_and_accuracy(live: TestClient, bearer: Bearer) -> None:
    raw = photo(exif=exif())
    put(live, bearer("inspector"), raw)
    told = mark(live) | {"photo_sha256": address(raw).rpartition("/")[2]}
    assert send(live, bearer("inspector"), told)[0]["result"] == "applied"
    shown = Image.open(io.BytesIO(live.get(address(raw), headers=bearer("planner")).content))
    times = shown.getexif().get_ifd(ExifTags.IFD.Exif)
    places = shown.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    assert times[ExifTags.Base.DateTimeOriginal] == "2026:05:12 08:00:00"
    assert dict(places) == {ExifTags.GPS.GPSHPositioningError: 4.0}
    shown.load()


def test_a_large_photo_is_shrunk(fresh: TestClient, bearer: Bearer) -> None:
    raw = photo(size=(2400, 1200), quality=20)
    put(fresh, bearer("inspector"), raw)
    seen = fresh.get(address(raw), headers=bearer("planner")).content
    assert Image.open(io.BytesIO(seen)).size == (1600, 800)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"GIF89a" + b"\x00" * 50,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        photo()[:-200],
        photo("PNG")[:200],
        photo("BMP"),
        photo("TIFF"),
        png_header(6000, 6000),
        png_header(60_000, 60_000),
        png_header(20_000, 20_000),
    ],
    ids=["empty", "gif", "svg", "cut jpeg", "cut png", "bmp", "tiff", "36 MP", "bomb", "400 MP"],
)
def test_what_is_no_whole_photo_is_refused(fresh: TestClient, bearer: Bearer, raw: bytes) -> None:
    answer = put(fresh, bearer("inspector"), raw)
    assert (answer.status_code, answer.json()["code"]) == (415, "not_photo")
    assert fresh.get(address(raw), headers=bearer("planner")).status_code == 404


def test_the_address_is_the_hash_of_the_bytes(fresh: TestClient, bearer: Bearer) -> None:
    raw = photo()
    answer = fresh.put(address(b"other"), content=raw, headers=bearer("inspector"))
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_hash")
    assert fresh.put("/api/photos/x", content=raw, headers=bearer("inspector")).status_code in {
        400,
        404,
    }
    large = b"\xff" * (8 * 1024 * 1024 + 1)
    assert put(fresh, bearer("inspector"), large).status_code == 413


def test_a_photo_comes_in_pieces_and_goes_on_where_it_broke_off(
    fresh: TestClient, bearer: Bearer
) -> None:
    raw, who = photo(), bearer("inspector")
    whole = len(raw)

    def piece(first: int, last: int) -> Response:
        told = who | {"content-range": f"bytes {first}-{last}/{whole}"}
        return fresh.put(address(raw), content=raw[first : last + 1], headers=told)

    assert piece(10, 99).status_code == 416
    assert piece(0, 99).headers["range"] == "bytes=0-99"
    assert piece(0, 99).status_code == 308
    lost = piece(200, 299)
    assert (lost.status_code, lost.headers["range"]) == (416, "bytes=0-99")
    assert piece(50, 299).headers["range"] == "bytes=0-299"
    assert piece(300, whole - 1).status_code == 201
    assert fresh.get(address(raw), headers=who).status_code == 200


@pytest.mark.parametrize("told", ["bytes 0-9/5", "bytes 0-5/1000", "bytes 5-1/9", "bytes */9", "x"])
def test_a_range_that_does_not_fit_is_refused(fresh: TestClient, bearer: Bearer, told: str) -> None:
    headers = bearer("inspector") | {"content-range": told}
    answer = fresh.put(address(b"0123456789"), content=b"0123456789", headers=headers)
    assert answer.status_code in {400, 416}


def test_blurred_boxes_cannot_be_read_and_the_rest_stands(
    fresh: TestClient, bearer: Bearer, location: Path
) -> None:
    raw, planner = photo(size=(64, 64), quality=95), bearer("planner")
    put(fresh, planner, raw)
    before = Image.open(io.BytesIO(fresh.get(address(raw), headers=planner).content))
    boxes = {"boxes": [{"left": 0, "top": 0, "right": 32, "bottom": 64}]}
    assert fresh.post(f"{address(raw)}/blur", json=boxes, headers=planner).status_code == 200
    after = Image.open(io.BytesIO(fresh.get(address(raw), headers=planner).content))
    left, right = (0, 0, 8, 16), (40, 0, 64, 64)
    assert spread(after.crop(left)) < 40
    assert spread(before.crop(left)) > 120
    assert spread(after.crop(right)) > 120
    assert put(fresh, planner, raw).json()["state"] == "blurred"
    store = open_store(str(location))
    ops = [revision.op for revision in store.revisions("photo")]
    store.close()
    assert ops == ["kept", "blurred"]


@pytest.mark.parametrize(
    "boxes",
    [[], [{"left": 5, "top": 0, "right": 5, "bottom": 9}], [{"left": -1, "top": 0, "right": 5,
     "bottom": 9}], [{"left": 0.5, "top": 0, "right": 5, "bottom": 9}], "all", None],
)  # fmt: skip
def test_boxes_of_another_shape_are_refused(
    fresh: TestClient, bearer: Bearer, boxes: object
) -> None:
    raw = photo()
    put(fresh, bearer("planner"), raw)
    answer = fresh.post(f"{address(raw)}/blur", json={"boxes": boxes}, headers=bearer("planner"))
    assert answer.status_code == 422


def test_a_box_beyond_the_picture_is_cut_off() -> None:
    made = picture.blurred(picture.clean(photo()), [(60, 40, 9999, 9999), (500, 500, 600, 600)])
    assert picture.size_of(made) == (64, 48)


def test_a_dropped_photo_does_not_come_back(fresh: TestClient, bearer: Bearer) -> None:
    raw = photo()
    put(fresh, bearer("inspector"), raw)
    assert fresh.delete(address(raw), headers=bearer("inspector")).status_code == 404
    assert fresh.delete(address(raw), headers=bearer("planner")).status_code == 204
    assert fresh.delete(address(raw), headers=bearer("planner")).status_code == 404
    again = put(fresh, bearer("inspector"), raw)
    assert (again.status_code, again.json()["state"]) == (200, "dropped")
    assert fresh.get(address(raw), headers=bearer("planner")).status_code == 404
