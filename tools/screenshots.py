"""Take the pictures of README and documentation from the real demo, in Chromium.

Usage: ``python -m tools.screenshots``. It builds the demo when there is none, serves it on
loopback, and fails if a page asks another host or writes an error to the console.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import uuid
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypedDict, Unpack

import pdfplumber
from playwright.sync_api import sync_playwright

from gis import inventory, marks
from gis.store import open_store
from tools.made_photo import blur

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Geolocation, Page

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out"
PICTURES = ROOT / "docs" / "pictures"
GCVAG = Path(sys.executable).parent / "gcvag"
SIZES = {"wide": (1280, 800), "phone": (390, 844)}
FILES = ("inventory", "review", "sites", "promises")
PAGES = {
    "start": "/",
    "bakgrund": "/#map=17/60.1702/24.9400",
    "lage": "/lage",
    "loften": "/loften",
    "om": "/om",
    "logga-in": "/logga-in",
}
FIELD_STORE = "helsinki-field.gpkg"
INSPECTOR = ("inspektor", "bilder till handboken")
PLANNER = ("planerare", "bilder till handboken")
OFFICER = ("polis", "bilder till handboken")
POLICE_STORE = "helsinki-field.police.gpkg"
PLACE: Geolocation = {"longitude": 24.9438, "latitude": 60.169, "accuracy": 4}
STEPS = {"split": "dela", "join": "foga", "several": "flera"}
TASKS = {
    "dela": "[data-testid=cut]", "linje": "[data-testid=move]", "foga": "[data-testid=join]",
    "uppdrag": "details:has([data-testid=errand-form])", "strak": "details.review-corridor",
}  # fmt: skip
ANSWER = "Skylten satt på fel stolpe och är flyttad; se bilden från i går."
MESSAGE = "Här står en skylt för cyklar, men kartan säger gångbana."
SHEET_DPI = 110
START_S = 60
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextmanager
def served(store: Path, *more: str) -> Iterator[str]:
    """Serve a store on a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [str(GCVAG), "serve", str(store), "--port", str(port), *more], stdout=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{port}"
    try:
        wait(base)
        yield base
    finally:
        server.terminate()
        server.wait(timeout=START_S)


def wait(base: str) -> None:
    """Wait until the server answers."""
    for _ in range(START_S * 10):
        try:
            asked = HTTPConnection(base.removeprefix("http://"), timeout=1)
            asked.request("GET", "/health")
            asked.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    msg = "the server did not start"
    raise RuntimeError(msg)


def shoot(browser: Browser, address: str, name: str) -> list[str]:
    """Take one page at each size; what it did wrong comes back."""
    faults: list[str] = []
    for size, (width, height) in SIZES.items():
        page = browser.new_page(viewport={"width": width, "height": height}, locale="sv-SE")
        watch(page, address, faults)
        page.goto(address)
        page.wait_for_selector("html[data-ready]", state="attached")
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / f"{name}-{size}.png")
        page.close()
    return faults


def watch(page: Page, address: str, faults: list[str]) -> None:
    """Write down requests to other hosts and errors of a page."""
    host = address.split("/")[2]

    def request(url: str) -> None:
        if not url.startswith(("data:", "blob:", "file:", f"http://{host}/")):
            faults.append(f"{address} asks {url}")

    page.on("request", lambda sent: request(sent.url))
    page.on("pageerror", lambda error: faults.append(f"{address}: {error}"))
    page.on("console", lambda m: faults.append(f"{address}: {m.text}") if _is_fault(m) else None)


def _is_fault(line: ConsoleMessage) -> bool:
    """Tell an error from what the browser notes while the network is taken away on purpose."""
    return line.type == "error" and "ERR_INTERNET_DISCONNECTED" not in line.text


class Situation(TypedDict, total=False):
    """What a browser is told about the device that it stands for."""

    has_touch: bool
    geolocation: Geolocation
    permissions: list[str]


def opened(
    browser: Browser, base: str, faults: list[str], **device: Unpack[Situation]
) -> Iterator[tuple[str, Page]]:
    """Open a watched page of each size, in a context of its own."""
    for size, (width, height) in SIZES.items():
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="sv-SE",
            timezone_id="Europe/Stockholm", **device,
        )  # fmt: skip
        page = context.new_page()
        watch(page, base, faults)
        yield size, page
        context.close()


def log_in(page: Page, base: str, who: tuple[str, str]) -> None:
    """Give name and password."""
    page.goto(f"{base}/logga-in")
    for name, value in zip(("username", "password"), who, strict=True):
        page.fill(f"input[name={name}]", value)
    page.locator("[type=submit]").last.click()


