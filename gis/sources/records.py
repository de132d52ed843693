"""How do rows without a place become records: surveys and statistics?

Every cell is text; numbers have a decimal point. A row's id is its place in the order of content,
so that it does not depend on the order of the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from gis.sources.layout import find_column
from gis.sources.row_faults import row_faults
from gis.sources.rows import Sheet, read_sheet, whole_rows, with_numbers
from gis.sources.said import Said, nothing_said

if TYPE_CHECKING:
    from pathlib import Path

_YEAR: Final = re.compile(r"(19|20)\d\d")


def read_records(path: Path, kind: str) -> Said:
    """Read a sheet of records of a kind.

    Parameters
    ----------
    path
        Sheet or workbook.
    kind
        ``survey`` or ``crime``: the description and the kind of the records.

    Returns
    -------
    said
        ``records`` with ``record_id``, ``kind`` and the columns of the description.
    """
    return as_records(_long(read_sheet(path, kind)), kind)


def as_records(sheet: Sheet, kind: str) -> Said:
    """Make records of the rows of a sheet; see `read_records`."""
    sheet = with_numbers(whole_rows(sheet), sheet.form["numbers"])
    columns = list(sheet.form["columns"])
    rows = sheet.told[columns].astype("str").drop_duplicates()
    rows = rows.sort_values(columns, ignore_index=True, na_position="first")
    rows.insert(0, "record_id", [f"{kind}:{n + 1}" for n in rows.index])
    rows.insert(1, "kind", kind)
    return nothing_said(records=rows.astype("str"), faults=row_faults(sheet.faults))


def _long(sheet: Sheet) -> Sheet:
    """Turn one column a year into one row a year."""
    years = [str(name) for name in sheet.frame.columns if _YEAR.fullmatch(str(name))]
    if not years or "count" not in sheet.told or find_column(sheet.frame, ["period", "antal"]):
        return sheet
    parts = [
        sheet.told.assign(period=year, count=sheet.frame[year].astype("str")) for year in years
    ]
    told = pd.concat(parts, ignore_index=True)
    names = pd.concat([sheet.names] * len(years), ignore_index=True)
    frame = pd.concat([sheet.frame] * len(years), ignore_index=True)
    return Sheet(told=told, frame=frame, names=names, faults=sheet.faults, form=sheet.form)
