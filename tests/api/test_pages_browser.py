"""Do the pages keep the rules of accessibility, and can a resident and a planner do their work?

Every page ends without a request to another host, a fault of a script or a violation of axe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from gis import areas
from gis.store import create_store
from maps import tiled
from maps.page import About
from tests.api.conftest import EAST, KEYS, NORTH, WORDS, admit, copied
from tests.api.test_review_browser import dispute, log_in_beside, serving
from tests.axe import violations
from tests.conftest import SEGMENT, make
from tests.maps.test_figure import PAYLOADS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Page,
        Route,
        ViewportSize,
    )

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.enable_socket]

ROW = "[data-testid=segment-row] button"
POPUP = "[data-testid=popup]"
QUEUE = "[data-testid=queue-item] button"
CUT = ("ERR_INTERNET_DISCONNECTED", "status of 401")
DESK: ViewportSize = {"width": 1280, "height": 800}
MANY = tiled.MOST_SENT + 50
SEED = 20261123
PLACED = """([name, zoom]) => fetch("/ogc/collections/segments/items/" + name)
  .then((answer) => answer.json()).then((one) => {
    const [west, east] = one.geometry.coordinates;
    const middle = [(west[1] + east[1]) / 2, (west[0] + east[0]) / 2];
    gcvag.map.closePopup();
    gcvag.map.setView(middle, zoom, { animate: false });
    return gcvag.map.latLngToContainerPoint(middle);
  })"""
"""Moves the map to a segment; returns where its middle is on the map."""

DRAWN = """(id) => { let found = false; gcvag.map.eachLayer((layer) => {
  found = found || layer.options.segmentId === id; }); return found; }"""
SMALL = """() => [...document.querySelectorAll(
  "button, summary, select, label:has(input[type=checkbox], input[type=radio]), nav a, .button")]
  .filter((e) => e.getClientRects().length && !e.closest(".unseen"))
  .filter((e) => e.getBoundingClientRect().height < 43.5 || e.getBoundingClientRect().width < 43.5)
  .map((e) => e.outerHTML.slice(0, 120))"""
"""Lists targets below 44 px."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Iterator[str]:
    """Serve a small inventory with disputed segments."""
    path = copied(built, tmp_path_factory.mktemp("pages"))
    dispute(path)
    yield from serving(path)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> Iterator[str]:
    """Serve an inventory that is too large to send: short lines in rows."""
    path = tmp_path_factory.mktemp("large") / "large.gpkg"
    store = create_store(path, areas.load("karlskrona").to_json())
    admit(store, password_hash)
    at = [(EAST + 40 * (n % 100), NORTH + 40 * (n // 100)) for n in range(MANY)]
    segments = make(
        "segments",
        {
            **SEGMENT,
            "segment_id": [f"s{n:06d}" for n in range(MANY)],
            "geometry": [f"LINESTRING ({x} {y}, {x + 30} {y})" for x, y in at],
            "name": "Hästö gata",
            "length_m": 30.0,
            "severity": [2, 2, *[0] * (MANY - 2)],
        },
    )
    findings = make(
        "findings", {"check_id": "A01", "segment_id": "s000000", "severity": 2, "state": "open"}
    )
    frames = {
        "segments": segments,
        "findings": findings,
        "streets": make("streets", {}),
        "signs": make("signs", {}),
        "network": segments[["segment_id", "name", "geometry"]],
    }
    indexes = {"findings": ["segment_id"], "signs": ["segment_id"]}
    store.replace_layers(frames, keys={name: KEYS[name] for name in frames}, indexes=indexes)
    store.close()
    yield from serving(path)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """Open pages; by the end none had a fault or asked another host."""
    faults: list[str] = []
    context = chromium.new_context(locale="sv-SE", timezone_id="Europe/Stockholm", viewport=DESK)
    context.grant_permissions(["clipboard-read", "clipboard-write"])

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(dialog.message))
        page.on("request", lambda one: None if _own(one.url) else faults.append(one.url))
        page.on("console", lambda line: faults.append(line.text) if _is_fault(line) else None)

    context.on("page", watch)
    yield context
    context.close()
    assert faults == []


def _is_fault(line: ConsoleMessage) -> bool:
    """Tell a fault from what the browser notes where a test cuts the network or the log-in."""
    return line.type == "error" and not any(cut in line.text for cut in CUT)


def _own(url: str) -> bool:
    """Tell a request to our own server."""
    return url.startswith(("http://127.0.0.1:", "data:", "blob:"))


def opened(context: BrowserContext, url: str) -> Page:
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(url)
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


def log_in(context: BrowserContext, address: str) -> None:
    page = opened(context, f"{address}/logga-in")
    page.fill("input[name=username]", "planner")
    page.fill("input[name=password]", WORDS)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/granska*")


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_no_public_page_breaks_a_rule_of_access(
    context: BrowserContext, address: str, lang: str
) -> None:
    for path in ("/loften", "/om", "/logga-in", "/lage"):
        page = opened(context, f"{address}{path}?lang={lang}")
        assert violations(page) == [], path
    page = opened(context, f"{address}/?lang={lang}")
    assert violations(page) == []
    page.locator(ROW).first.click()
    page.locator(f"{POPUP} summary").last.click()
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert violations(page) == []


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_no_page_of_planners_breaks_a_rule_of_access(
    context: BrowserContext, address: str, lang: str
) -> None:
    log_in(context, address)
    page = opened(context, f"{address}/skyltatgarder?lang={lang}")
    assert violations(page) == []
    page = opened(context, f"{address}/granska?lang={lang}")
    assert violations(page) == []
    page.locator("[data-testid=queue-item] button").first.click()
    page.locator("[data-testid=errand-form]").wait_for(state="attached")
    page.evaluate(
        "() => document.querySelectorAll('details').forEach((box) => { box.open = true; })"
    )
    assert violations(page) == []


def test_a_message_reaches_the_planners(context: BrowserContext, address: str) -> None:
    page = opened(context, f"{address}/")
    page.locator(ROW).first.click()
    name = page.locator(POPUP).get_attribute("data-segment-id")
    page.locator(f"{POPUP} .message-box summary").click()
    page.locator("[data-testid=message] textarea").fill("Skylten <b>saknas</b>")
    context.set_offline(True)
    page.locator("[data-testid=message] button").click()
    page.locator("[data-testid=message] :text('Din text står kvar')").wait_for()
    context.set_offline(False)
    page.locator("[data-testid=message] button").click()
    page.locator("[data-testid=message] :text('Tack!')").wait_for()
    log_in(context, address)
    page = opened(context, f"{address}/granska?segment={name}")
    said = page.locator("[data-testid=resident-message]")
    assert "Skylten <b>saknas</b>" in said.inner_text()
    said.locator("button").click()
    said.wait_for(state="detached")


def test_a_visit_is_asked_for(context: BrowserContext, address: str) -> None:
    log_in(context, address)
    page = opened(context, f"{address}/granska")
    page.locator("[data-testid=queue-item] button").first.click()
    page.wait_for_function("() => document.activeElement.name === 'path_class'")
    page.locator(".review-errand summary").click()
    page.locator("[data-testid=errand-form] [name=note]").fill("Vilken skylt?")
    context.clear_cookies()
    page.locator("[data-testid=errand-form] button").click()
    page.locator("#review-fault a[href='/logga-in']").wait_for()
    log_in_beside(context, address)
    page.locator("[data-testid=errand-form] button").click()
    page.locator("[data-testid=errand]:has-text('Vilken skylt?')").wait_for()


# A shared path without a sign is work on signs.
DECIDE = """async () => {
  const items = "/ogc/collections/segments/items";
  const one = (await (await fetch(`${items}?limit=100`)).json()).features.at(-1);
  const body = JSON.stringify({ type: "Feature", properties: { path_class: "gc_gemensam" } });
  const headers = { "content-type": "application/merge-patch+json", "if-match": "*" };
  return (await fetch(`${items}/${one.id}`, { method: "PATCH", headers, body })).status;
}"""


def test_what_is_typed_about_a_sign_outlives_network_and_log_in(
    context: BrowserContext, address: str
) -> None:
    log_in(context, address)
    page = context.pages[0]
    assert page.evaluate(DECIDE) == 200
    page.goto(f"{address}/skyltatgarder")
    form = page.locator("#sign-work form").first
    form.locator("[name=responsible]").fill("Gatukontoret")
    form.locator("[name=state]").select_option("ordered")
    context.set_offline(True)
    form.locator("button").click()
    form.locator("[role=status]:has-text('Ingen kontakt')").wait_for()
    context.set_offline(False)
    context.clear_cookies()
    form.locator("button").click()
    form.locator("[role=status]:has-text('utloggad')").wait_for()
    log_in_beside(context, address)
    form.locator("button").click()
    form.locator("[role=status]:has-text('Sparat')").wait_for()
    page.reload()
    assert form.locator("[name=responsible]").input_value() == "Gatukontoret"
    assert form.locator("[name=state]").input_value() == "ordered"


def test_a_link_to_the_view_can_be_shared(context: BrowserContext, address: str) -> None:
    page = opened(context, f"{address}/")
    page.locator(ROW).first.click()
    page.locator("[data-testid=share]").click()
    page.locator(".map-said").wait_for()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert "segment=" in link
    assert "#map=" in link
    assert opened(context, link).locator(POPUP).count() == 1


def test_the_map_goes_to_where_the_reader_stands(context: BrowserContext, address: str) -> None:
    page = opened(context, f"{address}/")
    page.locator("[data-testid=locate]").click()
    page.locator(".map-said:has-text('kunde inte bestämmas')").wait_for()
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 56.1614, "longitude": 15.5892, "accuracy": 12})
    page.locator("[data-testid=locate]").click()
    page.locator(".map-said:has-text('12 m')").wait_for()
    page.wait_for_function("() => gcvag.map.getCenter().distanceTo([56.1614, 15.5892]) < 100")


