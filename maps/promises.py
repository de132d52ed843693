"""What was promised, what is done, and where has the inventory been?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from maps import page
from maps.figure import Shell
from maps.page import About, Contents, Layers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gis.words import Language

_SPOKEN: Final = ("label", "unit")
_PLAIN: Final = ("id", "target", "done", "on_schedule")


def rows(promises: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Keep what the page says of each promise.

    Parameters
    ----------
    promises
        Rows of the promises answer; a text may stand as `label`, or as `label_sv` and `label_en`.

    Returns
    -------
    rows
        Texts as Swedish and English; an absent target or schedule is None, never 0.
    """
    return [
        {
            **{name: row.get(name) for name in _PLAIN},
            **{name: _spoken(row, name) for name in _SPOKEN},
            **_remarks(row),
        }
        for row in promises
    ]


def contents(
    layers: Layers,
    promises: Iterable[Mapping[str, Any]],
    *,
    title: str = "",
    about: About | None = None,
) -> Contents:
    """Code coverage by segment and the list of promises."""
    coded = page.contents("promises", layers, about or About(), title)
    return replace(coded, data={**coded.data, "promises": rows(promises)})


def draw(
    layers: Layers,
    promises: Iterable[Mapping[str, Any]],
    *,
    title: str,
    lang: Language = "sv",
    about: About | None = None,
    shell: Shell | None = None,
) -> str:
    """Draw what is inventoried beside the list of promises; see `maps.inventory.draw`."""
    coded = contents(layers, promises, title=title, about=about)
    return page.draw(coded, title=title, lang=lang, shell=shell or Shell())


def _remarks(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the period, the notes and what was left out; evidence may also be plain text."""
    evidence = row.get("evidence") or {}
    if isinstance(evidence, str):
        evidence = {"notes": [evidence]}
    return {
        "from": evidence.get("from"),
        "to": evidence.get("to"),
        "notes": [str(note) for note in evidence.get("notes") or ()],
        "not_counted": [
            {"reason": str(left["reason"]), "n": left["n"]} for left in row.get("not_counted") or ()
        ],
    }


def _spoken(row: Mapping[str, Any], name: str) -> list[str] | None:
    """Return a text in both languages; None when the row has none."""
    texts = [str(row.get(f"{name}_{lang}") or row.get(name) or "") for lang in ("sv", "en")]
    return texts if any(texts) else None
