"""Where does the data that ships with gcvag lie?"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_dir() -> Path:
    """Return the folder of code lists, rules, signs, areas and samples.

    Returns
    -------
    folder
        ``data/geo`` of a checkout, or the copy inside an installed wheel.
    """
    checkout = _PACKAGE.parent / "data" / "geo"
    return checkout if checkout.is_dir() else _PACKAGE / "_data"
