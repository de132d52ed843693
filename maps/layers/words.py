"""What are the codes called, and how are they drawn?

Names and plain explanations come from the code lists, lines from ``maps/style.csv``; both go to
the page once, in Swedish and English.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gis import codes
from maps import style

if TYPE_CHECKING:
    from maps.style import Group

LISTS: Final = ("path_class", "status", "confidence", "basis", "control_kind", "place_kind")


def vocabulary(lists: tuple[str, ...] = LISTS) -> dict[str, dict[str, Any]]:
    """Return list to code to `label` and `plain`, each Swedish then English."""
    return {name: {code.code: _word(code) for code in codes.load(name).rows} for name in lists}


def looks() -> dict[str, Any]:
    """Return the lines of classes and casings of statuses as a page needs them."""
    return {
        "classes": _table("class"),
        "statuses": _table("status"),
        "gap": style.GAP_PX,
        "land": style.LAND,
    }


def _word(code: codes.Code) -> dict[str, list[str]]:
    word = {"label": [code.label_sv, code.label_en]}
    if code.more.get("plain_sv"):
        word["plain"] = [code.more["plain_sv"], code.more.get("plain_en") or code.more["plain_sv"]]
    return word


def _table(group: Group) -> dict[str, dict[str, Any]]:
    return {
        code: {
            "tier": line.tier,
            "colour": line.colour,
            "dash": list(line.dash),
            "width": line.width_px,
            "letters": line.letters,
        }
        for code, line in style.lines(group).items()
    }
