"""Can planner and police record every measure in the page, correct it, and see it counted?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.conftest import WORDS, copied
from tests.api.test_police_browser import tab_to
from tests.api.test_review_browser import serving
from tests.axe import violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.enable_socket]

NARROW = 320
SAID = "#measures-said:has-text('Sparat')"
FORMS = {
    "campaign": {"title": "Lys i mörkret"},
    "pub_inspection": {"premises": "7"},
    "presence": {"officer_hours": "12.5"},
    "night_walk": {"association": "Nattvandrarna", "area": "Trossö"},
    "training": {},
}
DATES = {
    "campaign": "2026-03-02",
    "pub_inspection": "2026-03-06",
    "presence": "2026-03-06",
    "night_walk": "2026-05-08",
    "training": "2026-03-03",
}
ROWS = {
    "campaigns_cyclists": "1",
    "pub_inspections": "1",
    "closing_time_presence": "12,5",
    "night_walks": "1",
    "training": "1",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Iterator[str]:
    """Serve a small inventory."""
    yield from serving(copied(built, tmp_path_factory.mktemp("promises")))


@pytest.fixture
def logged_in(address: str, chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """Give a page of a role at the promises of 2026."""
    faults: list[str] = []
    context = chromium.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")

    def page_of(role: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{address}/logga-in")
        page.fill("input[name=username]", role)
        page.fill("input[name=password]", WORDS)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "logga-in" not in url)
        page.goto(f"{address}/loften?year=2026")
        return page

    yield page_of
    context.close()
    assert faults == []


def done(page: Page, row: str) -> str:
    """Read how far a promise has come."""
    return page.locator(f"tr#{row} td").nth(1).inner_text().strip()


def record(page: Page, kind: str) -> None:
    """Fill one form and send it."""
    part = page.locator(f"[data-testid=measure-{kind}]")
    part.locator("summary").click()
    part.locator("[name=date]").fill(DATES[kind])
    for party in ("police", "municipality", "lansstyrelsen"):
        part.locator(f"[name=organisers][value={party}]").check()
    for name, value in FORMS[kind].items():
        part.locator(f"[name={name}]").fill(value)
    if kind == "campaign":
        part.locator("[name=audience][value=cyclists]").check()
    if kind == "training":
        part.locator("[data-group=guard]").fill("14")
    with page.expect_event("load"):
        part.locator("button[type=submit]").click()
    page.locator(f"{SAID}:focus").wait_for()


def test_every_measure_is_recorded_counted_and_corrected(
    logged_in: Callable[[str], Page],
) -> None:
    page = logged_in("planner")
    for kind in FORMS:
        record(page, kind)
    assert {row: done(page, row) for row in ROWS} == ROWS
    page.locator("[data-testid=measure-row]:has-text('Lys i mörkret') button").click()
    form = page.locator("[data-testid=measure-campaign] form")
    form.locator("[name=reason]").wait_for()
    assert form.locator("[name=title]").input_value() == "Lys i mörkret"
    assert form.locator("[name=audience][value=cyclists]").is_checked()
    form.locator("[name=audience][value=drivers]").check()
    form.locator("[name=reason]").fill("Även bilförare")
    form.locator("button[type=submit]").click()
    page.locator("[data-testid=measure-row]:has-text('Version 2')").wait_for()
    assert (done(page, "campaigns_drivers"), done(page, "campaigns_cyclists")) == ("1", "1")
    assert violations(page) == []


def test_what_does_not_count_is_said_and_a_refusal_loses_nothing(
    logged_in: Callable[[str], Page],
) -> None:
    page = logged_in("police")
    part = page.locator("[data-testid=measure-pub_inspection]")
    part.locator("summary").click()
    part.locator("[name=date]").fill("2026-02-06")
    part.locator("[name=premises]").fill("3")
    part.locator("[name=note]").fill("Kvar")
    part.locator("button[type=submit]").click()
    page.locator("#measures-fault:not([hidden])").wait_for()
    assert part.locator("[name=note]").input_value() == "Kvar"
    part.locator("[name=organisers][value=police]").check()
    part.locator("button[type=submit]").click()
    page.locator("#measures-said:has-text('Bara en av polis och kommun')").wait_for()


def test_a_measure_is_recorded_by_keyboard_alone(logged_in: Callable[[str], Page]) -> None:
    page = logged_in("planner")
    page.keyboard.press("Tab")
    target = page.evaluate("() => document.activeElement.hash.slice(1)")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == target
    part = "[data-testid=measure-night_walk]"
    tab_to(page, f"{part} summary")
    page.keyboard.press("Enter")
    tab_to(page, f"{part} [name=date]")
    # In which order a date's parts are typed is the browser's own matter.
    page.locator(":focus").fill("2026-06-05")
    tab_to(page, f"{part} [name=organisers][value=association]")
    page.keyboard.press("Space")
    tab_to(page, f"{part} [name=association]")
    page.keyboard.type("Utan mus")
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    page.locator(f"{SAID}:focus").wait_for()
    tab_to(page, "[data-testid=measure-row]:nth-of-type(1) button")
    page.keyboard.press("Enter")
    page.locator("[name=date]:focus").wait_for()


LARGE = "() => { document.documentElement.style.fontSize = '200%'; }"


@pytest.mark.parametrize(("width", "lang"), [(320, "sv"), (320, "en"), (1280, "sv")])
def test_the_forms_keep_the_rules_of_access(
    logged_in: Callable[[str], Page], width: int, lang: str
) -> None:
    page = logged_in("planner")
    page.get_by_test_id(f"lang-{lang}").click()
    page.locator(f"html[lang={lang}]").wait_for()
    page.set_viewport_size({"width": width, "height": 800})
    if width == NARROW:
        page.evaluate(LARGE)
    for summary in page.locator("#measures summary").all():
        summary.click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_everybody_else_sees_no_form(address: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{address}/loften?year=2026")
    assert page.locator("#measures, script").count() == 0
    page.close()
