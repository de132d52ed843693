"""Is an uploaded file judged at the gate, read apart, kept once, and told of as a job?"""

from __future__ import annotations

import io
import stat
import time
import zipfile
from typing import TYPE_CHECKING, Any, cast

import pytest

from api.settings import Settings
from api.work import jobs
from gis.store import open_store
from tests.api.conftest import COUNT, footways, running, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi import FastAPI
    from httpx2 import Response
    from starlette.testclient import TestClient

    from api.work.imports import Importing
    from api.work.jobs import Lane

    Bearer = Callable[[str | None], dict[str, str]]

WAIT_S = 60


def upload(
    client: TestClient, who: dict[str, str], name: str, raw: bytes, *, key: str | None = "k",
    **told: str,
) -> Response:  # fmt: skip
    headers = who if key is None else who | {"idempotency-key": key}
    return client.post("/api/imports", files={"file": (name, raw)}, data=told, headers=headers)


def ended(client: TestClient, who: dict[str, str], answer: Response) -> dict[str, Any]:
    """Wait until a job has ended."""
    assert answer.status_code == 202, answer.text
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        job: dict[str, Any] = client.get(answer.headers["location"], headers=who).json()
        assert 0 <= job["progress"] <= 1
        if job["state"] not in jobs.UNFINISHED:
            return job
        time.sleep(0.05)
    pytest.fail("the job did not end")


