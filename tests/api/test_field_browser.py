"""Does an inspector's phone work all day without a network, and is each mark received once?"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from api.work.field_form import form
from gis import areas
from gis.decide import decide_objects
from gis.signs import COUNTRIES, load
from gis.store import create_store
from tests.api.conftest import COUNT, WORDS, admit, copied, fill
from tests.api.test_server import GCVAG, free_port, wait
from tests.axe import violations
from tests.pmtiles import archive, land

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import (
        Browser,
        BrowserContext,
        FilePayload,
        Geolocation,
        Page,
        Route,
        StorageState,
    )

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.enable_socket]

ROW = "[data-testid=segment-row]"
FORM = "[data-testid=mark-form]"
SAVE = "[data-testid=save]"
UNSENT = "[data-testid=unsent]"
PLACE: Geolocation = {"latitude": 56.16139, "longitude": 15.5896, "accuracy": 4}
TARGET_PX = 44
WIDE = "() => document.documentElement.scrollWidth"


class Server:
    """A server that can be killed with all its processes, and started again at the same place."""

    def __init__(self, location: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._words = [str(GCVAG), "serve", str(location), "--port", str(self.port)]
        self.start()

    def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = subprocess.Popen(
            self._words, stdout=subprocess.DEVNULL, start_new_session=True
        )
        wait(self.port)

    def kill(self) -> None:
        """End all its processes at once, as a power cut does."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve an inventory of seven footways as a process of its own."""
    running = Server(copied(built, tmp_path_factory.mktemp("field")))
    yield running
    running.kill()


@pytest.fixture(scope="module")
def address(server: Server) -> str:
    return server.address


def new_phone(browser: Browser, state: StorageState | None = None) -> BrowserContext:
    return browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        geolocation=PLACE,
        permissions=["geolocation"],
        storage_state=state,
    )


@pytest.fixture(scope="module")
def session(chromium: Browser, address: str) -> StorageState:
    """Log an inspector in, once; the log-in leads to the field page."""
    context = new_phone(chromium)
    page = context.new_page()
    log_in(page, address)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def phone(chromium: Browser, session: StorageState, address: str) -> Iterator[BrowserContext]:
    """Give a new phone with a log-in; no fault of a script and no foreign request by its end."""
    faults: list[str] = []
    context = new_phone(chromium, session)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("request", lambda one: None if _own(one.url, address) else faults.append(one.url))
    yield context
    context.close()
    assert faults == []


def _own(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


def log_in(page: Page, address: str, name: str = "inspector") -> None:
    page.goto(f"{address}/logga-in")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", WORDS)
    page.locator("[type=submit]").last.click()
    page.wait_for_url(lambda url: "logga-in" not in url)


def opened(phone: BrowserContext, address: str, query: str = "") -> Page:
    page = phone.new_page()
    page.goto(f"{address}/falt{query}")
    ready(page)
    return page


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready]", state="attached")


def unsent(page: Page, count: int) -> None:
    page.wait_for_selector(f"{UNSENT}[data-count='{count}']")


def begin(page: Page, row: int = 0) -> str:
    """Open the form of a row; return its segment."""
    one = page.locator(ROW).nth(row)
    segment = str(one.get_attribute("data-segment-id"))
    one.locator("button").tap()
    page.wait_for_selector(FORM)
    return segment


def save(page: Page) -> None:
    page.locator(SAVE).tap()
    page.wait_for_selector(FORM, state="hidden")
    page.wait_for_selector(ROW)


def mark(page: Page, sign: str, row: int = 0) -> str:
    segment = begin(page, row)
    page.locator(f"[data-sign={sign}]").tap()
    save(page)
    return segment


def observations(page: Page, address: str) -> list[dict[str, Any]]:
    answer = page.request.get(
        f"{address}/ogc/collections/observations/items?limit=1000",
        headers={"authorization": "Bearer planner-token", "accept": "application/geo+json"},
    )
    return [one["properties"] for one in answer.json()["features"]]


