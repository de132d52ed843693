"""How is a statement put together when a name in it is not fixed?

Values are always bound, never written into a statement; only names of layers and columns are,
quoted, after ``check_name`` has seen them.
"""

from __future__ import annotations

import re
from string import Template
from typing import Final

from gis.errors import LayerError

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")


def check_name(name: str, what: str) -> str:
    """Give back a name of a layer or column; LayerError when it could be anything else.

    Examples
    --------
    >>> check_name("segments", "layer")
    'segments'
    """
    if not _NAME.fullmatch(name):
        msg = f"{what} {name!r} is no name; use small letters, digits and _"
        raise LayerError(msg)
    return name


def quoted(name: str) -> str:
    """Quote a name of a table or column.

    Examples
    --------
    >>> quoted('a"b')
    '"a""b"'
    """
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def fill(template: str, **parts: str) -> str:
    """Put names and lists of names, quoted already, into a statement.

    Examples
    --------
    >>> fill("SELECT $columns FROM $table", columns='"a"', table='"t"')
    'SELECT "a" FROM "t"'
    """
    return Template(template).substitute(parts)
