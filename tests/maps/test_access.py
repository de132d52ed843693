"""Do the maps that stand alone keep the rules of accessibility?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
from shapely import Point

from maps import inventory, promises, review, sites
from tests.axe import violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from gis.words import Language

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

PROMISE: dict[str, Any] = {
    "id": "controls",
    "label_sv": "Kontroller",
    "label_en": "Controls",
    "unit_sv": "st",
    "unit_en": "",
    "target": 10,
    "done": 3,
    "on_schedule": False,
}


def close_together() -> gpd.GeoDataFrame:
    """Return sites so close that their pins would cover one another."""
    rows = [
        {
            "segment_id": f"s{n % 3}",
            "kind": "cyclist",
            "rank": n + 1,
            "rank_low": 1,
            "rank_high": 5,
            "information_only": n == 1,
            "reasons": [{"text_sv": "Skäl", "text_en": "Reason", "value": 1.0, "unit": "st"}],
        }
        for n in range(5)
    ]
    return gpd.GeoDataFrame(rows, geometry=[Point(15.581, 56.161)] * 5, crs=4326)


def drawn(kind: str, layers: dict[str, gpd.GeoDataFrame], lang: Language) -> str:
    """Draw one kind of map."""
    if kind == "promises":
        return promises.draw(layers, [PROMISE], title="Karlskrona", lang=lang)
    if kind == "sites":
        return sites.draw({**layers, "sites": close_together()}, title="Karlskrona", lang=lang)
    draw = review.draw if kind == "review" else inventory.draw
    return draw(layers, title="Karlskrona", lang=lang)


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("kind", ["inventory", "review", "sites", "promises"])
def test_no_map_breaks_a_rule_of_access(
    opened: Callable[..., Page], layers: dict[str, gpd.GeoDataFrame], kind: str, lang: Language
) -> None:
    page = opened(drawn(kind, layers, lang))
    assert violations(page) == []
    page.locator("[data-testid=segment-row] button").first.click()
    page.locator("[data-testid=popup]").wait_for()
    assert violations(page) == []