def living(page: Page, address: str) -> int:
    """Count the segments that are not retired."""
    answer = page.request.get(f"{address}/ogc/collections/segments/items?limit=1000&f=json")
    return sum(one["properties"]["status"] != "retired" for one in answer.json()["features"])


def at(page: Page, address: str, segment: str) -> list[dict[str, Any]]:
    return [one for one in observations(page, address) if one["sent_segment_id"] == segment]


def new_path(page: Page, taps: list[tuple[int, int]]) -> None:
    """Draw a path from where I am over places of the map (pixels from its middle); save it."""
    page.locator("[data-testid=draw]").tap()
    page.locator("[data-testid=draw-here]").tap()
    box = page.locator("#map").bounding_box()
    assert box is not None
    for east, south in taps:
        page.touchscreen.tap(
            box["x"] + box["width"] / 2 + east, box["y"] + box["height"] / 2 + south
        )
    page.wait_for_selector(f"#draw-said:has-text('{len(taps) + 1} punkter')")
    page.locator("[data-testid=draw-done]").tap()
    page.wait_for_selector(FORM)
    page.locator("[data-sign=D6]").tap()
    save(page)


def picture(page: Page) -> bytes:
    """Draw a picture larger than what is sent."""
    return page.locator("h1").screenshot()


def test_a_day_without_a_network(phone: BrowserContext, address: str) -> None:
    page = opened(phone, address)
    before = len(observations(page, address))
    page.locator("[data-testid=download-area]").tap()
    page.wait_for_selector("[data-testid=offline-ready]")
    drawn = picture(page)
    phone.set_offline(True)
    page.reload()
    ready(page)
    away = page.locator(".field-away").all_inner_texts()
    assert [int(text.split()[0]) for text in away] == sorted(int(t.split()[0]) for t in away)
    assert page.locator(ROW).first.evaluate("(one) => one.getBoundingClientRect().top") < 800
    segment = begin(page)
    assert page.locator("[data-sign]").count() == 20
    page.set_input_files(
        "input[type=file]", {"name": "a.png", "mimeType": "image/png", "buffer": drawn}
    )
    page.wait_for_selector(".field-photo img")
    page.locator("[data-sign=D4]").tap()
    assert "ykelbana" in page.locator("#follows").inner_text()
    unsent(page, 0)
    save(page)
    begin(page, 1)
    page.locator("[data-testid=split]").tap()
    save(page)
    begin(page, 2)
    page.locator("[data-testid=visited]").tap()
    save(page)
    begin(page, 3)
    page.fill("[name=width_m]", "2,5")
    save(page)
    new_path(page, [(0, 60), (60, 60)])
    unsent(page, 5)
    page.close()
    page = opened(phone, address)
    unsent(page, 5)
    phone.route("**/api/photos/*", lambda route: route.fulfill(status=404))
    phone.set_offline(False)
    unsent(page, 0)
    assert len(observations(page, address)) == before + 5
    assert living(page, address) == COUNT + 2
    assert {one["kind"] for one in observations(page, address)} >= {
        "mark",
        "path",
        "split",
        "visit",
    }
    told = at(page, address, segment)
    assert told[0]["fields"]["signs"] == ["SE:D4"]
    assert len(told[0]["photo"]) == 64
    page.wait_for_selector("#sync-said:has-text('1 foton väntar')")
    phone.unroute("**/api/photos/*")
    page.locator("[data-testid=sync]").tap()
    page.wait_for_selector("#sync-said:not(:has-text('foton väntar'))")
    kept = page.request.get(f"{address}/api/photos/{told[0]['photo']}")
    assert (kept.status, kept.headers["content-type"]) == (200, "image/jpeg")


def taken_back(page: Page, what: str) -> None:
    page.wait_for_selector(f"#said:has-text('Ångrat: {what}')")
    unsent(page, 0)