def test_what_others_decide_shows_when_the_page_is_looked_at_again(
    context: BrowserContext, address: str
) -> None:
    log_in(context, address)
    queue = opened(context, f"{address}/granska")
    public = context.new_page()
    public.goto(f"{address}/")
    public.wait_for_selector("html[data-ready]", state="attached")
    count = queue.locator(QUEUE).count()
    assert count >= 2
    queue.locator(QUEUE).first.click()
    queue.wait_for_function("() => document.activeElement.name === 'path_class'")
    queue.locator("#review-comment").fill("Jag tittar ännu")
    name = queue.locator(QUEUE).nth(1).get_attribute("data-segment-id")
    public.evaluate("(name) => { gcvag.open(name); }", name)
    item = f"{address}/ogc/collections/segments/items/{name}"
    head = {"Authorization": "Bearer planner-token", "If-Match": "*"}
    said = {"properties": {"path_class": "gagata", "reason": "Beslut i Vänersborg"}}
    kind = {"Content-Type": "application/merge-patch+json"}
    assert queue.request.patch(item, data=said, headers={**head, **kind}).status == 200
    for page in (queue, public):
        page.evaluate("() => { window.dispatchEvent(new Event('focus')); }")
    queue.wait_for_function(
        "(n) => document.querySelectorAll('[data-testid=queue-item]').length === n", arg=count - 1
    )
    assert queue.locator(f"{QUEUE}[data-segment-id={name}]").count() == 0
    assert queue.locator("#review-comment").input_value() == "Jag tittar ännu"
    public.locator(f"{POPUP}[data-segment-id={name}]:has-text('Gågata')").wait_for()
    assert "En planerare" in (public.locator(POPUP).text_content() or "")


