"""How fast are the pages in Chromium, beside an empty Leaflet page of the same run?

Usage: ``python -m tools.bench_browser [--tiles N] [--store STORE]``. The store is the sample tiled
N × N times: synthetic, and named so; with N = 8 some 200,000 segments. Settled means 1.5 s without
a request or a long task. One JSON object a line.
"""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from playwright.sync_api import sync_playwright

from tools.bench import AREA, row, tiled
from tools.screenshots import ARGUMENTS, GCVAG, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TILES = 8
QUIET_S = 1.5
LOOK_MS = 50
WAIT_MS = 120_000
THROTTLE = 4
ROUNDS = 15
NEXT = 12
PLANNER = ("bench-planner", secrets.token_urlsafe())
LONG_TASKS = """window.quiet = 0; new PerformanceObserver((list) => list.getEntries().forEach(
  (one) => { window.quiet = Math.max(window.quiet, one.startTime + one.duration); }))
  .observe({ type: "longtask", buffered: true });"""
EMPTY = """<!DOCTYPE html><html lang="sv"><head><title>Leaflet</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/vendor/leaflet.css"></head>
<body><div id="map" style="height: 600px"></div><script src="/vendor/leaflet.js"></script>
<script>L.map("map").setView([60.17, 24.94], 12);</script></body></html>"""
PAINTED = """() => { window.painted = window.struck = null;
  addEventListener("keydown", (event) => {
    if (event.key === "Enter") { window.struck = event.timeStamp; } }, true);
  document.addEventListener("focusin", (event) => {
    if (event.target.name !== "path_class") { return; }
    requestAnimationFrame(() => { const line = new MessageChannel();
      line.port1.onmessage = () => { window.painted = performance.now() - window.struck; };
      line.port2.postMessage(0); }); }); }"""
"""From the key to the first frame in which the next form has the focus, by the page's own clock."""

OPENED = """(id) => { const box = document.activeElement;
  const popup = document.querySelector("[data-testid=popup]");
  return popup && popup.dataset.segmentId !== id && box.name === "path_class" && !box.checked; }"""


class Settled(NamedTuple):
    """When a page came to rest, what it fetched, and what it holds after garbage collection."""

    seconds: float
    kilobytes: float
    heap_mb: float


class Watch:
    """Counts the requests of a page, as the browser's own tools do."""

    def __init__(self, page: Page, throttle: int) -> None:
        self.page = page
        self.tools = page.context.new_cdp_session(page)
        self.open: set[str] = set()
        self.bytes = 0.0
        self.began = self.last = time.perf_counter()
        for name, act in (
            ("requestWillBeSent", self._sent),
            ("loadingFinished", self._ended),
            ("loadingFailed", self._ended),
        ):
            self.tools.on(f"Network.{name}", act)
        self.tools.send("Network.enable")
        self.tools.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
        page.add_init_script(LONG_TASKS)

    def _sent(self, told: dict[str, Any]) -> None:
        self.open.add(told["requestId"])
        self.last = time.perf_counter()

    def _ended(self, told: dict[str, Any]) -> None:
        self.open.discard(told["requestId"])
        self.bytes += told.get("encodedDataLength", 0)
        self.last = time.perf_counter()

    def settle(self, address: str) -> Settled:
        """Open a page and wait until nothing happens any more."""
        self.began = self.last = time.perf_counter()
        self.page.goto(address, wait_until="commit", timeout=WAIT_MS)
        while True:
            self.page.wait_for_timeout(LOOK_MS)
            quiet_ms, now_ms = self.page.evaluate("() => [window.quiet, performance.now()]")
            now = time.perf_counter()
            task = now - (now_ms - quiet_ms) / 1000 if quiet_ms else self.began
            busy_until = max(self.last, task)
            if not self.open and now - busy_until > QUIET_S:
                break
        self.tools.send("HeapProfiler.collectGarbage")
        heap = self.tools.send("Runtime.getHeapUsage")["usedSize"] / 1e6
        return Settled(busy_until - self.began, self.bytes / 1000, heap)


