"""Can an officer choose a place, plan a control and say that it was done, in the browser?"""

from __future__ import annotations

import os
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from api.server import serve
from tests.api.conftest import WORDS, copied
from tests.api.test_server import free_port, wait
from tests.axe import violations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page, Route, StorageState

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.enable_socket]

PLAN = "[data-testid=plan-row]"
FIRST = "() => window.gcvag.byId.values().next().value.line[0]"
CONTROLS = "async () => (await (await fetch('/api/police/controls')).json()).controls"
SMALL = """() => [...document.querySelectorAll("#controls :is(a, button, summary, input)")]
  .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < 44)
  .map((one) => one.outerHTML)"""


def serve_both(printed: Path, location: str, police: str, port: int) -> None:
    """Serve with the police store; standard output goes to a file."""
    with printed.open("wb") as file:
        os.dup2(file.fileno(), 1)
    serve(location, police_store=police, port=port)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Iterator[str]:
    """Serve a small inventory beside a police store."""
    path = copied(built, tmp_path_factory.mktemp("police"))
    port = free_port()
    told = (path.with_suffix(".txt"), str(path), str(path.with_suffix(".police.gpkg")), port)
    process = get_context("spawn").Process(target=serve_both, args=told)
    process.start()
    try:
        wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.join(30)


