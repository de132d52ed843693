"""What do the maps say, in Swedish and English?

The sentences stand in ``maps/text.csv``; the names of classes and states in the code lists.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from gis.words import LANGUAGES, Language, catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

FILE: Final = Path(__file__).resolve().parent / "text.csv"


def sentences(lang: Language, file: Path = FILE) -> Callable[[str], str]:
    """Return a function from key to sentence in one language; an unknown key is an error."""
    table = catalogue(file)
    return lambda key: table[key][lang]


def both() -> dict[str, list[str]]:
    """Return key to sentences, in the order of `LANGUAGES`, for the scripts of a page."""
    return {key: [row[lang] for lang in LANGUAGES] for key, row in catalogue(FILE).items()}