def settled(browser: Browser, address: str, *, throttle: int = 1, empty: bool = False) -> Settled:
    """Open a page in a browser that has seen nothing."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="sv-SE")
    page = context.new_page()
    if empty:
        page.route(address, lambda route: route.fulfill(body=EMPTY, content_type="text/html"))
    told = Watch(page, throttle).settle(address)
    context.close()
    return told


def bench_map(browser: Browser, base: str, segments: int) -> None:
    """Settle the public map and the empty page in turn; the first, which draws tiles, is apart."""
    first = settled(browser, f"{base}/")
    row("public_map_first_visitor", first.seconds, "s", segments)
    for throttle in (1, THROTTLE):
        empty, full = [], []
        for _ in range(ROUNDS):
            empty.append(settled(browser, f"{base}/empty", throttle=throttle, empty=True))
            full.append(settled(browser, f"{base}/", throttle=throttle))
        ours, theirs = (median(one.seconds for one in some) for some in (full, empty))
        name = "public_map_settled" + ("" if throttle == 1 else f"_cpu_{throttle}x")
        row(name, ours, "s", segments, "an empty Leaflet page", theirs)
    row("public_map_wire", full[-1].kilobytes, "kB", segments, "empty page", empty[-1].kilobytes)
    row("public_map_heap", full[-1].heap_mb, "MB", segments, "empty page", empty[-1].heap_mb)


def bench_review(browser: Browser, base: str, segments: int) -> None:
    """Decide and wait for the form of the next item, again and again.

    What a planner waits for is told by the page's clock; beside it the same with the roundtrips of
    the program that drives the browser.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="sv-SE")
    page.set_default_timeout(WAIT_MS)
    page.goto(f"{base}/logga-in")
    for name, value in zip(("username", "password"), PLANNER, strict=True):
        page.fill(f"input[name={name}]", value)
    page.locator("[type=submit]").last.click()
    page.wait_for_selector("[data-testid=queue-item]")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.locator("[data-testid=queue-item] button").first.click()
    page.wait_for_function(OPENED, arg="")
    page.evaluate(PAINTED)
    took, seen = [], []
    for _ in range(NEXT):
        page.wait_for_timeout(1000)
        was = page.locator("[data-testid=popup]").get_attribute("data-segment-id")
        page.keyboard.press("Space")
        began = time.perf_counter()
        page.keyboard.press("Enter")
        page.wait_for_function(OPENED, arg=was)
        took.append((time.perf_counter() - began) * 1000)
        page.wait_for_function("() => window.painted !== null")
        seen.append(
            page.evaluate(
                "() => { const was = window.painted; window.painted = null; return was; }"
            )
        )
    for name, values in (("", seen), ("_with_the_driver", took)):
        row(f"review_next_item{name}", median(values), "ms", segments)
        row(f"review_next_item{name}_slowest", max(values), "ms", segments)
    page.close()


def store_of(folder: Path, tiles: int, given: Path | None) -> Path:
    """Make the synthetic store, or copy one that was made before; a planner may log in."""
    if given is None:
        (folder / "area.toml").write_text(AREA, encoding="utf-8")
        store, _ = tiled(folder, tiles)
    else:
        for part in filter(Path.is_file, given.parent.glob(f"{given.name}*")):
            shutil.copy(part, folder / part.name)
        store = folder / given.name
    name, password = PLANNER
    words = [str(GCVAG), "user", "add", str(store), name, "--role", "planner", "--password-stdin"]
    subprocess.run(words, input=password, text=True, check=True, stdout=subprocess.DEVNULL)
    return store


def main() -> None:
    """Serve a store and measure its pages."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--tiles", type=int, default=TILES)
    words.add_argument("--store", type=Path)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        store = store_of(Path(name), asked.tiles, asked.store)
        told = subprocess.run(
            [GCVAG, "status", store, "--json"], check=True, capture_output=True, text=True
        )
        segments = int(json.loads(told.stdout)["coverage"]["segments"])
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        with served(store) as base:
            bench_map(browser, base, segments)
            bench_review(browser, base, segments)
        browser.close()


if __name__ == "__main__":
    main()