@pytest.fixture(scope="module")
def officer(address: str, chromium: Browser) -> StorageState:
    """Log an officer in, once."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/logga-in")
    page.fill("input[name=username]", "police")
    page.fill("input[name=password]", WORDS)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "logga-in" not in url)
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def shown(address: str, chromium: Browser, officer: StorageState) -> Iterator[Page]:
    """Show an officer the page; no fault of a script, no request to another host by the end."""
    faults: list[str] = []
    context = chromium.new_context(
        locale="sv-SE", timezone_id="Europe/Stockholm", storage_state=officer
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if _is_fault(line) else None)
    page.on("request", lambda one: None if _own(one.url, address) else faults.append(one.url))
    page.goto(f"{address}/kontrollplatser?kind=driver")
    page.wait_for_selector("html[data-ready]", state="attached")
    yield page
    context.close()
    assert faults == []


def _own(url: str, address: str) -> bool:
    """Tell a request to our own server."""
    return url.startswith((address, "data:", "blob:"))


def _is_fault(line: ConsoleMessage) -> bool:
    """Tell a fault of a script; the browser also notes each refusal of the server."""
    return line.type == "error" and not line.text.startswith("Failed to load resource")


def test_an_officer_plans_and_performs_a_control(shown: Page) -> None:
    shown.locator("[data-testid=plan-here]").first.click()
    shown.fill("#plan-form [name=starts_at]", "2026-05-04T07:30")
    shown.fill("#plan-form [name=ends_at]", "2026-05-04T09:00")
    shown.fill("#plan-form [name=note]", "Vid skolan")
    shown.locator("#plan-form button[type=submit]").click()
    shown.locator(f"{PLAN}:has-text('Vid skolan')").wait_for()
    shown.locator(f"{PLAN} summary").click()
    assert shown.input_value(f"{PLAN} [name=started_at]") == "2026-05-04T07:30"
    shown.fill(f"{PLAN} [name=ended_at]", "2026-05-04T08:45")
    shown.select_option(f"{PLAN} [name=type]", "stationary")
    shown.select_option(f"{PLAN} [name=direction]", "north")
    shown.fill(f"{PLAN} [name=stopped]", "12")
    shown.fill(f"{PLAN} [name='offence:speeding']", "2")
    assert violations(shown) == []
    shown.fill(f"{PLAN} [name=note]", "Bilen ABC 123")
    shown.locator("[data-testid=perform-form] button").click()
    shown.locator("#controls-fault:not([hidden])").wait_for()
    shown.fill(f"{PLAN} [name=note]", "")
    shown.locator("[data-testid=perform-form] button").click()
    shown.locator(f"{PLAN}:has-text('genomförd')").wait_for()
    told = shown.evaluate(CONTROLS)
    assert told[0]["reported"] == {"speeding": 2}
    assert (told[0]["type"], told[0]["direction"], told[0]["stopped"]) == (
        "stationary",
        "north",
        12,
    )


def test_days_are_drawn_a_place_is_asked_about_and_the_effect_is_read(shown: Page) -> None:
    shown.locator("#draw > summary").click()
    shown.fill("#draw-form [name=first]", "2027-01-01")
    shown.fill("#draw-form [name=last]", "2027-01-31")
    shown.locator("#draw-form button").click()
    shown.locator("[data-testid=drawn-visit] button").first.click()
    assert shown.input_value("#plan-form [name=starts_at]").startswith("2027-01-")
    shown.locator("#effect > summary").click()
    shown.locator("[data-testid=effect]:has-text('slump')").wait_for()
    assert violations(shown) == []
    shown.locator("[data-testid=segment-row] button").first.click()
    # By keyboard: the map may still move the popup, and a click beside it asks anew.
    shown.locator("[data-testid=why-here]").press("Enter")
    shown.locator("[data-testid=why-not] p").first.wait_for()
    assert violations(shown) == []


def test_a_plan_is_moved_to_another_place_and_printed(shown: Page) -> None:
    here = shown.locator("[data-testid=plan-here]")
    here.first.click()
    shown.fill("#plan-form [name=starts_at]", "2027-05-04T07:30")
    shown.fill("#plan-form [name=ends_at]", "2027-05-04T09:00")
    shown.fill("#plan-form [name=note]", "Byter plats")
    shown.locator("#plan-form button[type=submit]").click()
    row = shown.locator(f"{PLAN}:has-text('Byter plats')")
    row.wait_for()
    before = row.get_by_role("link", name="Skriv ut").get_attribute("href")
    row.get_by_role("button", name="Ändra eller byt plats").click()
    assert shown.input_value("#plan-form [name=starts_at]") == "2027-05-04T07:30"
    here.nth(1).click()
    shown.fill("#plan-form [name=ends_at]", "2027-05-04T10:00")
    shown.locator("#plan-form button[type=submit]").click()
    shown.locator("#controls-said:has-text('ändrad')").wait_for()
    shown.locator(f"{PLAN}:has-text('10:00')").wait_for()
    row.get_by_role("link", name="Skriv ut").click()
    shown.wait_for_selector("[data-testid=control-sheet]")
    assert shown.url.endswith(str(before))
    assert violations(shown) == []
    assert shown.locator("svg.cut path").count() >= 1
    shown.go_back()
    row.get_by_role("button", name="Ställ in").click()
    row.wait_for(state="detached")


FOCUS = "() => document.activeElement.id || document.activeElement.textContent.trim()"


def tab_to(page: Page, wanted: str, *, most: int = 150) -> None:
    """Press Tab until an element has the focus; fail where it is never reached."""
    asked = f"() => document.activeElement.matches({wanted!r})"
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(asked):
            return
    pytest.fail(f"{wanted} is not reached by Tab")


def press(page: Page, wanted: str) -> None:
    """Tab to an element and press Enter on it."""
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def plan_by_keys(page: Page, note: str) -> None:
    """Plan a control at the first place reached, by keyboard alone."""
    press(page, "[data-testid=plan-here]")
    assert page.evaluate(FOCUS) == "plan-place"
    # In which order a date's parts are typed is the browser's own matter.
    for name, moment in {"starts_at": "2026-05-05T07:30", "ends_at": "2026-05-05T08:30"}.items():
        tab_to(page, f"#plan-form [name={name}]")
        page.locator(":focus").fill(moment)
    tab_to(page, "#plan-form [name=note]")
    page.keyboard.type(note)
    page.keyboard.press("Enter")
    page.locator(f"{PLAN}:has-text('{note}')").wait_for()
    assert page.evaluate(FOCUS) == "controls-said"


def test_a_control_is_planned_moved_and_cancelled_by_keyboard_alone(shown: Page) -> None:
    shown.keyboard.press("Tab")
    assert shown.evaluate("() => document.activeElement.matches('a[href^=\"#\"]')")
    target = shown.evaluate("() => document.activeElement.hash.slice(1)")
    shown.keyboard.press("Enter")
    assert shown.evaluate(FOCUS) == target
    plan_by_keys(shown, "Utan mus")
    row = shown.locator(f"{PLAN}:has-text('Utan mus')")
    row.get_by_role("button", name="Ändra eller byt plats").focus()
    shown.keyboard.press("Enter")
    assert shown.evaluate(FOCUS) == "plan-place"
    press(shown, "#plan-stop")
    assert shown.evaluate(FOCUS) == "plans-title"
    row.get_by_role("button", name="Ställ in").focus()
    shown.keyboard.press("Enter")
    row.wait_for(state="detached")
    assert shown.evaluate(FOCUS) == "controls-said"


def test_a_control_is_performed_by_keyboard_alone(shown: Page) -> None:
    plan_by_keys(shown, "Redovisas")
    row = shown.locator(f"{PLAN}:has-text('Redovisas')")
    row.locator("summary").focus()
    shown.keyboard.press("Enter")
    tab_to(shown, "[name=type]")
    shown.keyboard.press("ArrowDown")
    tab_to(shown, "[name=stopped]")
    shown.keyboard.type("7")
    press(shown, "[data-testid=perform-form] button")
    shown.locator("#controls-said:focus:has-text('sparat')").wait_for()
    (told,) = [one for one in shown.evaluate(CONTROLS) if one["stopped"] == 7]
    assert told["type"]


POPUP = "[data-testid=popup]"


def test_any_point_of_the_map_is_asked_by_click_and_by_keyboard(shown: Page) -> None:
    shown.locator("[data-testid=map]").click(position={"x": 5, "y": 300})
    shown.locator(f"{POPUP}:focus:has-text('inom 50 m')").wait_for()
    shown.keyboard.press("Escape")
    press(shown, "#ask > summary")
    press(shown, "#ask-centre")
    shown.locator(f"{POPUP}:focus:has-text('Varför inte här?')").wait_for()
    shown.keyboard.press("Escape")
    assert shown.evaluate(FOCUS) == "ask-centre"
    place = shown.evaluate(FIRST)
    shown.fill("#ask-form [name=lat]", str(place[0]))
    shown.fill("#ask-form [name=lon]", str(place[1]))
    shown.keyboard.press("Enter")
    shown.locator(f"{POPUP}:focus:has-text('0 m bort')").wait_for()
    shown.locator(f"{POPUP} [data-testid=plan-here]").click()
    assert shown.evaluate(FOCUS) == "plan-place"


def test_what_was_seen_at_an_unclear_place_is_sent(shown: Page, address: str) -> None:
    shown.goto(f"{address}/kontrollplatser?kind=cyclist")
    shown.wait_for_selector("html[data-ready]", state="attached")
    shown.locator("#unclear > summary").click()
    place = shown.locator("[data-testid=unclear-row]").first
    place.locator("summary").click()
    place.locator("[name=note]").fill("Skylten är täckt av en buske")
    assert violations(shown) == []
    place.locator("button[type=submit]").click()
    shown.locator("#controls-said:has-text('Skickat')").wait_for()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_keeps_the_rules_of_access(shown: Page, width: int) -> None:
    shown.set_viewport_size({"width": width, "height": 800})
    shown.locator("[data-testid=plan-here]").first.click()
    assert violations(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.evaluate(SMALL) == []


LARGE = "() => { document.documentElement.style.fontSize = '200%'; }"
OPEN = "() => document.querySelectorAll('#controls details').forEach((one) => { one.open = true; })"


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_state_is_read_in_large_text_on_a_narrow_screen(shown: Page, lang: str) -> None:
    shown.set_viewport_size({"width": 320, "height": 800})
    shown.evaluate(LARGE)
    shown.get_by_test_id(f"lang-{lang}").click()
    shown.locator("[data-testid=plan-here]").first.click()
    shown.fill("#plan-form [name=starts_at]", "2027-05-04T07:30")
    shown.fill("#plan-form [name=ends_at]", "2027-05-04T07:00")
    shown.locator("#plan-form button[type=submit]").click()
    shown.locator("#controls-fault:not([hidden])").wait_for()
    shown.fill("#plan-form [name=ends_at]", "2027-05-04T08:00")
    shown.locator("#plan-form button[type=submit]").click()
    shown.locator(PLAN).first.wait_for()
    shown.evaluate(OPEN)
    shown.locator("[data-testid=effect] p").first.wait_for()
    shown.locator(PLAN).get_by_role("button").first.click()
    assert violations(shown) == []
    shown.locator("#ask-centre").click()
    shown.locator(f"{POPUP}:focus").wait_for()
    assert violations(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_plan_whose_answer_is_lost_is_kept_once(shown: Page) -> None:
    shown.locator("[data-testid=plan-here]").first.click()
    shown.fill("#plan-form [name=starts_at]", "2027-06-04T07:30")
    shown.fill("#plan-form [name=ends_at]", "2027-06-04T08:00")
    shown.fill("#plan-form [name=note]", "Svaret kom bort")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    shown.route("**/api/police/plans", lose, times=1)
    send = shown.locator("#plan-form button[type=submit]")
    send.click()
    shown.locator("#controls-fault:has-text('Ingen kontakt')").wait_for()
    send.click()
    shown.locator(f"{PLAN}:has-text('Svaret kom bort')").wait_for()
    assert shown.locator(f"{PLAN}:has-text('Svaret kom bort')").count() == 1


def test_a_refused_plan_stays_in_the_form(shown: Page) -> None:
    shown.locator("[data-testid=plan-here]").first.click()
    shown.fill("#plan-form [name=starts_at]", "2026-05-04T07:30")
    shown.fill("#plan-form [name=ends_at]", "2026-05-04T07:00")
    shown.fill("#plan-form [name=note]", "Kvar")
    shown.locator("#plan-form button[type=submit]").click()
    shown.locator("#controls-fault:not([hidden])").wait_for()
    assert shown.input_value("#plan-form [name=note]") == "Kvar"
