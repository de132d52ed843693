"""Measure the field page on a slow phone: weight, ready offline, tap to saved mark, many sent.

Usage: ``python -m tools.bench_field STORE USER PASSWORD [--marks 500]``. The store is served on
loopback and marked: give it a copy. Chromium runs at a quarter of its speed (CPU throttling 4 ×).
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

from tools.screenshots import ARGUMENTS, PLACE, served

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

SLOWER: Final = 4
TIMES: Final = 7
FLUSH_MS: Final = 300_000
READY: Final = "html[data-ready]"
FORM: Final = "[data-testid=mark-form]"
# Saved means that the form is away and the unsent count, read from the phone, has grown.
MARK: Final = """async (row) => {
  document.querySelectorAll("[data-testid=segment-row] button")[row].click();
  document.querySelector("[data-sign=D6]").click();
  const before = Number(document.getElementById("unsent").dataset.count);
  const began = performance.now();
  document.getElementById("save").click();
  while (!document.getElementById("form").hidden
    || Number(document.getElementById("unsent").dataset.count) <= before) {
    await new Promise((next) => { requestAnimationFrame(next); });
  }
  return performance.now() - began;
}"""
FILL: Final = """async (count) => {
  const kept = await import("/static/falt-kept.js");
  const { newId } = await import("/static/falt-operation.js");
  const rows = (await kept.areas()).flatMap((one) => one.segments).slice(0, count);
  const operations = Array.from({ length: count }, (_, i) => ({
    op_id: newId(), kind: "mark", segment_id: rows[i % rows.length].id, base_version: null,
    observed_at: new Date().toISOString(), fix: null, fields: { width_m: 2.5 }, photo_sha256: null
  }));
  await kept.append(operations, []);
  return rows.length;
}"""


def log_in(page: Page, base: str, name: str, words: str) -> None:
    """Log an inspector in and take the surroundings along."""
    page.goto(f"{base}/logga-in")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", words)
    page.locator("[type=submit]").last.click()
    page.wait_for_selector(READY, state="attached")
    page.select_option("#radius", "2000")
    page.click("[data-testid=download-area]")
    page.wait_for_selector("[data-testid=offline-ready]")


def slow(context: BrowserContext, page: Page) -> None:
    """Make the page's processor slower."""
    line = context.new_cdp_session(page)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def weigh(page: Page) -> None:
    """Print what the phone loads of page, code and lists, each packed by itself."""
    asked = """async () => {
      const [name] = await caches.keys();
      return (await (await caches.open(name)).keys()).map((one) => one.url);
    }"""
    parts = [page.request.get(one).body() for one in page.evaluate(asked)]
    packed = sum(len(gzip.compress(part)) for part in parts)
    print(f"page, code and lists: {packed / 1000:.0f} kB gz (limit 500)")


def measure(context: BrowserContext, page: Page, marks: int) -> None:
    """Print every figure."""
    kept = 'async () => (await (await import("/static/falt-kept.js")).areas())[0].segments.length'
    print(f"segments kept: {page.evaluate(kept)}")
    context.set_offline(offline=True)
    slow(context, page)
    opened = []
    for _ in range(TIMES):
        began = time.perf_counter()
        page.reload()
        page.wait_for_selector(READY, state="attached")
        opened.append(time.perf_counter() - began)
    print(f"ready offline: {statistics.median(opened):.2f} s (limit 2)")
    saved = [page.evaluate(MARK, row) for row in range(TIMES)]
    print(f"tap to saved mark: {statistics.median(saved):.0f} ms (limit 300)")
    page.evaluate(FILL, marks - TIMES)
    page.reload()
    page.wait_for_selector(f"[data-testid=unsent][data-count='{marks}']")
    began = time.perf_counter()
    context.set_offline(offline=False)
    page.wait_for_selector("[data-testid=unsent][data-count='0']", timeout=FLUSH_MS)
    print(f"{marks} marks sent: {time.perf_counter() - began:.1f} s (limit 60)")


def main() -> None:
    """Serve a store and measure its field page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("user")
    parser.add_argument("password")
    parser.add_argument("--marks", type=int, default=500)
    given = parser.parse_args()
    found = shutil.which("chromium")
    with served(given.store) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(args=ARGUMENTS, executable_path=found)
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, locale="sv-SE",
            geolocation=PLACE, permissions=["geolocation"],
        )  # fmt: skip
        page = context.new_page()
        log_in(page, base, given.user, given.password)
        weigh(page)
        measure(context, page, given.marks)
        browser.close()


if __name__ == "__main__":
    main()
