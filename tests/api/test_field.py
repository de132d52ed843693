"""What does the field page take along, and who may ask for it?"""

from __future__ import annotations

import gzip
import inspect
import re
from typing import TYPE_CHECKING

import pytest

from api.pages import field
from gis import areas
from maps.figure import static_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]

MOST_BYTES = 500_000
HTML = {"accept": "text/html"}


def test_page_code_and_lists_are_small(client: TestClient, bearer: Bearer) -> None:
    area = areas.load("karlskrona")
    page = client.get("/falt", headers=HTML | bearer("inspector")).content
    form = client.get("/api/field/form", headers=bearer("inspector")).content
    parts = [page, form, field.worker(area), *field.files(area).values()]
    assert sum(len(gzip.compress(part)) for part in parts) < MOST_BYTES


def test_the_page_keeps_its_hooks(client: TestClient, bearer: Bearer) -> None:
    text = client.get("/falt", headers=HTML | bearer("planner")).text
    for hook in (
        "download-area", "offline-ready", "mark-form", "save", "visited", "split", "unsent", "sync",
        "lang-sv", "lang-en", "map",
    ):  # fmt: skip
        assert text.count(f'data-testid="{hook}"') == 1
    assert 'type="file"' in text
    assert 'data-user="planner"' in text


@pytest.mark.parametrize("role", [None, "police", "admin"])
def test_the_page_is_for_inspectors_and_planners(
    client: TestClient, bearer: Bearer, role: str | None
) -> None:
    answer = client.get("/falt", headers=HTML | bearer(role))
    assert answer.status_code == (303 if role is None else 404)


def test_everything_the_worker_keeps_is_served(client: TestClient, bearer: Bearer) -> None:
    for address in (field.PAGE, field.FORM, *field.files(areas.load("karlskrona"))):
        assert client.get(address, headers=HTML | bearer("inspector")).status_code == 200
    script = client.get("/falt/worker.js")
    assert script.headers["service-worker-allowed"] == "/falt"
    assert script.headers["content-type"].startswith("text/javascript")
    assert "connect-src 'self'" in script.headers["content-security-policy"]


def test_the_manifest_installs_the_page(client: TestClient) -> None:
    answer = client.get("/falt/manifest.webmanifest?lang=en")
    told = answer.json()
    assert answer.headers["content-type"].startswith("application/manifest+json")
    assert told["start_url"].startswith(told["scope"])
    assert (told["lang"], told["display"]) == ("en", "standalone")
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    assert "maskable" in {icon["purpose"] for icon in told["icons"]}
    assert all(client.get(icon["src"]).content[1:4] == b"PNG" for icon in told["icons"])


def test_the_area_holds_what_is_near(live: TestClient, bearer: Bearer) -> None:
    near = live.get(
        "/api/field/area?lon=15.58917&lat=56.16139&radius_m=150", headers=bearer("inspector")
    ).json()
    assert len(near["segments"]) == 1
    segment = near["segments"][0]
    assert segment["line"][0] == pytest.approx([56.16139, 15.58917], abs=1e-5)
    assert all(isinstance(near["questions"][place], list) for place in segment["asks"])
    whole = live.get("/api/field/area?radius_m=5000", headers=bearer("inspector")).json()
    assert len(whole["segments"]) == 7
    assert live.get("/api/field/area?radius_m=0", headers=bearer("inspector")).status_code >= 400


@pytest.mark.parametrize(
    ("corners", "count"),
    [
        pytest.param("15.589,56.161 15.590,56.161 15.5895,56.162", 1, id="over one"),
        pytest.param("15.580,56.160 15.600,56.160 15.600,56.180 15.580,56.180", 7, id="over all"),
        pytest.param("15.570,56.161 15.571,56.161 15.571,56.162", 0, id="beside"),
        pytest.param("15.589,56.161 15.590,56.161", None, id="no area"),
        pytest.param("15,56 16,56 16,57", None, id="too wide"),
        pytest.param("here", None, id="no places"),
        pytest.param("nan,56 15,nan 16,57", None, id="nowhere"),
    ],
)
def test_a_drawn_area_holds_what_touches_it(
    live: TestClient, bearer: Bearer, corners: str, count: int | None
) -> None:
    answer = live.get(f"/api/field/area?corners={corners}", headers=bearer("inspector"))
    assert answer.status_code == (400 if count is None else 200)
    assert count is None or len(answer.json()["segments"]) == count


def test_a_district_is_taken_by_its_id(live: TestClient, bearer: Bearer) -> None:
    answer = live.get("/api/field/area?district_id=nowhere", headers=bearer("inspector"))
    assert answer.status_code == 404


def test_one_sees_what_became_of_ones_own_marks(live: TestClient, bearer: Bearer) -> None:
    inspector = bearer("inspector")
    whole = live.get("/api/field/area?radius_m=5000", headers=inspector).json()
    operation = {
        "op_id": "0197b4a2-0000-7000-8000-000000000001", "kind": "mark",
        "segment_id": whole["segments"][0]["id"], "base_version": 1,
        "fields": {"signs": ["SE:D4"]}, "observed_at": "2026-05-12T08:00:00Z", "fix": None,
    }  # fmt: skip
    live.post("/api/sync", json={"device": "d", "operations": [operation]}, headers=inspector)
    assert live.get("/api/field/me", headers=inspector).json()["name"] == "inspector"
    mine = live.get("/api/field/marks", headers=inspector).json()["marks"]
    assert [(one["op_id"], one["result"], one["decision"]) for one in mine] == [
        (operation["op_id"], "applied", None)
    ]
    assert live.get("/api/field/marks", headers=bearer("planner")).json()["marks"] == []


def test_every_sentence_is_used_and_every_used_one_is_there() -> None:
    known = set(field.texts("sv"))
    scripts = "".join(static_file(name).decode() for name in field.SCRIPTS)
    sources = scripts + field.TEMPLATE.read_text("utf-8") + inspect.getsource(field)
    named = set(re.findall(r"""(?:\bt|say|wrong)\("(\w+)\"""", sources))
    started = tuple(re.findall(r"\bt\(`(\w+_)\$", sources))
    unused = {key for key in known if not re.search(rf"""["']{key}["']""", sources)}
    assert named <= known
    assert {key for key in unused if not key.startswith(started)} == set()


def test_every_sentence_has_both_languages_and_the_same_blanks() -> None:
    swedish, english = field.texts("sv"), field.texts("en")
    for key, text in swedish.items():
        blanks = [sorted(re.findall(r"\{(\w+)\}", one)) for one in (text, english[key])]
        assert text
        assert english[key]
        assert blanks[0] == blanks[1]
