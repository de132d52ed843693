"""What does the road database NVDB say a way is?

``rules/nvdb_reading.csv`` says of every GCM code, old and new, which class it speaks for and whom
it admits. A code says nothing about signs; a code that is in no list has no reading.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import pandas as pd

from gis import codes
from gis.csvfile import rows
from gis.settings import data_dir

COLUMNS: Final = ("nvdb", "nvdb_runner_up", "n_cyc", "n_walk", "n_division")
# Net type alone: cycle net 2 admits cyclists, foot net 4 is for walkers (Cykla i Skåne, [N5]).
_NETS: Final = {
    "2": ("gc_gemensam", "cykelbana", "designated", None, None),
    "4": ("gangbana", None, "denied", None, None),
}
_NOTHING: Final = (None, None, None, None, None)


def read_nvdb(gcm: pd.Series, nattyp: pd.Series) -> pd.DataFrame:
    """Read GCM codes, and the type of net where there is no code.

    Parameters
    ----------
    gcm, nattyp
        Codes as text, null for none; same index.

    Returns
    -------
    readings
        `COLUMNS`: the class, its runner-up, who may be there, whether it is divided.
    """
    by_code = _readings()
    told = [
        by_code.get(code, _NOTHING) if isinstance(code, str) else _NETS.get(net, _NOTHING)
        for code, net in zip(gcm, nattyp, strict=True)
    ]
    return pd.DataFrame(told, columns=list(COLUMNS), index=gcm.index, dtype=object)


def gcm_label(code: str, lang: str) -> str | None:
    """Return a GCM code with its name, such as ``115 Gångbana``; None for an unknown code."""
    label = _labels(lang).get(code)
    return f"{label} ({code})" if label else None


@cache
def _labels(lang: str) -> dict[str, str]:
    return codes.load("nvdb_gcm").labels(lang)


def crossing_codes() -> tuple[str, ...]:
    """Return the codes that only a crossing has."""
    table = rows(data_dir() / "rules" / "nvdb_reading.csv")
    return tuple(row["gcm"] for row in table if row["crossing"] == "yes")


@cache
def _readings() -> dict[str, tuple[str | None, ...]]:
    names = ("path_class", "runner_up", "cyc", "walk", "division")
    return {
        row["gcm"]: tuple(row[name] or None for name in names)
        for row in rows(data_dir() / "rules" / "nvdb_reading.csv")
    }