def zipped(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, raw in members:
            packed.writestr(name, raw)
    return stream.getvalue()


def linked() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        link = zipfile.ZipInfo("a.geojson")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")
    return stream.getvalue()


def test_a_file_becomes_a_delivery_and_the_inventory(
    live: TestClient, bearer: Bearer, live_location: Path
) -> None:
    fresh, planner = live, bearer("planner")
    raw = footways().replace("Hästö", "Västra").encode()
    answer = upload(fresh, planner, "ways.osm", raw, source="osm", date="2026-05-12")
    again = upload(fresh, planner, "ways.osm", raw, source="osm", date="2026-05-12")
    assert (again.status_code, again.content) == (202, answer.content)
    assert again.headers["location"] == answer.headers["location"]
    job = ended(fresh, planner, answer)
    assert (job["state"], job["progress"]) == ("done", 1.0)
    assert job["result"]["counts"]["ways"] == COUNT
    assert fresh.get("/api/status").json()["imports"][-1]["file"] == "ways.osm"
    for role, status in [(None, 401), ("inspector", 404), ("police", 404), ("admin", 200)]:
        seen = fresh.get(answer.headers["location"], headers=bearer(role))
        assert seen.status_code == status
    other = upload(fresh, planner, "ways.osm", raw, source="osm2")
    assert (other.status_code, other.json()["code"]) == (422, "other_content")
    store = open_store(str(live_location))
    assert len(store.deliveries()) == 2
    assert set(store.layer("segments")["name"]) == {"Västra gata"}
    assert len(store.items(jobs.SHELF)) == 1
    store.close()


@pytest.mark.parametrize(
    ("name", "raw", "status"),
    [
        ("a.exe", b"MZ", 415),
        ("a", b"x", 415),
        ("a.gpkg", b"", 415),
        ("a.gpkg", b"PK\x03\x04", 415),
        ("a.geojson", b"<OGRVRTDataSource></OGRVRTDataSource>", 415),
        ("a.vrt", b"<OGRVRTDataSource/>", 415),
        ("a.gml", b"<gml/>", 415),
        ("a.osm", b"<!DOCTYPE osm [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><osm>&a;</osm>", 415),
        ("a.osm", " <osm/>".encode("utf-16"), 415),
        ("a.osm", b"{}", 415),
        ("a.zip", zipped(("../../a.geojson", b"{}")), 415),
        ("a.zip", zipped(("/etc/a.geojson", b"{}")), 415),
        ("a.zip", zipped(("..\\a.geojson", b"{}")), 415),
        ("a.zip", zipped(("a.geojson", b"0" * 10_000_000)), 415),
        ("a.zip", zipped(("b.zip", zipped(("a.geojson", b"{}")))), 415),
        ("a.zip", zipped(("a.vrt", b"<OGRVRTDataSource/>")), 415),
        ("a.zip", zipped(*((f"{n}.csv", b"") for n in range(201))), 415),
        ("a.zip", zipped()[:10], 415),
        ("a.zip", zipped(("a.geojson", b"{}"))[:40], 415),
        ("a.zip", linked(), 415),
        ("a.xlsx", zipped(("a.xml", b"0" * 10_000_000)), 415),
    ],
)  # fmt: skip
def test_the_gate_refuses_at_once(
    client: TestClient, bearer: Bearer, name: str, raw: bytes, status: int
) -> None:
    answer = upload(client, bearer("planner"), name, raw)
    assert (answer.status_code, answer.json()["code"]) == (status, "not_taken")


def test_a_request_of_another_shape_is_refused(client: TestClient, bearer: Bearer) -> None:
    planner = bearer("planner")
    assert upload(client, planner, "a.osm", b"<osm/>", key=None).status_code == 400
    assert upload(client, planner, "a.osm", b"<osm/>", kind="accidents").status_code == 422
    assert upload(client, planner, "a.osm", b"<osm/>", kind="nothing").status_code == 422
    assert upload(client, planner, "a.osm", b"<osm/>", date="2026-13-01").status_code == 422
    assert upload(client, planner, "a.csv", b"a;b", mapping="= [").status_code == 422
    headers = planner | {"idempotency-key": "k"}
    assert client.post("/api/imports", json={}, headers=headers).status_code in {415, 422}
    for role, status in [(None, 401), ("inspector", 404), ("police", 404)]:
        assert upload(client, bearer(role), "a.osm", b"<osm/>").status_code == status


def test_a_file_beyond_the_limit_is_refused_while_it_arrives(
    location: Path, bearer: Bearer
) -> None:
    settings = Settings(store=str(location), max_upload=10_000)
    with running(settings) as client:
        for raw, status in [(b"<osm>" + b" " * 20_000, 413), (b"<osm>" + b"\0" * 5_000, 415)]:
            assert upload(client, bearer("planner"), "a.osm", raw).status_code == status


def test_a_stop_ends_a_running_import_and_says_so(live_location: Path, bearer: Bearer) -> None:
    raw = footways().replace("Hästö", "Norra").encode()
    with running(settings_for(live_location)) as client:
        answer = upload(client, bearer("planner"), "a.osm", raw)
        began = time.monotonic()
    assert time.monotonic() - began < 10
    with running(settings_for(live_location)) as client:
        job = client.get(answer.headers["location"], headers=bearer("planner")).json()
    assert (job["state"], job["message"]) == (
        "failed",
        "Servern startades om under arbetet; skicka filen igen.",
    )
    store = open_store(str(live_location))
    assert set(store.layer("segments")["name"]) == {"Hästö gata"}
    store.close()


def test_a_full_lane_says_when_to_come_again(
    fresh: TestClient, bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lane: Lane = cast("FastAPI", fresh.app).state.lane
    works: list[Importing] = []
    monkeypatch.setattr(lane, "start", lambda _, __, work: works.append(work))
    raw = footways().encode()
    for n in range(jobs.ROOM):
        assert upload(fresh, bearer("planner"), "a.osm", raw, key=f"k{n}").status_code == 202
    full = upload(fresh, bearer("planner"), "a.osm", raw, key="last")
    assert (full.status_code, full.headers["retry-after"]) == (503, "2")
    lane.release()
    assert upload(fresh, bearer("planner"), "a.osm", raw, key="last").status_code == 202
    for work in works:
        work.stop()


def test_what_a_server_left_unfinished_is_failed_at_the_next_start(
    location: Path, bearer: Bearer
) -> None:
    store = open_store(str(location))
    meta = {"kind": "import", "progress": 0.4, "message": "reading", "detail": "",
            "created_at": "2026-05-12T08:00:00+00:00", "boot": "before", "pid": 1}  # fmt: skip
    for state in ("queued", "running", "done"):
        store.keep_item(jobs.SHELF, state, b"", meta | {"state": state})
    store.close()
    with running(settings_for(location)) as client:
        told = [
            client.get(f"/api/jobs/{name}", headers=bearer("planner")).json()["state"]
            for name in ("queued", "running", "done")
        ]
        assert client.get("/api/jobs/x", headers=bearer("planner")).status_code == 404
    assert told == ["failed", "failed", "done"]
