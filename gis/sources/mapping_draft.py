"""Which mapping would fit a file? A draft to be read by a person, never used unseen.

Columns are guessed by their names and by the words in them; what cannot be guessed is written as a
line to fill in.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from gis import codes
from gis.sources.layout import find_column, plain, read_toml
from gis.sources.mapping import CLASS
from gis.sources.opening import TEXT_SHEETS, WORKBOOKS, places, read_table

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

MOST_VALUES: Final = 40
UNKNOWN: Final = "okand"


def explain_mapping(path: Path) -> str:
    """Write a draft of a mapping for a file.

    Parameters
    ----------
    path
        Any vector file, sheet or workbook.

    Returns
    -------
    draft
        TOML that ``gcvag import --mapping`` takes once a person has read it; every distinct value
        of the column of classes has a line, the unguessed ones with ``okand``.

    Raises
    ------
    SourceError
        If the file cannot be opened.
    """
    frame, _ = read_table(path)
    table = frame.drop(columns=frame.geometry.name)
    names = read_toml("mapping")
    told = frame.crs.to_epsg() if frame.crs is not None else None
    lines = [f"# {names['head'].format(file=path.name)}"]
    lines += [f"# {names['columns']}: {', '.join(map(str, table.columns))}", 'source = "kommunen"']
    lines += [f"# crs: EPSG:{told}" if told else f"crs = 3006  # {names['check']}"]
    if _several(path):
        lines.append(f"layer = {_quoted(places(path)[0][0].layer)}  # {names['check']}")
    number = find_column(table, names["targets"]["id"])
    lines += [f"id = {_quoted(number)}" if number else f'# id = ""  # {names["fill"]}']
    lines.append('kind = "path"')
    for target, listed in names["targets"].items():
        if target == "id":
            continue
        column = find_column(table, listed) or (_class_column(table) if target == CLASS else None)
        lines += _target(target, column, table, names)
    return "\n".join(lines) + "\n"


def _several(path: Path) -> bool:
    return path.suffix.lower() not in (*TEXT_SHEETS, *WORKBOOKS) and len(places(path)[0]) > 1


def _quoted(text: object) -> str:
    """Write a TOML string."""
    return json.dumps(str(text), ensure_ascii=False)


def _target(
    target: str, column: str | None, table: pd.DataFrame, names: dict[str, str]
) -> list[str]:
    """Write the table of one target; nothing where no column fits but for the class."""
    if column is None:
        return ["", f"# [{CLASS}]", f'# column = ""  # {names["fill"]}'] if target == CLASS else []
    head = ["", f"[{target}]", f"column = {_quoted(column)}"]
    if target != CLASS:
        return head
    values = sorted(table[column].dropna().astype("str").str.strip().unique())
    lines = [f"{_quoted(value)} = {_quoted(_guess(value))}" for value in values[:MOST_VALUES]]
    more = [f"# … {len(values) - MOST_VALUES}"] if len(values) > MOST_VALUES else []
    return [*head, *lines, *more]


def _class_column(table: pd.DataFrame) -> str | None:
    """Find the column of few words of which most sound like a class."""
    best, most = None, 0.5
    for column in table.columns:
        words = table[column].dropna().astype("str").str.strip().unique()
        if not 0 < len(words) <= MOST_VALUES:
            continue
        share = sum(_guess(word) != UNKNOWN for word in words) / len(words)
        if share >= most:
            best, most = str(column), share
    return best


def _guess(word: str) -> str:
    """Return the class whose name or code is meant; unknown for none."""
    text = plain(word)
    for row in codes.load("path_class").rows:
        if row.assignable and text in {plain(row.code), plain(row.label_sv), plain(row.label_en)}:
            return row.code
    for row in read_toml("regulations")["words"]:
        if plain(row["word"]) in text:
            return str(row["path_class"])
    return UNKNOWN
