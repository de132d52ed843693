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

    from playwright.sync_api import Browser, ConsoleMessage, Page

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.enable_socket]

PLAN = "[data-testid=plan-row]"
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


@pytest.fixture
def shown(address: str, chromium: Browser) -> Iterator[Page]:
    """Log an officer in; no fault of a script and no request to another host by the end."""
    faults: list[str] = []
    context = chromium.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if _is_fault(line) else None)
    page.on("request", lambda one: None if _own(one.url, address) else faults.append(one.url))
    page.goto(f"{address}/logga-in")
    page.fill("input[name=username]", "police")
    page.fill("input[name=password]", WORDS)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "logga-in" not in url)
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
    told = shown.evaluate(
        "async () => (await (await fetch('/api/police/controls')).json()).controls"
    )
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
    shown.locator("[data-testid=why-here]").click()
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


def test_a_control_is_planned_moved_and_cancelled_by_keyboard_alone(shown: Page) -> None:
    tab_to(shown, "[data-testid=plan-here]")
    shown.keyboard.press("Enter")
    assert shown.evaluate(FOCUS) == "plan-place"
    shown.keyboard.press("Tab")
    # In which order a date's parts are typed is the browser's own matter.
    shown.locator(":focus").fill("2027-05-05T07:30")
    tab_to(shown, "[name=ends_at]")
    shown.locator(":focus").fill("2027-05-05T08:30")
    tab_to(shown, "[name=note]")
    shown.keyboard.type("Utan mus")
    shown.keyboard.press("Enter")
    row = shown.locator(f"{PLAN}:has-text('Utan mus')")
    row.wait_for()
    assert shown.evaluate(FOCUS) == "controls-said"
    row.get_by_role("button", name="Ändra eller byt plats").focus()
    shown.keyboard.press("Enter")
    assert shown.evaluate(FOCUS) == "plan-place"
    tab_to(shown, "#plan-stop")
    shown.keyboard.press("Enter")
    assert shown.evaluate(FOCUS) == "plans-title"
    row.get_by_role("button", name="Ställ in").focus()
    shown.keyboard.press("Enter")
    row.wait_for(state="detached")
    assert shown.evaluate(FOCUS) == "controls-said"


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


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_keeps_the_rules_of_access(shown: Page, width: int) -> None:
    shown.set_viewport_size({"width": width, "height": 800})
    shown.locator("[data-testid=plan-here]").first.click()
    assert violations(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.evaluate(SMALL) == []


def test_a_refused_plan_stays_in_the_form(shown: Page) -> None:
    shown.locator("[data-testid=plan-here]").first.click()
    shown.fill("#plan-form [name=starts_at]", "2026-05-04T07:30")
    shown.fill("#plan-form [name=ends_at]", "2026-05-04T07:00")
    shown.fill("#plan-form [name=note]", "Kvar")
    shown.locator("#plan-form button[type=submit]").click()
    shown.locator("#controls-fault:not([hidden])").wait_for()
    assert shown.input_value("#plan-form [name=note]") == "Kvar"