def length_of(page: Page, segment: str) -> int:
    """Read how long a segment of the list is, metres."""
    row = page.locator(f"{ROW}[data-segment-id={segment}] .row-more")
    return int(row.inner_text().split("·")[1].removesuffix("m"))


def listed(page: Page) -> set[str]:
    """Return the ids of the segments in the list."""
    return {str(one.get_attribute("data-segment-id")) for one in page.locator(ROW).all()}


def test_a_line_is_moved_cut_and_joined_without_a_network(
    phone: BrowserContext, address: str
) -> None:
    page = opened(phone, address)
    before, living_before = len(observations(page, address)), living(page, address)
    page.locator("[data-testid=download-area]").tap()
    page.wait_for_selector("[data-testid=offline-ready]")
    rows = page.locator(ROW).count()
    phone.set_offline(True)
    segment = str(page.locator(ROW).nth(4).get_attribute("data-segment-id"))
    long = length_of(page, segment)

    def shorten() -> None:
        page.locator(f"{ROW}[data-segment-id={segment}] button").tap()
        page.locator("[data-testid=move]").tap()
        page.locator("[data-testid=move-next]").tap()
        for _ in range(20):
            page.locator("[data-testid=move-east]").tap()
        page.wait_for_selector("#move-said:has-text('Flyttad högst 20 m')")
        page.locator("[data-testid=move-save]").tap()
        page.wait_for_selector(ROW)

    shorten()
    assert length_of(page, segment) == pytest.approx(long - 20, abs=1)
    page.locator("[data-testid=undo]").tap()
    page.wait_for_selector("#said:has-text('Ångrat')")
    assert length_of(page, segment) == long
    shorten()
    known = listed(page)
    page.locator(f"{ROW}[data-segment-id={segment}] button").tap()
    page.locator("[data-testid=split]").tap()
    save(page)
    (part,) = listed(page) - known
    assert length_of(page, part) + length_of(page, segment) == pytest.approx(long - 20, abs=2)
    page.locator(f"{ROW}[data-segment-id={part}] button").tap()
    page.locator("[data-sign=D5]").tap()
    save(page)
    page.locator(f"{ROW}[data-segment-id={segment}] button").tap()
    page.locator("[data-testid=join]").tap()
    page.wait_for_selector(f"[data-partner={part}][aria-pressed=true]")
    save(page)
    assert page.locator(ROW).count() == rows
    unsent(page, 6)
    phone.set_offline(False)
    unsent(page, 0)
    assert page.locator(".field-mark[data-state=invalid]").count() == 0
    assert len(observations(page, address)) >= before + 3
    assert living(page, address) == living_before
    page.locator(".field-mark:has-text('Fogade ihop') button").tap()
    taken_back(page, "Fogade ihop")
    assert living(page, address) == living_before + 1
    page.wait_for_selector(f"{ROW}[data-segment-id={part}]")
    page.locator(".field-mark:has-text('Delad')").first.locator("button").tap()
    taken_back(page, "Delad")
    assert living(page, address) == living_before
    page.wait_for_selector(f"{ROW}[data-segment-id={part}]", state="detached")


@pytest.fixture
def painted(tmp_path: Path, password_hash: str) -> Iterator[Server]:
    """Serve segments of an area that names a background."""
    background = {"address": "/bakgrund/liten.pmtiles", "attribution": "© Kommunen"}
    area = replace(areas.load("karlskrona"), basemap=background)
    store = create_store(tmp_path / "a.gpkg", area.to_json())
    fill(store)
    admit(store, password_hash)
    store.close()
    running = Server(tmp_path / "a.gpkg")
    yield running
    running.kill()


