"""Under which names does a delivery keep what is wanted?

Names stand in ``data/geo/sources/<kind>.toml``: a target and the columns that may hold it, best
first. Letter case, blanks and punctuation do not count. Nothing here reads a delivery.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gis.errors import SourceError
from gis.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MARKS: Final = re.compile(r"[\W_]+")


def plain(name: object) -> str:
    """Return a name as it is compared.

    Examples
    --------
    >>> plain("Gcm_typ ") == plain("GCM-typ"), plain("MÄTMETOD")
    (True, 'mätmetod')
    """
    return _MARKS.sub("", unicodedata.normalize("NFC", str(name)).casefold())


@cache
def read_toml(name: str) -> dict[str, Any]:
    """Read a shipped description of a kind of delivery."""
    path = data_dir() / "sources" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def find_column(frame: pd.DataFrame, names: Iterable[str]) -> str | None:
    """Return the frame's column of the first of these names that it has; None for none."""
    held: dict[str, str] = {}
    for column in frame.columns:
        held.setdefault(plain(column), str(column))
    return next((held[plain(name)] for name in names if plain(name) in held), None)


def targets(
    frame: pd.DataFrame, names: Mapping[str, list[str]], *, required: Iterable[str], file: str
) -> pd.DataFrame:
    """Return the wanted columns of a delivery under their own names, as text.

    Parameters
    ----------
    frame
        Rows as delivered.
    names
        Target to the columns that may hold it, best first.
    required
        Targets without which the delivery says nothing.
    file
        What the file is called in a message.

    Returns
    -------
    told
        One column a target, null where the file has none or an empty cell; index of `frame`.

    Raises
    ------
    SourceError
        If a required column is missing.
    """
    found = {target: find_column(frame, listed) for target, listed in names.items()}
    missing = [target for target in required if found[target] is None]
    if missing:
        wanted = " or ".join(names[missing[0]][:3])
        msg = f"{file}: no column for {missing[0]}; one should be called {wanted}"
        raise SourceError(msg)
    return pd.DataFrame(
        {target: _text(frame, column) for target, column in found.items()}, index=frame.index
    )


def _text(frame: pd.DataFrame, column: str | None) -> pd.Series[str]:
    """Return a column as trimmed text; null for none and for empty cells."""
    if column is None:
        return pd.Series(None, index=frame.index, dtype="str")
    values = frame[column]
    if pd.api.types.is_float_dtype(values):
        whole = values.map(lambda n: str(int(n)) if n == n // 1 else str(n), na_action="ignore")
        return whole.astype("str")
    text = values.astype("str").str.strip()
    return text.where(text.ne(""))
