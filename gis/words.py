"""What does the product say to a person, in Swedish and English?

Sentences stand in catalogues (CSV with the columns ``key``, ``sv``, ``en``), never in Python.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from gis.errors import CodeError
from gis.settings import data_dir

if TYPE_CHECKING:
    from pathlib import Path

Language = Literal["sv", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("sv", "en")


def language(text: str | None) -> Language:
    """Return the language of a tag such as ``en-GB``; Swedish for everything unknown.

    Examples
    --------
    >>> language("en-GB"), language("fr"), language(None)
    ('en', 'sv', 'sv')
    """
    start = (text or "").lower()[:2]
    return start if start in LANGUAGES else "sv"


@cache
def catalogue(path: Path) -> dict[str, dict[str, str]]:
    """Read one catalogue: key to the sentence in each language."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["key"]: {lang: row[lang] for lang in LANGUAGES} for row in csv.DictReader(file)}


def say(name: str, key: str, lang: Language, /, **values: object) -> str:
    """Return the sentence `key` of the shipped catalogue `name`, filled with `values`.

    Raises
    ------
    CodeError
        If the catalogue lacks the key.
    """
    path = data_dir() / "text" / f"{name}.csv"
    sentences = catalogue(path)
    if key not in sentences:
        msg = f"{path.name}: key {key!r} is missing; add a row with key, sv and en."
        raise CodeError(msg)
    return sentences[key][lang].format(**values)
