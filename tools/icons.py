"""Draw the icons of the field page from the picture that every page carries.

Usage: ``python tools/icons.py``. Chromium draws ``maps/static/icon.svg`` with its ground to the
edge, so that a phone may cut it to any shape (maskable).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

STATIC: Final = Path(__file__).resolve().parent.parent / "maps" / "static"
SIZES: Final = (192, 512)
GROUND: Final = "#0B5770"
DRAWN: Final = 0.72
"""The share of the side that is drawn on; a mask may cut what lies outside 0.8."""


def main() -> None:
    """Write one picture a size."""
    picture = (STATIC / "icon.svg").read_text("utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--headless", "--no-sandbox"]
        )
        for size in SIZES:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(
                f"<body style='margin:0;display:grid;place-items:center;height:100vh;"
                f"background:{GROUND}'><div style='width:{size * DRAWN}px'>{picture}</div>"
            )
            page.screenshot(path=STATIC / f"falt-{size}.png")
        browser.close()


if __name__ == "__main__":
    main()
