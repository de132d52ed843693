"""How is text from outside made safe to show and to compare?"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BLANKS: Final = re.compile(r" *[\t\n\r\x0b\x0c\x85\u2028\u2029]+ *")
# Control characters, lone surrogates, and the marks that turn the reading direction around.
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    r"""Normalise to NFC, turn line breaks into blanks and remove control characters.

    Examples
    --------
    >>> clean("Bjo\u0308rk\x07gatan\n2 ")
    'Björkgatan 2'
    """
    return unicodedata.normalize("NFC", _UNSEEN.sub("", _BLANKS.sub(" ", text))).strip()
