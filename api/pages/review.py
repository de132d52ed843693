"""What does the planner's page look like?

The map of the review with a panel beside it; three scripts of ours fill the panel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from api.pages.render import fragment
from maps import page
from maps.assets import Asset
from maps.figure import Shell
from maps.text import sentences

if TYPE_CHECKING:
    from markupsafe import Markup

    from api.pages.mapview import Drawn
    from gis.areas import Area
    from gis.words import Language

DATA_URL: Final = "/api/review"
SCRIPTS: Final = (
    Asset("static", "gcvag-review-panel.js"),
    Asset("static", "gcvag-review.js"),
    Asset("static", "gcvag-review-work.js"),
)


def html(
    drawn: Drawn, area: Area, *, lang: Language, nonce: str, nav: Markup, segment: str | None
) -> str:
    """Write the page around a drawing; the language switch keeps the open segment."""
    kept = {} if segment is None else {"segment": segment}
    shell = Shell(
        served=True,
        nonce=nonce,
        nav=nav,
        head=fragment("scripts", scripts=SCRIPTS, nonce=nonce),
        panel=fragment("review_panel", say=sentences(lang)),
        data_url=DATA_URL,
        lang_links={code: "?" + urlencode({**kept, "lang": code}) for code in ("sv", "en")},
    )
    return page.draw(drawn.contents, title=area.name, lang=lang, shell=shell)
