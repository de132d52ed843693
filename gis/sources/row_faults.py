"""What was wrong with a row of a delivery, and was the row kept?

The sentences are rows of ``data/geo/sources/row_faults.csv``; a fault never stops a reading.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from gis import csvfile
from gis.settings import data_dir
from gis.sources.said import FAULT_COLUMNS
from gis.sources.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    # feature, fault code, value for the sentence
    RowFault = tuple[str, str, str]

SHOWN: Final = 60


@cache
def _table() -> dict[str, dict[str, str]]:
    path = data_dir() / "sources" / "row_faults.csv"
    return {row["fault"]: row for row in csvfile.rows(path)}


def faults_at(
    features: Iterable[object], fault: str, values: Iterable[object] | str = ""
) -> list[RowFault]:
    """List one fault of many features.

    Parameters
    ----------
    features
        ``n`` names of rows.
    fault
        Code of the table.
    values
        ``n`` values for ``{value}`` in the sentence, or one text for all.
    """
    named = [str(feature) for feature in features]
    told = [values] * len(named) if isinstance(values, str) else list(map(str, values))
    return [(one, fault, value) for one, value in zip(named, told, strict=True)]


def row_faults(faults: Iterable[RowFault]) -> pd.DataFrame:
    """Put faults into words, sorted by feature and code, each once.

    Examples
    --------
    >>> told = row_faults([("nvdb:7", "unknown_code", "999")])
    >>> told["kept"].tolist(), told["message_en"].tolist()[0][:47]
    (['yes'], 'nvdb:7: the code 999 is not in the list; it is ')
    """
    rows = []
    for feature, code, value in sorted(set(faults)):
        said, shown = _table()[code], clean(value)[:SHOWN]
        rows.append(
            (
                feature,
                code,
                said["kept"],
                f"{feature}: {said['message_sv'].format(value=shown)}",
                f"{feature}: {said['message_en'].format(value=shown)}",
            )
        )
    return pd.DataFrame(rows, columns=list(FAULT_COLUMNS), dtype="str")
