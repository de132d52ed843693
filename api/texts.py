"""In which language is a person answered, and with which words?

Texts stand in ``api/pages/text.csv`` and ``api/problems.csv``, never in Python.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from gis.words import LANGUAGES, Language, catalogue, language

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE: Final = Path(__file__).resolve().parent
LANGUAGE_COOKIE: Final = "lang"


class ProblemText(NamedTuple):
    """What a kind of problem is answered with."""

    status: int
    sv: str
    en: str


@cache
def problem_texts() -> dict[str, ProblemText]:
    """Read the kinds of problem: key to status and sentence."""
    with (_HERE / "problems.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["key"]: ProblemText(int(row["status"]), row["sv"], row["en"])
            for row in csv.DictReader(file)
        }


def page_texts(lang: Language) -> dict[str, str]:
    """Return every text of the pages in one language, by key."""
    texts = catalogue(_HERE / "pages" / "text.csv")
    return {key: row[lang] for key, row in texts.items()}


def accepted(header: str) -> Language:
    """Choose a language from ``Accept-Language``: the first of sv and en by weight; else Swedish.

    Examples
    --------
    >>> accepted("de, en;q=0.8, sv;q=0.5"), accepted("fi"), accepted("en;q=0, sv")
    ('en', 'sv', 'sv')
    """
    wishes = []
    for place, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";q=")
        if tag[:2].lower() in {"sv", "en"} and weight not in {"0", "0.0"}:
            wishes.append((-_weight(weight), place, tag))
    return language(min(wishes)[2]) if wishes else "sv"


def chosen(wish: str | None, cookies: Mapping[str, str], header: str) -> Language:
    """Choose a language: the one named, then the kept choice, then the browser's wish."""
    for named in (wish, cookies.get(LANGUAGE_COOKIE)):
        if named in LANGUAGES:
            return language(named)
    return accepted(header)


def _weight(text: str) -> float:
    """Read a quality value; one when absent or unreadable."""
    return (
        float(text)
        if text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdigit()
        else 1.0
    )
