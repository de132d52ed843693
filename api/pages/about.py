"""From which sources and libraries is this made, and under which licences?"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from maps.assets import VENDOR

if TYPE_CHECKING:
    from gis.store import Store
    from gis.words import Language


def facts(store: Store, lang: Language) -> dict[str, Any]:
    """Gather what the page about the service tells.

    Returns
    -------
    facts
        ``deliveries``: source and date of each, newest last; ``libraries``: name, version and
        licence of what the pages load.
    """
    deliveries = [
        {"source": one.source, "kind": one.kind, "date": one.date, "lang": lang}
        for one in store.deliveries()
    ]
    return {"deliveries": deliveries, "libraries": libraries()}


@cache
def libraries() -> list[dict[str, str]]:
    """List the vendored libraries."""
    manifest = json.loads((VENDOR / "manifest.json").read_text("utf-8"))
    return [
        {name: str(library.get(name, "")) for name in ("name", "version", "licence")}
        for library in manifest["libraries"]
    ]
