"""Do pages keep their hooks, their policy and the chosen language?"""

from __future__ import annotations

import csv
import logging
import re
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import orjson
import pytest

import api
from api.kinds import Kind
from api.server import JsonLines
from api.texts import page_texts, problem_texts
from gis import areas
from gis.store import create_store
from maps import assets
from tests.api.conftest import admit, fill, running, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]

PAGES = ("/", "/loften", "/om", "/logga-in", "/ogc?f=html", "/no-such-page")
FOLDER = Path(api.__file__).parent
HTML = {"accept": "text/html"}
LANGUAGE = re.compile(r'<html lang="(\w+)"')
HEADING = re.compile(r"<h1[^>]*>([^<]+)</h1>")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_its_hooks(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    text = answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert LANGUAGE.search(text)
    body = text.partition("<body")[2]
    first = re.search(r"<(a|button|input)\b[^>]*>", body)
    assert first is not None
    assert 'class="skip"' in first.group()
    target = re.search(r'href="#([\w-]+)"', first.group())
    assert target is not None
    assert f'id="{target.group(1)}"' in text
    for code in ("sv", "en"):
        assert text.count(f'data-testid="lang-{code}"') == 1
    assert len(HEADING.findall(text)) == 1


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/"])
def test_a_page_without_scripts_is_ready_at_once(client: TestClient, path: str) -> None:
    text = client.get(path, headers=HTML).text
    assert re.search(r'<html lang="\w+" data-ready>', text)
    assert "<script" not in text


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_allows_our_own_origin_only(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    policy = answer.headers["content-security-policy"]
    scripts = re.search(r"script-src ([^;]+)", policy)
    assert scripts is not None
    assert re.fullmatch(r"'self' 'nonce-[\w-]{22}'", scripts.group(1))
    for wanted in ("base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"):
        assert wanted in policy
    assert "unsafe" not in policy
    assert " style=" not in answer.text
    assert not re.search(r"\son\w+=", answer.text.partition("<body")[2].partition("<script")[0])
    for address in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
        assert address.startswith(("/", "#", "?", "data:", "http://testserver"))


def test_an_areas_file_gives_the_maps_a_background_and_the_statement_an_address(
    tmp_path: Path, password_hash: str
) -> None:
    background = {"address": "https://tile.example.org/{z}/{x}/{y}.png", "attribution": "© N"}
    known = areas.load("karlskrona")
    told = {**known.settings, "accessibility_contact": "tillganglig@example.se"}
    area = replace(known, basemap=background, settings=told)
    store = create_store(tmp_path / "a.gpkg", area.to_json())
    fill(store)
    admit(store, password_hash)
    store.close()
    with running(settings_for(tmp_path / "a.gpkg")) as client:
        shown, about = client.get("/"), client.get("/om").text
        who = {"authorization": "Bearer planner-token"}
        policies = {
            path: client.get(path, headers=who).headers["content-security-policy"]
            for path in ("/", "/granska", "/om", "/loften")
        }
    assert "Skriv till tillganglig@example.se." in about
    assert 'data-basemap="https://tile.example.org"' in shown.text
    asks = [path for path, policy in policies.items() if "https://tile.example.org" in policy]
    assert asks == ["/", "/granska"]
    assert "https:" not in re.sub(r"(img|connect)-src [^;]*;", "", policies["/"])


def test_each_answer_has_its_own_nonce_on_its_scripts(client: TestClient) -> None:
    nonces = set()
    for _ in range(2):
        answer = client.get("/", headers=HTML)
        drawn = re.search(r"'nonce-([\w-]+)'", answer.headers["content-security-policy"])
        assert drawn is not None
        tags = re.findall(r"<script\b([^>]*)>", answer.text)
        assert tags
        assert all(f'nonce="{drawn[1]}"' in tag or "application/json" in tag for tag in tags)
        nonces.add(drawn[1])
    assert len(nonces) == 2


def test_the_map_finds_its_scripts_and_data(client: TestClient) -> None:
    text = client.get("/", headers=HTML).text
    own = re.findall(r'(?:src|href)="(/(?:static|vendor)/[^"]+)"', text)
    assert own
    for address in own:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["etag"]
        assert answer.headers["content-type"].startswith(("text/javascript", "text/css", "image/"))
        if "-" in address.rpartition("/")[2]:
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert '"/api/map"' in text
    assert len(client.get("/api/map").json()["segments"]) > 0


def test_a_bundle_is_shrunk_once_and_kept_by_who_is_logged_in_too(
    client: TestClient, bearer: Bearer
) -> None:
    name = assets.bundle(("map", "served"), "js").file
    answers = {
        wish: client.get(f"/static/{name}", headers={"accept-encoding": wish, **bearer("planner")})
        for wish in ("identity", "gzip")
    }
    assert len({answer.content for answer in answers.values()}) == 1
    assert "content-encoding" not in answers["identity"].headers
    assert answers["gzip"].headers["content-encoding"] == "gzip"
    assert int(answers["gzip"].headers["content-length"]) < len(answers["gzip"].content) / 3
    for answer in answers.values():
        assert answer.headers["cache-control"].endswith("immutable")
        assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", PAGES)
def test_the_language_follows_the_switch_and_is_kept(client: TestClient, path: str) -> None:
    client.cookies.clear()
    joint = "&" if "?" in path else "?"
    swedish = client.get(path, headers=HTML).text
    english = client.get(f"{path}{joint}lang=en", headers=HTML)
    kept = client.get(path, headers=HTML).text
    client.cookies.clear()
    assert [LANGUAGE.findall(text)[0] for text in (swedish, english.text, kept)] == [
        "sv", "en", "en"
    ]  # fmt: skip
    if not path.startswith("/ogc"):
        assert HEADING.findall(english.text) == HEADING.findall(kept) != HEADING.findall(swedish)


@pytest.mark.parametrize(
    ("header", "language"), [("en", "en"), ("sv-SE", "sv"), ("de", "sv"), ("de,en;q=.5", "en")]
)
def test_the_browsers_wish_counts_first_time(
    client: TestClient, header: str, language: str
) -> None:
    text = client.get("/om", headers=HTML | {"accept-language": header}).text
    assert LANGUAGE.findall(text) == [language]


def test_the_switch_keeps_the_segment(client: TestClient) -> None:
    text = client.get("/om?segment=s1%22%3E%3Cb%3E", headers=HTML).text
    assert "?segment=s1%22%3E%3Cb%3E&amp;lang=en" in text


def test_one_form_logs_in(client: TestClient) -> None:
    text = client.get("/logga-in", headers=HTML).text
    assert text.count("<form") == 1
    for wanted in (
        'name="username"',
        'name="password"',
        'type="submit"',
        'autocomplete="current-password"',
    ):
        assert wanted in text


def test_somebody_logged_in_can_leave(
    client: TestClient, bearer: Callable[[str | None], dict[str, str]]
) -> None:
    text = client.get("/om", headers=HTML | bearer("planner")).text
    assert 'action="/logga-ut"' in text
    assert "planner" in text


def test_promises_stand_as_a_table(client: TestClient) -> None:
    rows = client.get("/api/promises").json()["promises"]
    text = client.get("/loften", headers=HTML).text
    assert rows
    for row in rows:
        assert f'<tr id="{row["id"]}">' in text


@pytest.mark.parametrize("path", ["/health", "/ogc", "/om", "/static/gcvag.css", "/nothing"])
def test_every_answer_carries_the_headers_of_safety(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "content-security-policy" in headers
    assert headers["server"] == "gcvag"
    assert "strict-transport-security" not in headers


def test_public_reads_of_the_api_are_open_to_other_maps(client: TestClient) -> None:
    for path in ("/ogc", "/ogc/collections/segments/items", "/api/promises"):
        assert client.get(path).headers["access-control-allow-origin"] == "*"
    for path in ("/", "/logga-in", "/api/measures"):
        assert "access-control-allow-origin" not in client.get(path).headers


def test_the_log_tells_routes_and_nothing_that_was_sent(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "gcvag"):
        client.get("/ogc/collections/segments/items?bbox=15.1,56.1,15.2,56.2")
        client.get("/api/segments/s-secret/history")
        client.get("/no-such-secret")
    lines = [JsonLines().format(record) for record in caplog.records if record.name == "gcvag.http"]
    told = [orjson.loads(line) for line in lines]
    assert [one["route"] for one in told] == [
        "/ogc/collections/{collection_id}/items", "/api/segments/{segment_id}/history", None
    ]  # fmt: skip
    assert all(set(one) >= {"at", "level", "event", "request_id", "status", "ms"} for one in told)
    assert not re.search(r"secret|15\.1|bbox", "".join(lines))


def test_an_unforeseen_error_is_a_plain_500(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        msg = "canary"
        raise RuntimeError(msg)

    monkeypatch.setattr("api.routes.decide.decide_objects", fail)
    with caplog.at_level(logging.ERROR, "gcvag"):
        answer = client.post("/api/decide", json={})
    assert answer.status_code == 500
    assert answer.json()["code"] == "server_error"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    line = JsonLines().format(record)
    assert orjson.loads(line)["error"] == "RuntimeError"
    assert "canary" not in answer.text + line


def test_every_kind_of_problem_has_a_row_and_every_row_a_kind() -> None:
    assert list(problem_texts()) == [kind.value for kind in Kind]
    for text in problem_texts().values():
        assert 400 <= text.status < 600
        assert text.sv
        assert text.en


def test_every_text_has_both_languages_and_the_same_blanks() -> None:
    with (FOLDER / "pages" / "text.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["key"] for row in rows}) == len(rows)
    for row in rows:
        blanks = [
            sorted(name for _, name, _, _ in Formatter().parse(row[lang]) if name)
            for lang in ("sv", "en")
        ]
        assert row["sv"]
        assert row["en"]
        assert blanks[0] == blanks[1]


def test_every_text_is_used_and_every_used_text_is_there() -> None:
    sources = "".join(
        path.read_text("utf-8") for pattern in ("*.html", "*.py") for path in FOLDER.rglob(pattern)
    )
    asked = re.findall(r"""\b(?:t|texts|page_texts\(scene\.lang\))\[["']([\w./]+)["']\]""", sources)
    built = tuple(re.findall(r"""["']([\w.]+\.)["'] \+|f["']([\w.]+\.)\{""", sources))
    prefixes = tuple({part for pair in built for part in pair if part})
    texts = set(page_texts("sv"))
    assert {key for key in asked if not key.endswith(".")} <= texts
    unused = {key for key in texts if f'"{key}"' not in sources and f"'{key}'" not in sources}
    assert {key for key in unused if not key.startswith(prefixes)} == set()