def test_a_large_inventory_is_drawn_and_read(context: BrowserContext, large: str) -> None:
    page = opened(context, f"{large}/")
    assert page.evaluate("() => gcvag.map.getZoom()") < tiled.CLOSE_ZOOM
    assert page.locator(ROW).count() == 50
    page.wait_for_function(
        "() => document.querySelectorAll('canvas.leaflet-tile-loaded').length > 0"
    )
    assert violations(page) == []
    assert not page.locator("#sort").is_visible()
    context.set_offline(True)
    page.locator("#more").click()
    page.locator("#failed").wait_for()
    assert page.locator(ROW).count() == 50
    context.set_offline(False)
    page.locator("#more").click()
    page.wait_for_function("() => document.querySelectorAll('#rows li').length === 100")
    assert not page.locator("#failed").is_visible()
    page.locator(ROW).first.click()
    page.locator(POPUP).wait_for()
    assert page.evaluate("() => gcvag.map.getZoom()") >= tiled.CLOSE_ZOOM
    page.wait_for_function("() => document.querySelectorAll('#rows li').length > 0")
    page.keyboard.press("Escape")
    page.locator(POPUP).wait_for(state="detached")
    page.evaluate("() => { gcvag.map.panBy([40, 0], { animate: false }); }")
    page.locator("#sort").select_option("length_m")


def test_a_click_far_away_opens_the_nearest(context: BrowserContext, large: str) -> None:
    page = opened(context, f"{large}/#map=14/56.1620/15.6000")
    for name in ("s000000", "s000731", "s005042"):
        point = page.evaluate(PLACED, [name, 14])
        page.locator("[data-testid=map]").click(position=point)
        page.locator(f"{POPUP}[data-segment-id={name}]").wait_for()


def test_a_finding_is_told_in_the_popup_of_a_large_inventory(
    context: BrowserContext, large: str
) -> None:
    page = opened(context, f"{large}/?segment=s000000")
    page.locator(f"{POPUP} .finding").first.wait_for()
    page.fill("#search", "Hästö")
    page.locator("#search-rows button").first.wait_for()