def shoot_field(browser: Browser, base: str) -> list[str]:
    """Take the field page as an inspector sees it: list, form, own marks."""
    faults: list[str] = []
    here: Situation = {
        "has_touch": True, "geolocation": PLACE, "permissions": ["geolocation"],
    }  # fmt: skip
    for size, page in opened(browser, base, faults, **here):
        log_in(page, base, INSPECTOR)
        page.wait_for_selector("html[data-ready]", state="attached")
        page.click("[data-testid=download-area]")
        page.wait_for_selector("[data-testid=offline-ready]")
        page.screenshot(path=PICTURES / f"falt-start-{size}.png")
        page.locator("[data-testid=segment-row] button").nth(1).click()
        page.locator("[data-sign=D6]").click()
        page.screenshot(path=PICTURES / f"falt-marke-{size}.png")
        for step in ("split", "join", "several"):
            page.locator(f"[data-testid={step}]").click()
            page.screenshot(path=PICTURES / f"falt-{STEPS[step]}-{size}.png")
        page.locator("[data-testid=move]").click()
        page.locator("[data-testid=move-next]").click()
        page.locator("[data-testid=move-east]").click()
        page.screenshot(path=PICTURES / f"falt-flytta-{size}.png")
        page.locator("[data-testid=move-stop]").click()
        page.context.set_offline(offline=True)
        page.locator("[data-testid=segment-row] button").nth(1).click()
        page.locator("[data-sign=D6]").click()
        page.click("[data-testid=save]")
        page.wait_for_selector("[data-testid=unsent][data-count='1']")
        page.screenshot(path=PICTURES / f"falt-osand-{size}.png")
        page.context.set_offline(offline=False)
        page.wait_for_selector("[data-testid=unsent][data-count='0']")
        page.locator("a[href='#own']").click()
        page.screenshot(path=PICTURES / f"falt-mina-{size}.png")
        draw_path(page)
        page.screenshot(path=PICTURES / f"falt-ny-vag-{size}.png")
    return faults


def draw_path(page: Page) -> None:
    """Begin a new path from where I am over two places of the map."""
    page.locator("[data-testid=draw]").click()
    page.locator("[data-testid=draw-here]").click()
    box = page.locator("#map").bounding_box()
    if box is None:
        msg = "the field page shows no map"
        raise RuntimeError(msg)
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for east, south in ((50, 40), (60, 90)):
        page.mouse.click(middle[0] + east, middle[1] + south)


def shoot_planner(browser: Browser, base: str) -> list[str]:
    """Take what a resident writes, and the pages of a planner with the first of the queue open."""
    faults: list[str] = []
    for size, page in opened(browser, base, faults):
        page.goto(f"{base}/")
        page.locator("[data-testid=segment-row] button").nth(1).click()
        page.locator(".message-box summary").click()
        page.locator("[data-testid=message] button").scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / f"page-meddelande-{size}.png")
        page.fill("[data-testid=message] textarea", MESSAGE)
        page.locator("[data-testid=message] button").click()
        page.wait_for_timeout(500)
        page.get_by_role("button", name="Dela länk").click()
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / f"page-dela-lank-{size}.png")
        log_in(page, base, PLANNER)
        page.wait_for_url(f"{base}/granska*")
        page.locator("[data-testid=queue-item] button").first.click()
        page.locator("[data-testid=errand-form]").wait_for(state="attached")
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / f"page-granska-{size}.png")
        accept(page)
        page.screenshot(path=PICTURES / f"page-granska-godta-{size}.png")
        page.locator("#review-inbox button").first.click()
        page.locator("[data-testid=resident-message]").first.wait_for()
        page.wait_for_timeout(1000)
        page.locator("[data-testid=resident-message]").first.scroll_into_view_if_needed()
        page.screenshot(path=PICTURES / f"page-granska-meddelande-{size}.png")
        segment_id = disputed()
        page.goto(f"{base}/granska?segment={segment_id}")
        page.locator("[data-testid=answer]").first.wait_for()
        page.wait_for_timeout(1000)
        page.locator("[data-testid=answer]").first.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        page.screenshot(path=PICTURES / f"page-granska-oenig-{size}.png")
        blur(page, base, segment_id)
        page.screenshot(path=PICTURES / f"page-granska-foto-{size}.png")
        page.locator("[data-testid=photo-leave]").click()
        page.goto(f"{base}/granska")
        shoot_tasks(page, size)
        page.goto(f"{base}/skyltatgarder")
        page.screenshot(path=PICTURES / f"page-skyltatgarder-{size}.png")
    return faults


def accept(page: Page) -> None:
    """Write why the first question that can be answered is."""
    pick(page, "details.review-accept:visible")
    form = page.locator("details.review-accept:visible").first
    form.locator("summary").click()
    form.locator("textarea, input").first.fill(ANSWER)
    form.scroll_into_view_if_needed()
    page.wait_for_timeout(300)


