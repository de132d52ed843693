"""What does the map of the inventory show?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps import page
from maps.figure import Shell
from maps.page import About, Contents, Layers

if TYPE_CHECKING:
    from gis.words import Language


def contents(layers: Layers, *, title: str = "", about: About | None = None) -> Contents:
    """Code the inventory: every segment, its findings and the background."""
    return page.contents("inventory", layers, about or About(), title)


def draw(
    layers: Layers,
    *,
    title: str,
    lang: Language = "sv",
    about: About | None = None,
    shell: Shell | None = None,
) -> str:
    """Draw the inventory.

    Parameters
    ----------
    layers
        `segments` and, when there are any, `findings`, `streets`, `areas`, `places`.
    title
        Name of the place.
    lang
        Language on opening; the page holds both.
    about
        Origin of the data.
    shell
        A file that stands alone when absent.

    Returns
    -------
    html
        The page.
    """
    coded = contents(layers, title=title, about=about)
    return page.draw(coded, title=title, lang=lang, shell=shell or Shell())
