"""Which rules of accessibility does an open page break? Asked of axe-core, kept for tests only."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT: Final = Path(__file__).parent / "vendor" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK: Final = """async (rules) => {
  await Promise.allSettled(document.getAnimations().map((moving) => moving.finished));
  const found = await axe.run(document, { runOnly: rules });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    rule.id + ": " + node.target.join(" ") + " | " + node.failureSummary.replace(/\\s+/g, " ")));
}"""


@cache
def _script() -> str:
    """Read axe-core."""
    return SCRIPT.read_text("utf-8")


def violations(page: Page) -> list[str]:
    """Return one line for each element that breaks a rule, in the page as it stands."""
    page.evaluate(_script())
    found: list[str] = page.evaluate(ASK, RULES)
    return found
