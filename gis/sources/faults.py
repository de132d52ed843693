"""What was wrong in a delivery, in words?

The sentences are rows of ``data/geo/rules/source_faults.csv``; a fault never stops a reading.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from gis import csvfile
from gis.settings import data_dir

if TYPE_CHECKING:
    from collections.abc import Iterable

    # feature, fault code, number for the sentence
    Fault = tuple[str, str, int]

COLUMNS: Final = ("feature", "fault", "message_sv", "message_en")


@cache
def _sentences() -> dict[str, tuple[str, str]]:
    rows = csvfile.read(data_dir() / "rules" / "source_faults.csv").rows
    return {row.cells["fault"]: (row.cells["message_sv"], row.cells["message_en"]) for row in rows}


def fault_frame(faults: Iterable[Fault]) -> pd.DataFrame:
    """Put faults into words, sorted by feature and code.

    Parameters
    ----------
    faults
        Feature (``osm:way/1``), code of the table, number for ``{n}`` in its sentence.

    Returns
    -------
    frame
        ``feature``, ``fault``, ``message_sv``, ``message_en``, each row once.

    Examples
    --------
    >>> fault_frame([("osm:way/7", "missing_node", 2)])["message_en"].tolist()
    ["osm:way/7: 2 of the way's nodes are not in the file; the way is cut at the gap"]
    """
    rows = []
    for feature, code, n in sorted(set(faults)):
        sv, en = _sentences()[code]
        rows.append((feature, code, f"{feature}: {sv.format(n=n)}", f"{feature}: {en.format(n=n)}"))
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