def around(zooms: range) -> list[tuple[int, int, int]]:
    """List the tiles around the place of the tests, three by three at each zoom."""
    lon, lat = PLACE["longitude"], math.radians(PLACE["latitude"])
    shares = ((lon + 180) / 360, (1 - math.asinh(math.tan(lat)) / math.pi) / 2)
    middles = {zoom: [int(share * 2**zoom) for share in shares] for zoom in zooms}
    return [
        (zoom, col + east, row + south)
        for zoom, (col, row) in middles.items()
        for east in (-1, 0, 1)
        for south in (-1, 0, 1)
    ]


def give(route: Route, data: bytes) -> None:
    """Answer with the bytes that are asked for."""
    first, last = (int(one) for one in route.request.headers["range"][6:].split("-"))
    headers = {"content-range": f"bytes {first}-{last}/{len(data)}", "etag": '"one"'}
    route.fulfill(status=206, body=data[first : last + 1], headers=headers)


BLUE = """() => [...document.querySelectorAll(".leaflet-tile-pane canvas")].some((one) => {
  const [red, , blue, solid] = one.getContext("2d").getImageData(9, 9, 1, 1).data;
  return solid > 0 && blue > red + 40; })"""
TILES = """() => new Promise((told) => { const open = indexedDB.open("gcvag-falt");
  open.onsuccess = () => { const asked = open.result.transaction("things").objectStore("things")
    .getAllKeys(); asked.onsuccess = () => {
      told(asked.result.filter((key) => key.startsWith("tile ")).length); open.result.close(); }; };
})"""


def test_the_background_of_the_area_lies_under_the_map_and_goes_along(
    chromium: Browser, painted: Server
) -> None:
    phone = new_phone(chromium)
    data = archive(land(around(range(11, 19))))
    phone.route("**/bakgrund/liten.pmtiles", lambda route: give(route, data))
    page = phone.new_page()
    page.goto(f"{painted.address}/")
    ready(page)
    page.wait_for_function(BLUE)
    assert "© Kommunen" in page.locator(".credit").inner_text()
    log_in(page, painted.address)
    ready(page)
    page.select_option("#radius", "view")
    page.locator("[data-testid=take]").tap()
    page.wait_for_selector("[data-testid=offline-ready]")
    assert "Det kartan visade" in page.locator(".field-area").inner_text()
    assert page.evaluate(TILES) >= 5
    phone.set_offline(True)
    page.reload()
    ready(page)
    page.wait_for_function(BLUE)
    assert "© Kommunen" in page.locator("main").inner_text()
    page.locator(".field-area button").tap()
    page.wait_for_selector(".field-area", state="detached")
    page.wait_for_function(f"async () => await ({TILES})() === 0")
    phone.close()


def test_several_signs_and_markings_are_one_mark(phone: BrowserContext, address: str) -> None:
    page = opened(phone, address)
    segment = begin(page, 2)
    page.locator("[data-testid=join]").tap()
    page.locator("[data-testid=several]").tap()
    assert page.locator("[data-testid=join]").get_attribute("aria-pressed") == "false"
    page.locator("[data-sign=C10]").tap()
    page.locator("[data-sign=D4]").tap()
    page.locator("#markings label:has-text('Cykelsymbol')").tap()
    assert page.locator("#follows").inner_text().startswith("Cykelbana")
    save(page)
    unsent(page, 0)
    told = [one["fields"] for one in at(page, address, segment) if "C10" in str(one["fields"])]
    assert told[0]["signs"] == ["SE:C10", "SE:D4"]
    assert told[0]["markings"] == ["cycle_symbol"]
    segment = begin(page, 2)
    for sign in ("D4", "D5", "none"):
        page.locator(f"[data-sign={sign}]").tap()
    assert page.locator("[data-sign][aria-pressed=true]").count() == 1, "one stands for another"


TURNED = """async (held) => {
  const compass = await import("/static/falt-compass.js");
  await compass.listen();
  return held.map(([alpha, beta, gamma, absolute]) => {
    dispatchEvent(new DeviceOrientationEvent("deviceorientationabsolute",
      { alpha, beta, gamma, absolute }));
    return compass.bearing(); }); }"""


