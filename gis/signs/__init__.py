"""What do the signs along a path say, and where do they hold?"""

from __future__ import annotations

from gis.signs.carry import carry
from gis.signs.catalogue import COUNTRIES, Catalogue, Meaning, load
from gis.signs.parse import Reading, Sign, parse, parse_column, read, says_none
from gis.signs.place import place
from gis.signs.posts import posts

__all__ = [
    "COUNTRIES",
    "Catalogue",
    "Meaning",
    "Reading",
    "Sign",
    "carry",
    "load",
    "parse",
    "parse_column",
    "place",
    "posts",
    "read",
    "says_none",
]
