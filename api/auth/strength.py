"""Could a new password be guessed from a list of common ones?

Common words (``guessed.csv``, our own list), years, runs on the keyboard or in the alphabet and
repeated pieces count as one character each, since that is what they cost a guesser.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Final

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 512
MIN_LEFT: Final = 8
"""What must be left of a password when all that is easily guessed is taken as one character."""

_WORDS: Final = Path(__file__).resolve().parent / "guessed.csv"
_ROWS: Final = ("1234567890", "qwertyuiopå", "asdfghjklöä", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_LEET: Final = str.maketrans("01345$@!", "oieassai")
_YEAR: Final = re.compile(r"(19|20)\d\d")
_AGAIN: Final = re.compile(r"(.+?)\1+")
_RUN: Final = 3


def is_guessable(password: str, name: str = "") -> bool:
    """Tell whether a password is too short, too long, or made of what everybody tries.

    Examples
    --------
    >>> is_guessable("Sommar2026!!"), is_guessable("korrekt häst batteri")
    (True, False)
    >>> is_guessable("anna.berg.anna", "anna.berg"), is_guessable("qwerty123456")
    (True, True)
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        return True
    return min(len(squeezed(password, name)), len(squeezed(plain(password), name))) < MIN_LEFT


def plain(password: str) -> str:
    """Write digits and signs that stand for letters as those letters.

    Examples
    --------
    >>> plain("P4$$w0rd")
    'password'
    """
    return password.casefold().translate(_LEET)


def squeezed(password: str, name: str = "") -> str:
    """Put one character in place of each piece that is easily guessed."""
    text = password.casefold()
    for word in (name.casefold(), *_common()):
        if word:
            text = text.replace(word, "·")
    text = _YEAR.sub("·", text)
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        text = _without_runs(text, row)
    return _AGAIN.sub("·", text)


def _without_runs(text: str, row: str) -> str:
    """Put one character in place of each run along a row, the longest first."""
    for length in range(len(row), _RUN - 1, -1):
        for start in range(len(row) - length + 1):
            text = text.replace(row[start : start + length], "·")
    return text


@cache
def _common() -> tuple[str, ...]:
    """Read the common words, the longest first."""
    with _WORDS.open(encoding="utf-8", newline="") as file:
        words = [row["word"] for row in csv.DictReader(file)]
    return tuple(sorted(words, key=len, reverse=True))