def test_the_compass_tells_which_way_the_phone_looks(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(f"{address}/om")
    flat, upright, leaning, unsure = page.evaluate(
        TURNED, [[90, 0, 0, True], [90, 90, 0, True], [300, 80, 0, True], [10, 0, 0, False]]
    )
    assert (flat, upright, leaning) == (270, 270, 60)
    assert unsure == leaning, "an angle to nothing known is no bearing"


def test_an_area_is_drawn_and_taken_along(phone: BrowserContext, address: str) -> None:
    page = opened(phone, address)
    page.select_option("#radius", "draw")
    page.locator("[data-testid=take]").tap()
    box = page.locator("#map").bounding_box()
    assert box is not None
    for east, south in ((20, 20), (300, 20), (200, 300)):
        page.touchscreen.tap(box["x"] + east, box["y"] + south)
    page.wait_for_selector("#draw-said:has-text('3 punkter')")
    page.locator("[data-testid=draw-done]").tap()
    page.wait_for_selector("[data-testid=offline-ready]")
    told = page.locator(".field-area").inner_text()
    assert told.startswith("Ett ritat område: ")
    assert 0 < int(told.split(": ")[1].split()[0]) < COUNT


def test_an_answer_that_is_cut_is_asked_for_again(phone: BrowserContext, address: str) -> None:
    page = opened(phone, address)
    cut: list[str] = []

    def cut_once(route: Route) -> None:
        answer = route.fetch()
        if cut:
            route.fulfill(response=answer)
            return
        cut.append(answer.text())
        route.fulfill(status=200, body=answer.text()[:20], content_type="application/json")

    phone.route("**/api/sync", cut_once)
    segment = mark(page, "D5", row=1)
    unsent(page, 0)
    assert cut
    assert len([one for one in at(page, address, segment) if "D5" in str(one["fields"])]) == 1
    assert page.locator(".field-mark[data-state=duplicate]").count() == 1


def test_a_server_killed_before_its_answer_counts_once(
    phone: BrowserContext, server: Server
) -> None:
    page = opened(phone, server.address)
    killed: list[int] = []

    def kill(route: Route) -> None:
        route.fetch()
        server.kill()
        killed.append(1)
        route.abort()

    phone.route("**/api/sync", kill, times=1)
    segment = mark(page, "C11", row=1)
    page.wait_for_selector("#sync-said:has-text('nytt försök')")
    unsent(page, 1)
    assert killed
    server.start()
    page.locator("[data-testid=sync]").tap()
    unsent(page, 0)
    said = [one for one in at(page, server.address, segment) if "C11" in str(one["fields"])]
    assert len(said) == 1
    assert page.locator(".field-mark[data-state=duplicate]").count() == 1


def test_two_phones_that_disagree_both_see_it(
    chromium: Browser, phone: BrowserContext, address: str
) -> None:
    other_phone = new_phone(chromium)
    other = other_phone.new_page()
    log_in(other, address, "planner")
    other.goto(f"{address}/falt")
    ready(other)
    page = opened(phone, address)
    segment = str(page.locator(ROW).nth(3).get_attribute("data-segment-id"))
    for one in (page, other):
        one.goto(f"{address}/falt?segment={segment}")
        one.wait_for_selector(FORM)
    for one, sign in ((page, "D4"), (other, "D5")):
        one.locator(f"[data-sign={sign}]").tap()
        save(one)
        unsent(one, 0)
    other.wait_for_selector(".field-mark[data-state=conflict]:has-text('väntar på granskning')")
    page.locator("[data-testid=sync]").tap()
    page.wait_for_selector(".field-mark:has-text('D4') >> text=har svarat annorlunda")
    said = [one for one in at(page, address, segment) if one["kind"] == "mark"]
    assert {one["author"] for one in said} == {"inspector", "planner"}
    other_phone.close()


def test_what_a_planner_asks_is_listed_until_somebody_was_there(
    phone: BrowserContext, address: str
) -> None:
    page = opened(phone, address)
    segment = str(page.locator(ROW).nth(4).get_attribute("data-segment-id"))
    asked = page.request.post(
        f"{address}/api/errands",
        data={"segment_ids": [segment], "visit": True, "note": "Sitter skylten kvar?"},
        headers={"authorization": "Bearer planner-token", "idempotency-key": "errand-1"},
    )
    assert asked.status == 201
    page.locator("[data-testid=sync]").tap()
    errand = page.locator(f"[data-testid=errand][data-segment-id={segment}]")
    errand.wait_for()
    assert "Sitter skylten kvar?" in errand.inner_text()
    errand.locator("button").tap()
    page.locator("[data-testid=visited]").tap()
    save(page)
    errand.wait_for(state="hidden")
    unsent(page, 0)


def test_a_round_and_a_walked_track(phone: BrowserContext, address: str) -> None:
    page = opened(phone, address)
    page.locator("[data-testid=round]").tap()
    page.wait_for_selector("#round-said:has-text('2-opt')")
    assert page.locator("#stops li").count() > 0
    lon, lat = 15.58917, 56.16139
    points = "".join(f'<trkpt lat="{lat}" lon="{lon + 0.0002 * i}"/>' for i in range(11))
    track = (
        f'<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{points}</trkseg></trk></gpx>'
    )
    for content, told in ((b"<html/>", "ingen läsbar GPX"), (track.encode(), "1 sträckor")):
        file: FilePayload = {
            "name": "dag.gpx", "mimeType": "application/gpx+xml", "buffer": content,
        }  # fmt: skip
        page.set_input_files("#track", file)
        page.wait_for_selector(f"#track-said:has-text('{told}')")
    before = len(observations(page, address))
    page.locator("[data-testid=track-save]").tap()
    page.wait_for_selector("#track-said:has-text('Sparat')")
    unsent(page, 0)
    assert len(observations(page, address)) == before + 1


ROUND = """async () => {
  const { suggest } = await import("/static/falt-round.js");
  const place = (x, y) => [56 + y * 0.001, 15 + x * 0.0018];
  const lines = [];
  for (let x = 0; x < 6; x += 1) { for (let y = 0; y < 6; y += 1) {
    if (x < 5) { lines.push([place(x, y), place(x + 1, y)]); }
    if (y < 5) { lines.push([place(x, y), place(x, y + 1)]); } } }
  const corners = [[0, 0], [5, 5], [5, 0], [0, 5], [2, 0], [5, 3]];
  const asked = corners.map(([x, y], i) => ({ id: `s${i}`, line: [place(x, y), place(x, y)] }));
  const alone = { id: "far", line: [place(20, 20), place(21, 20)] };
  const near = suggest(asked, lines, place(0, 0));
  const far = suggest([...asked, alone], lines, place(0, 0));
  return { order: near.stops.map((one) => one.id), m: near.length_m, line: near.line.length,
    all: far.stops.map((one) => one.id) };
}"""

LINES = """async () => {
  const { simplified, dense, lengthOf } = await import("/static/falt-line.js");
  const { covered } = await import("/static/falt-outing.js");
  const walked = Array.from({ length: 101 }, (_, i) => [56 + (i % 2) * 5e-6, 15 + i * 5e-5]);
  const bent = [...walked, [56.001, 15.005]];
  const at = (share) => [[56.00005, 15], [56.00005, 15 + 0.005 * share]];
  return { kept: simplified(bent, 1.5).length, ends: simplified(bent, 1.5).at(-1),
    dense: dense([[56, 15], [56, 15.005]], 5).length, long: lengthOf([[56, 15], [56, 15.005]]),
    covered: covered([walked], [
      { id: "along", line: at(1) }, { id: "half", line: at(2) }, { id: "most", line: at(1.2) },
      { id: "beside", line: [[56.0002, 15], [56.0002, 15.005]] }]).map((one) => one.id) };
}"""


def test_a_round_visits_all_and_is_short(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(f"{address}/om")
    told = page.evaluate(ROUND)
    assert sorted(told["order"]) == [f"s{i}" for i in range(6)]
    assert told["m"] == pytest.approx(20 * 111.5, rel=0.03), "once around the grid"
    assert told["line"] >= 20
    assert sorted(told["all"]) == ["far", *(f"s{i}" for i in range(6))]


def test_a_walked_line_is_thinned_and_covers_what_it_follows(
    phone: BrowserContext, address: str
) -> None:
    page = phone.new_page()
    page.goto(f"{address}/om")
    told = page.evaluate(LINES)
    assert told["kept"] == 3
    assert told["ends"] == [56.001, 15.005]
    assert told["long"] == pytest.approx(311, abs=1)
    assert told["dense"] == 64
    assert told["covered"] == ["along", "most"]


def test_a_clock_an_hour_off_is_told_and_loses_nothing(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.clock.install(time=datetime.now(UTC) - timedelta(hours=1))
    page.goto(f"{address}/falt")
    ready(page)
    page.wait_for_selector("#sync-said:has-text('60 minuter')")
    segment = mark(page, "E7", row=5)
    unsent(page, 0)
    said = [one for one in at(page, address, segment) if "E7" in str(one["fields"])]
    assert len(said) == 1


def test_two_tabs_send_once(phone: BrowserContext, address: str) -> None:
    one, other = opened(phone, address), opened(phone, address)
    phone.set_offline(True)
    segment = mark(one, "E9", row=2)
    mark(other, "E9", row=2)
    unsent(one, 2)
    unsent(other, 2)
    phone.set_offline(False)
    one.locator("[data-testid=sync]").tap()
    other.locator("[data-testid=sync]").tap()
    unsent(one, 0)
    unsent(other, 0)
    said = [row for row in at(one, address, segment) if "E9" in str(row["fields"])]
    assert len(said) == 2


def test_an_expired_login_keeps_what_is_saved(phone: BrowserContext, address: str) -> None:
    page = opened(phone, address)
    phone.clear_cookies()
    segment = mark(page, "D6", row=3)
    page.locator("#login a").wait_for()
    unsent(page, 1)
    log_in(page, address)
    ready(page)
    unsent(page, 0)
    assert any("D6" in str(one["fields"]) for one in at(page, address, segment))


def test_a_full_phone_says_so_and_keeps_what_was_typed(phone: BrowserContext, address: str) -> None:
    page = opened(phone, address)
    page.evaluate(
        """() => { window.add = IDBObjectStore.prototype.add; IDBObjectStore.prototype.add =
        () => { throw new DOMException("full", "QuotaExceededError"); }; }"""
    )
    begin(page, 4)
    page.fill("[name=note]", "Skymd skylt")
    page.locator(SAVE).tap()
    page.locator("#form-fault:has-text('fullt')").wait_for()
    assert page.locator("[name=note]").input_value() == "Skymd skylt"
    unsent(page, 0)
    page.evaluate("() => { IDBObjectStore.prototype.add = window.add; }")
    save(page)


def test_a_newer_page_strands_nothing(phone: BrowserContext, address: str) -> None:
    page = opened(phone, address)
    phone.set_offline(True)
    mark(page, "D7", row=4)
    unsent(page, 1)
    page.evaluate(
        """async () => { for (const one of await caches.keys()) { await caches.delete(one); }
        for (const one of await navigator.serviceWorker.getRegistrations()) {
          await one.unregister(); } }"""
    )
    phone.set_offline(False)
    phone.route("**/api/sync", lambda route: route.abort())
    page.reload()
    ready(page)
    unsent(page, 1)
    phone.unroute("**/api/sync")
    page.locator("[data-testid=sync]").tap()
    unsent(page, 0)


def test_a_mark_is_taken_back_and_a_refused_one_stays_readable(
    phone: BrowserContext, address: str
) -> None:
    page = opened(phone, address)
    mark(page, "C10", row=4)
    unsent(page, 0)
    page.locator("[data-testid=undo]").tap()
    unsent(page, 0)
    page.wait_for_selector(".field-mark:has-text('C10') >> text=Tillbakatagen")
    unsent(page, 0)

    def refuse(route: Route) -> None:
        sent = json.loads(route.request.post_data or "")["operations"]
        told = [{"op_id": one["op_id"], "result": "invalid", "reason": "Nej."} for one in sent]
        route.fulfill(json={"operations": told})

    phone.route("**/api/sync", refuse)
    mark(page, "E7", row=4)
    unsent(page, 0)
    refused = page.locator(".field-mark[data-state=invalid]:has-text('E7')")
    assert "Nej." in refused.inner_text()
    assert "E7" in refused.inner_text()


def test_the_address_opens_a_segment_in_english(phone: BrowserContext, address: str) -> None:
    page = opened(phone, address)
    segment = str(page.locator(ROW).nth(3).get_attribute("data-segment-id"))
    page.goto(f"{address}/falt?segment={segment}&lang=en")
    ready(page)
    page.wait_for_selector(FORM)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text() == "Field"
    page.locator("[data-testid=lang-sv]").tap()
    assert page.locator("h1").inner_text() == "Fält"
    page.keyboard.press("Escape")


def test_everybody_can_use_it(phone: BrowserContext, address: str) -> None:
    page = opened(phone, address)
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    assert violations(page) == []
    assert small_targets(page) == []
    begin(page)
    assert violations(page) == []
    assert small_targets(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(WIDE) <= 320
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    assert page.evaluate(WIDE) <= 390
    page.locator("[data-testid=close]").tap()
    assert page.evaluate(WIDE) <= 390
    page.locator("[data-testid=draw]").tap()
    assert page.evaluate(WIDE) <= 390
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    assert violations(page) == []
    assert small_targets(page) == []


def small_targets(page: Page) -> list[str]:
    found = page.evaluate(
        """(least) => [...document.querySelectorAll("button, select, a, input, textarea, label")]
        .filter((one) => one.checkVisibility() &&
          !one.matches(".skip, label[for], [type=file], [type=checkbox]"))
        .filter((one) => { const box = one.getBoundingClientRect();
          return box.width < least || box.height < least; })
        .map((one) => one.outerHTML.slice(0, 120))""",
        TARGET_PX,
    )
    return list(found)


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_phone_decides_as_the_server_does(
    phone: BrowserContext, address: str, country: str
) -> None:
    told = form(country)
    plates = ["", *(one.text.title() for one in load(country).plates)]
    current = [one["code"] for one in told["signs"] if one["current"] and one["role"] != "plate"]
    single = [((one["code"],), plate) for one in told["signs"] for plate in plates]
    signs = [*single, *((pair, "") for pair in permutations(current, 2))]
    asked = [
        (kind, names, plate, marks)
        for kind, painted in told["markings"].items()
        for names, plate in [*signs, ((), "")]
        for marks in ((), *((one,) for one in painted), tuple(painted[:-1]))
        if names or marks
    ]
    objects = [
        {"kind": kind, "signs": [f"{country}:{name}" for name in names],
         "plate": plate or None, "markings": list(marks)}
        for kind, names, plate, marks in asked
    ]  # fmt: skip
    wanted = [one["path_class"] for one in decide_objects(objects, country)]
    page = phone.new_page()
    page.goto(f"{address}/om")
    got = page.evaluate(
        """async ([form, asked]) => {
        const { follows } = await import("/static/falt-decide.js");
        return asked.map(([kind, signs, plate, markings]) =>
          follows(form, kind, signs, { plate, markings }).path_class);
        }""",
        [told, asked],
    )
    assert got == wanted
