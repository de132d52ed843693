"""What does the product say to a person, in Swedish and English?

Sentences stand in catalogues (CSV with the columns ``key``, ``sv``, ``en``), never in Python.
Errors alone are raised in English, where a developer reads them; ``text/errors.csv`` holds each of
them in Swedish, and a test holds it against every sentence that is raised.
"""

from __future__ import annotations

import csv
import re
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


def translated(sentence: str, lang: Language) -> str:
    """Return the sentence of an error in `lang`; what the catalogue lacks stays as it is.

    A sentence that was put in the place of a value is translated too, and so is each of several
    faults of one file.

    Examples
    --------
    >>> translated("a.gpkg does not exist; gcvag init makes a store", "sv")
    'a.gpkg finns inte; gcvag init skapar ett lager'
    """
    if lang == "en":
        return sentence
    head, mark, tail = sentence.partition(": ")
    if mark and (several := f"; {head}: ") in tail:
        return "; ".join(translated(f"{head}: {one}", lang) for one in tail.split(several))
    for pattern, wanted in _patterns(data_dir() / "text" / "errors.csv"):
        if found := pattern.fullmatch(sentence):
            return wanted.format(*(translated(value, lang) for value in found.groups()))
    return head + mark + translated(tail, lang) if mark else sentence


@cache
def _patterns(path: Path) -> list[tuple[re.Pattern[str], str]]:
    """Read the sentences of errors; the one that leaves least open is tried first."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: -len(row["en"].replace("{}", "")))
    return [
        (re.compile("(.+?)".join(map(re.escape, row["en"].split("{}"))), re.DOTALL), row["sv"])
        for row in rows
    ]