def disputed() -> str:
    """Let two people of the pictures see different signs at one segment, and name it."""
    with closing(open_store(OUT / FIELD_STORE)) as store:
        rows = store.table("segments")
        named = rows[rows["name"].notna() & rows["kind"].eq("path")]
        segment_id = str(named["segment_id"].min())
        for user, sign in ((INSPECTOR, "FI:421"), (PLANNER, "FI:422")):
            told = store.user(user[0])
            mark = {
                "op_id": str(uuid.uuid4()), "kind": "mark", "segment_id": segment_id,
                "base_version": None, "fields": {"signs": [sign]},
                "observed_at": datetime.now(UTC).isoformat(),
            }  # fmt: skip
            author = told.author if told else ""
            marks.receive(store, [mark], author=author, now=datetime.now(UTC))
        inventory.refresh(store, [segment_id])
    return segment_id


def shoot_sheet() -> None:
    """Take the first page of a print sheet."""
    with TemporaryDirectory() as folder:
        paper = Path(folder) / "blad.pdf"
        words = ["sheet", str(OUT / "helsinki.gpkg"), "--scale", "1:5000", "--paper", "A4"]
        subprocess.run([str(GCVAG), *words, "-o", str(paper)], check=True)
        with pdfplumber.open(paper) as pages:
            pages.pages[0].to_image(resolution=SHEET_DPI).save(PICTURES / "kartblad.png")


def shoot_tasks(page: Page, size: str) -> None:
    """Take what a planner does to a line, for a corridor, and an errand for an area."""
    page.wait_for_selector("html[data-ready]", state="attached")
    pick(page, "[data-testid=join]")
    for name, part in TASKS.items():
        if not page.locator(part).count():
            pick(page, part)
        opened = page.locator(part)
        opened.locator("summary").click()
        if name == "uppdrag":
            opened.locator("[name=where]").select_option("drawn")
        opened.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        page.screenshot(path=PICTURES / f"page-granska-{name}-{size}.png")
        opened.locator("summary").click()


def pick(page: Page, part: str) -> None:
    """Open the first of the queue that has a part of the panel."""
    rows = page.locator("[data-testid=queue-item] button")
    for place in range(rows.count()):
        rows.nth(place).click()
        page.wait_for_timeout(700)
        if page.locator(part).count():
            return


def shoot_police(browser: Browser, base: str) -> list[str]:
    """Take the sites with a plan, the sheet of that plan, and the forms for measures."""
    faults: list[str] = []
    for size, page in opened(browser, base, faults):
        log_in(page, base, OFFICER)
        page.wait_for_selector("html[data-ready]", state="attached")
        page.goto(f"{base}/kontrollplatser?kind=driver")
        page.locator("[data-testid=plan-here]").first.click()
        for name, value in (("starts_at", "2027-05-04T07:30"), ("ends_at", "2027-05-04T09:00")):
            page.fill(f"#plan-form [name={name}]", value)
        page.locator("#plan-form [type=submit]").click()
        page.locator("[data-testid=plan-row]").first.wait_for()
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / f"page-kontrollplatser-{size}.png")
        page.get_by_role("link", name="Skriv ut").first.click()
        page.locator("[data-testid=control-sheet]").wait_for()
        page.screenshot(path=PICTURES / f"page-kontrollblad-{size}.png")
        page.goto(f"{base}/loften")
        page.locator("[data-testid=measure-pub_inspection] summary").click()
        page.locator("#record").scroll_into_view_if_needed()
        page.screenshot(path=PICTURES / f"page-loften-atgarder-{size}.png")
    return faults


def field_store() -> Path:
    """Copy the demo, so that marks for pictures never enter it, and let three people in."""
    copy = OUT / FIELD_STORE
    for part in filter(Path.is_file, OUT.glob("helsinki.gpkg*")):
        shutil.copy(part, OUT / part.name.replace("helsinki.gpkg", FIELD_STORE))
    roles = {"inspector": INSPECTOR, "planner": PLANNER, "police": OFFICER}
    for role, (name, password) in roles.items():
        subprocess.run(
            [GCVAG, "user", "add", copy, name, "--role", role, "--password-stdin"],
            input=password, text=True, check=True,
        )  # fmt: skip
    return copy


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    if not (OUT / "helsinki.gpkg").exists():
        subprocess.run([sys.executable, ROOT / "tools" / "demo.py", OUT], check=True)
    faults: list[str] = []
    with sync_playwright() as play, served(OUT / "helsinki.gpkg") as base:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        for name in FILES:
            faults += shoot(browser, (OUT / f"{name}.html").as_uri(), f"map-{name}")
        for name, path in PAGES.items():
            faults += shoot(browser, base + path, f"page-{name}")
        with served(field_store(), "--police-store", str(OUT / POLICE_STORE)) as other:
            faults += shoot_field(browser, other)
            faults += shoot_planner(browser, other)
            faults += shoot_police(browser, other)
        browser.close()
    shoot_sheet()
    print("\n".join(faults) or "no page asked another host or wrote an error")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