def test_the_queue_of_a_large_inventory_is_worked_through(
    context: BrowserContext, large: str
) -> None:
    log_in(context, large)
    page = opened(context, f"{large}/granska")
    assert page.locator(QUEUE).count() == 2
    assert page.evaluate("() => gcvag.byId.size") < tiled.MOST_SENT
    page.locator(QUEUE).first.click()
    page.locator(f"{POPUP}[data-segment-id=s000000] .finding").first.wait_for()
    page.wait_for_function("() => document.activeElement.name === 'path_class'")
    page.wait_for_function("() => gcvag.byId.size > 100")
    page.locator("#review-skip").click()
    page.locator(f"{POPUP}[data-segment-id=s000001]").wait_for()
    assert violations(page) == []


def test_every_page_of_every_role_reflows_and_keeps_the_rules(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 700})
    gone = "/finns-inte"
    # A page that is not there writes its 404 to the console; here only its content counts.
    page.route(f"**{gone}", lambda route: route.fulfill(response=route.fetch(), status=200))
    pages = {
        "": ("/", "/lage", "/loften", "/om", "/logga-in", gone),
        "inspector": ("/falt", gone),
        "planner": ("/granska", "/skyltatgarder", "/falt", gone),
    }
    for role, paths in pages.items():
        if role:
            page.goto(f"{address}/logga-in")
            page.fill("input[name=username]", role)
            page.fill("input[name=password]", WORDS)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "logga-in" not in url)
        for path in paths:
            opened(context, address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, (role, path)
            assert page.evaluate(SMALL) == [], (role, path)
            if path in (gone, "/falt"):
                assert violations(page) == [], (role, path)
        context.clear_cookies()


def test_twenty_random_segments_open_where_they_are_clicked(
    context: BrowserContext, large: str
) -> None:
    page = opened(context, f"{large}/#map=17/56.1620/15.6000")
    drawn = np.random.default_rng(SEED).choice(MANY, size=20, replace=False)
    for name in (f"s{number:06d}" for number in drawn):
        point = page.evaluate(PLACED, [name, 17])
        page.wait_for_function(DRAWN, arg=name)
        page.locator("[data-testid=map]").click(position=point)
        page.locator(f"{POPUP}[data-segment-id={name}]").wait_for()


def test_what_sources_say_is_only_ever_text(context: BrowserContext, address: str) -> None:
    log_in(context, address)
    page = opened(context, f"{address}/granska")
    corpus = {payload: payload for payload in PAYLOADS}

    def poisoned(route: Route) -> None:
        told = route.fetch().json()
        told["evidence"].append({"type": "data", "source_id": "x", "says": corpus})
        told["evidence"].append({"type": "sign", "raw": PAYLOADS[0], "source_id": PAYLOADS[1]})
        for finding in told["findings"]:
            finding["evidence"] = corpus
        route.fulfill(json=told)

    page.route("**/api/review/s*", poisoned)
    page.locator(QUEUE).first.click()
    page.locator("#review-evidence dt").first.wait_for()
    said = page.locator("#review-evidence").evaluate("box => box.textContent")
    assert [payload for payload in PAYLOADS if payload not in said] == []
    assert page.locator("#review img, #review script, #review iframe").count() == 0
    page.unroute_all(behavior="ignoreErrors")


def test_what_sources_said_then_and_now_stands_side_by_side(
    context: BrowserContext, address: str
) -> None:
    log_in(context, address)
    page = opened(context, f"{address}/granska")
    markup = "<img src=x onerror=alert(1)>"

    def changed(route: Route) -> None:
        told = {**route.fetch().json(), "changes": [{"key": "osm", "before": markup, "now": None}]}
        route.fulfill(json=told)

    page.route("**/api/review/s*", changed)
    page.locator(QUEUE).first.click()
    said = page.locator("[data-testid=changes]")
    said.wait_for()
    assert said.locator("del").inner_text() == f"Då: {markup}."
    assert said.locator("ins").inner_text() == "Nu: inget."
    page.unroute_all(behavior="ignoreErrors")


def test_names_for_the_search_stand_once() -> None:
    layer = make("segments", {"segment_id": ["a", "b", "c"], "name": ["Ö", "Ö", None]})
    told = tiled.names({"segments": layer})
    assert told["name"] == ["Ö"]
    south, west, north, east = told["box"][0]
    assert south <= north
    assert west <= east


def test_counts_leave_out_what_is_gone() -> None:
    counted = pd.DataFrame(
        {
            "path_class": ["gangbana", "gangbana"],
            "status": ["proposed", "retired"],
            "length_m": [10.4, 99.0],
        }
    )
    none = make("segments", {}).iloc[:0]
    told = tiled.contents(none, counted, None, About(), "").data["tiled"]["counts"]
    assert told == {"path_class": {"gangbana": [1, 10]}, "status": {"proposed": [1, 10]}}
