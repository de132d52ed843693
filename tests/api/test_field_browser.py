"""Does an inspector's phone work all day without a network, and is each mark received once?"""

from __future__ import annotations

import json
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest

from api.work.field import form
from gis.decide import decide_objects
from gis.signs import COUNTRIES, load
from tests.api.conftest import COUNT, WORDS, copied
from tests.api.test_server import free_port, serve_into, wait
from tests.axe import violations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import (
        Browser,
        BrowserContext,
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
OTHER_KINDS = ("path", "lane", "street", "crossing")


@pytest.fixture(scope="module")
def address(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an inventory of seven footways as a process of its own."""
    location = copied(built, tmp_path_factory.mktemp("field"))
    port = free_port()
    printed = location.with_suffix(".txt")
    process = get_context("spawn").Process(target=serve_into, args=(printed, str(location), port))
    process.start()
    try:
        wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.join(30)


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


def log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/logga-in")
    page.fill("input[name=username]", "inspector")
    page.fill("input[name=password]", WORDS)
    page.locator("[type=submit]").last.click()
    page.wait_for_url(f"{address}/falt")


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
    rows = [one["properties"] for one in answer.json()["features"]]
    return [{**row, "fields": json.loads(row["fields"])} for row in rows]


def living(page: Page, address: str) -> int:
    """Count the segments that are not retired."""
    answer = page.request.get(f"{address}/ogc/collections/segments/items?limit=1000&f=json")
    return sum(one["properties"]["status"] != "retired" for one in answer.json()["features"])


def at(page: Page, address: str, segment: str) -> list[dict[str, Any]]:
    return [one for one in observations(page, address) if one["sent_segment_id"] == segment]


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
    first = page.locator(ROW).first.bounding_box()
    assert first is not None
    assert first["y"] < 844 - TARGET_PX
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
    mark(page, "none", row=4)
    unsent(page, 5)
    page.close()
    page = opened(phone, address)
    unsent(page, 5)
    phone.route("**/api/photos/*", lambda route: route.fulfill(status=404))
    phone.set_offline(False)
    unsent(page, 0)
    assert len(observations(page, address)) == before + 5
    assert living(page, address) == COUNT + 1
    told = at(page, address, segment)
    assert told[0]["fields"]["signs"] == ["SE:D4"]
    assert len(told[0]["photo"]) == 64
    page.wait_for_selector("#sync-said:has-text('1 foton väntar')")
    took: list[str] = []
    phone.unroute("**/api/photos/*")
    phone.route("**/api/photos/*", lambda route: _take(route, took))
    page.locator("[data-testid=sync]").tap()
    page.wait_for_selector("#sync-said:not(:has-text('foton väntar'))")
    assert took == [told[0]["photo"]]


def _take(route: Route, took: list[str]) -> None:
    took.append(route.request.url.rpartition("/")[2])
    route.fulfill(status=201)


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

    def refuse(route: Route) -> None:
        sent = json.loads(route.request.post_data or "")["operations"]
        told = [{"op_id": one["op_id"], "result": "invalid", "reason": "Nej."} for one in sent]
        route.fulfill(json={"operations": told})

    phone.route("**/api/sync", refuse)
    mark(page, "E7", row=4)
    unsent(page, 0)
    refused = page.locator(".field-mark[data-state=invalid]")
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
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 320


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
    catalogue = load(country)
    plates = ["", *(one.text.title() for one in catalogue.plates)]
    asked = [
        (kind, sign.code, plate)
        for kind in OTHER_KINDS
        for sign in catalogue.signs
        for plate in plates
    ]
    objects = [
        {"kind": kind, "signs": [f"{country}:{sign}"], "plate": plate or None}
        for kind, sign, plate in asked
    ]
    wanted = [one["path_class"] for one in decide_objects(objects, country)]
    page = phone.new_page()
    page.goto(f"{address}/om")
    got = page.evaluate(
        """async ([form, asked]) => {
        const { follows } = await import("/static/falt-decide.js");
        return asked.map(([kind, sign, plate]) => follows(form, kind, sign, plate).path_class);
        }""",
        [form(country), asked],
    )
    assert got == wanted
