"""Does the page work in a browser, by pointer and by keyboard, with no network?

Every test ends with no request to another host, no dialog and no line on the console (`opened`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from maps import inventory, promises, review
from maps.figure import Shell, as_json, static_file, vendor_file
from maps.page import About, draw

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

SETTLED_MS = 5_000
TILES = "https://tile.example.org"
ROW = "[data-testid=segment-row]"
POPUP = "[data-testid=popup]"
PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "${alert(1)}`${alert(1)}`",
    "</script><script>alert(1)</script>",
    "{{ 7*7 }} {% raw %} \\u003cb\\u003e \\",
    "שלום \u202eabc\u202c",
    "å" * 10_000,
]


@pytest.fixture
def shown(opened: Callable[..., Page], layers: dict[str, gpd.GeoDataFrame]) -> Page:
    return opened(inventory.draw(layers, title="Karlskrona"))


def test_there_is_one_leaflet_map_with_popups_and_tooltips(shown: Page) -> None:
    maps = shown.evaluate("Object.values(window).filter((v) => v instanceof L.Map).length")
    assert maps == 1
    bound = shown.evaluate(
        """() => { const found = []; map_gcvag.eachLayer((layer) => {
        if (layer.getPopup && layer.getPopup()) {
          found.push([layer.getPopup().getContent().textContent,
            layer.getTooltip().getContent().textContent]); } }); return found; }"""
    )
    assert len(bound) == 3
    assert any("Strandleden" in popup and "Strandleden" in tip for popup, tip in bound)


def test_the_map_opens_on_the_segments(shown: Page) -> None:
    inside = "map_gcvag.getBounds().contains(L.latLngBounds(gcvag.data.extent))"
    assert shown.evaluate(inside)
    assert shown.locator(ROW).count() == 3
    assert shown.locator("[data-testid=map]").count() == 1


def test_a_click_on_a_line_opens_what_is_known(shown: Page) -> None:
    point = shown.evaluate("map_gcvag.latLngToContainerPoint([56.161, 15.581])")
    shown.locator("[data-testid=map]").click(position=point)
    popup = shown.locator(POPUP)
    assert popup.get_attribute("data-segment-id") == "s1"
    assert "Gemensam" in popup.locator("[data-testid=class]").inner_text()
    assert popup.locator("[data-testid=reason]").inner_text() == "Ingen skylt är sedd."
    assert popup.locator("[data-testid=legal]").inner_text()
    assert "Delad eller gemensam?" in popup.inner_text()
    assert "Norra leden" in popup.inner_text()


def test_by_keyboard_alone(shown: Page) -> None:
    shown.keyboard.press("Tab")
    skip = shown.evaluate("document.activeElement.getAttribute('href')")
    assert skip == "#list"
    shown.keyboard.press("Enter")
    assert shown.evaluate("document.activeElement.id") == "list"
    shown.keyboard.press("Tab")
    opener = shown.evaluate("document.activeElement.dataset.segmentId")
    shown.keyboard.press("Enter")
    shown.locator(POPUP).wait_for()
    assert shown.locator(POPUP).get_attribute("data-segment-id") == opener
    assert shown.evaluate("map_gcvag.getZoom()") >= 15
    assert shown.locator("#status").inner_text().startswith("Öppnade")
    shown.keyboard.press("Escape")
    shown.locator(POPUP).wait_for(state="detached")
    assert shown.evaluate("document.activeElement.dataset.segmentId") == opener


def test_the_view_stands_in_the_address(
    opened: Callable[..., Page], layers: dict[str, gpd.GeoDataFrame]
) -> None:
    page = opened(inventory.draw(layers, title="K"), address="#map=17/56.16100/15.58100")
    assert page.evaluate("map_gcvag.getZoom()") == 17
    page.evaluate("map_gcvag.setView([56.162, 15.5815], 16, {animate: false})")
    page.wait_for_function("() => location.hash === '#map=16/56.16200/15.58150'")


@pytest.mark.parametrize(("country", "lawful"), [("SE", True), ("FI", False), ("NO", False)])
def test_swedish_law_is_told_of_swedish_ground_alone(
    opened: Callable[..., Page], layers: dict[str, gpd.GeoDataFrame], country: str, *, lawful: bool
) -> None:
    html = inventory.draw(layers, title="K", about=About(country=country))
    text = opened(html, address="?segment=s2").locator(POPUP).inner_text()
    assert ("svensk rätt gäller inte här" in text) != lawful


def test_a_segment_in_the_address_is_opened(
    opened: Callable[..., Page], layers: dict[str, gpd.GeoDataFrame]
) -> None:
    page = opened(inventory.draw(layers, title="K"), address="?segment=s2")
    assert page.locator(POPUP).get_attribute("data-segment-id") == "s2"


def test_the_legend_hides_a_class_on_map_and_list(shown: Page) -> None:
    shown.locator("#legend input[value=trappa]").uncheck()
    assert shown.locator(ROW).count() == 2
    drawn = "let n = 0; map_gcvag.eachLayer((l) => { n += l.getPopup && l.getPopup() ? 1 : 0; }); n"
    assert shown.evaluate(drawn) == 2


def test_the_legend_holds_only_what_is_present(shown: Page) -> None:
    boxes = shown.locator("#legend input[name=path_class]")
    values = boxes.evaluate_all("all => all.map(box => box.value)")
    assert values == ["cykelbana", "gc_gemensam", "trappa"]


def test_the_language_switch_says_everything_again(shown: Page) -> None:
    shown.locator("[data-testid=lang-en]").click()
    assert shown.evaluate("document.documentElement.lang") == "en"
    assert shown.locator("h1").inner_text() == "Foot and cycle paths"
    shown.locator(f"{ROW} button").first.click()
    assert shown.locator("[data-testid=reason]").inner_text() == "No sign has been seen."


def test_search_goes_to_a_street(shown: Page) -> None:
    shown.get_by_label("Sök gata eller plats").fill("storg")
    shown.keyboard.press("Enter")
    assert "Storgatan" in shown.locator("#status").inner_text()


def test_search_finds_a_segment_by_its_id(shown: Page) -> None:
    shown.get_by_label("Sök gata eller plats").fill("s1")
    shown.keyboard.press("Enter")
    assert shown.locator(POPUP).get_attribute("data-segment-id") == "s1"


def test_the_list_is_sorted_by_keyboard(shown: Page) -> None:
    shown.evaluate("() => { gcvag.data.segments.length_m = [10, 30, 20]; }")
    shown.get_by_label("Ordna efter").focus()
    shown.keyboard.press("End")
    shown.locator("#status:has-text('längst först')").wait_for(state="attached")
    rows = shown.locator(ROW).evaluate_all("all => all.map(row => row.dataset.segmentId)")
    assert rows == ["s0", "s1", "s2"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_name_is_only_ever_text(
    opened: Callable[..., Page], layers: dict[str, gpd.GeoDataFrame], payload: str
) -> None:
    named = {
        name: layer.assign(name=payload) if "name" in layer else layer
        for name, layer in layers.items()
    }
    named["segments"] = named["segments"].assign(
        surface=payload, reason_sv=payload, segment_id=[payload, "s1", "s2"]
    )
    page = opened(inventory.draw(named, title=payload))
    page.locator(f"{ROW} button").first.click()
    popup = page.locator(POPUP)
    assert popup.locator("h3").text_content() == payload
    assert popup.locator("[data-testid=reason]").text_content() == payload
    tips = page.evaluate(
        """() => { const found = []; map_gcvag.eachLayer((layer) => {
        if (layer.getTooltip && layer.getTooltip()) { layer.openTooltip();
        found.push(document.querySelector('.leaflet-tooltip').textContent); } }); return found; }"""
    )
    assert all(payload in tip for tip in tips)
    page.get_by_label("Sök gata eller plats").fill(payload[:20])
    assert page.locator("img, b").count() == 0


@pytest.mark.parametrize("width", [320, 390])
def test_a_narrow_page_reflows_with_the_map_above_the_list(
    opened: Callable[..., Page], layers: dict[str, gpd.GeoDataFrame], width: int
) -> None:
    page = opened(inventory.draw(layers, title="Karlskrona"), size=(width, 700))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    map_box, list_box = (
        page.locator(what).bounding_box() for what in ("[data-testid=map]", "#list")
    )
    assert map_box is not None
    assert list_box is not None
    assert map_box["y"] + map_box["height"] <= list_box["y"]
    page.locator(f"{ROW} button").first.click()
    page.wait_for_function(
        """width => { const box = document.querySelector("[data-testid=popup]")
          .closest(".leaflet-popup").getBoundingClientRect();
        return box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= 700; }""",
        arg=width,
    )


def test_targets_are_large_enough(shown: Page) -> None:
    shown.locator(f"{ROW} button").first.click()
    # While the map zooms to the row, the popup is drawn at another scale. An arrow function is
    # compiled once; an expression would be evaluated as text, which the page's policy forbids.
    shown.wait_for_function(
        """() => [...document.querySelectorAll("button, summary, label.legend-row,"
        + " input[type=search], .leaflet-bar a")].filter((e) => e.getClientRects().length)
        .every((e) => e.getBoundingClientRect().height >= 44
          && e.getBoundingClientRect().width >= 44)""",
        timeout=SETTLED_MS,
    )


def test_rows_come_fifty_at_a_time(
    opened: Callable[..., Page], segments: Callable[..., gpd.GeoDataFrame]
) -> None:
    many = segments(*({"name": f"Led {n:03}"} for n in range(120)))
    page = opened(inventory.draw({"segments": many}, title="K"))
    assert page.locator(ROW).count() == 50
    page.locator("#more").click()
    assert page.locator(ROW).count() == 100
    assert page.evaluate("document.activeElement.dataset.segmentId") == "s50"
    page.locator("#more").click()
    assert page.locator(ROW).count() == 120
    assert page.locator("#more").is_hidden()


def test_an_empty_inventory_is_a_page_too(
    opened: Callable[..., Page], segments: Callable[..., gpd.GeoDataFrame]
) -> None:
    page = opened(inventory.draw({"segments": segments({}).iloc[:0]}, title="K"))
    assert page.locator(ROW).count() == 0


def test_review_shows_the_queue_in_order_of_work(
    opened: Callable[..., Page], layers: dict[str, gpd.GeoDataFrame]
) -> None:
    page = opened(review.draw(layers, title="K"))
    queue = page.locator("[data-testid=queue-item]")
    assert queue.count() == 1
    queue.locator("button").click()
    assert page.locator(POPUP).get_attribute("data-segment-id") == "s1"


@pytest.mark.parametrize(
    ("basemap", "outside"),
    [
        pytest.param({}, "", id="none"),
        pytest.param(
            {"address": f"{TILES}/{{z}}/{{x}}/{{y}}.png", "attribution": "© Någon & Co"},
            TILES,
            id="pictures",
        ),
    ],
)
def test_a_served_page_fetches_its_data_its_background_and_nothing_else(
    chromium: Browser,
    layers: dict[str, gpd.GeoDataFrame],
    basemap: dict[str, str],
    outside: str,
) -> None:
    coded = inventory.contents(layers, title="Karlskrona")
    shell = Shell(
        served=True,
        nonce="n0nce",
        data_url="/data",
        lang_links={"sv": "?lang=sv", "en": "?lang=en"},
        basemap=basemap,
    )
    html = draw(coded, title="Karlskrona", lang="sv", shell=shell)
    policy = f"default-src 'self'; script-src 'self' 'nonce-n0nce'; img-src 'self' data: {outside}"
    asked, faults = [], []

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        folder, _, name = path[1:].partition("/")
        asked.append(path)
        if outside and route.request.url.startswith(outside):
            route.fulfill(body=static_file("falt-192.png"), content_type="image/png")
        elif path == "/data":
            route.fulfill(body=as_json(coded.data), content_type="application/json")
        elif folder in {"vendor", "static"}:
            kind = "text/css" if name.endswith("css") else "text/javascript"
            read = vendor_file if folder == "vendor" else static_file
            route.fulfill(body=read(name), content_type=kind)
        else:
            head = {"Content-Security-Policy": policy}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=head)

    context = chromium.new_context()
    context.route("**/*", answer)
    page = context.new_page()
    page.on("console", lambda line: faults.append(line.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("http://gcvag.test/?lang=sv")
    page.wait_for_selector("html[data-ready]")
    page.locator(f"{ROW} button").first.click()
    link = page.locator(f"{POPUP} footer a").get_attribute("href")
    assert link == "/api/segments/s1/explain"
    assert page.locator("[data-testid=lang-en]").get_attribute("href") == "?lang=en"
    assert asked.count("/data") == 1
    assert any(path.endswith(".png") for path in asked) == bool(outside)
    assert page.locator("[data-testid=map]").get_attribute("data-basemap") == (outside or None)
    assert ("© Någon & Co" in page.locator(".credit").inner_text()) == bool(outside)
    assert faults == []
    context.close()


def test_promises_show_what_is_left(
    opened: Callable[..., Page], layers: dict[str, gpd.GeoDataFrame]
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": "a",
            "label": "Kontroller",
            "unit": "st",
            "target": 10,
            "done": 8,
            "on_schedule": True,
        },
        {"id": "b", "label": "Kampanjer", "unit": "st", "target": None, "done": 1},
    ]
    page = opened(promises.draw(layers, rows, title="K"))
    assert "8 av 10 st" in page.locator("[data-promise-id=a]").inner_text()
    assert "inget tal" in page.locator("[data-promise-id=b]").inner_text()


def test_the_page_prints_its_map(shown: Page) -> None:
    shown.emulate_media(media="print")
    assert shown.locator("[data-testid=map]").is_visible()
    assert shown.locator(".leaflet-control-zoom").is_hidden()
