"""Which offences may a control find at a place, and on what ground?

``rules/offences.csv`` says at which classes an offence is possible; an amount is told only from a
verified row of ``rules/fines.csv`` that is in force, and that table ships empty. Rights and
paragraphs are entered for Sweden alone; elsewhere nothing is listed.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from gis.areas import LAW_ENTERED
from gis.csvfile import number, rows
from gis.settings import data_dir
from gis.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

EVERYWHERE: Final = "*"
VERIFIED: Final = "V"


def known(country: str) -> list[dict[str, Any]]:
    """List every offence with its kinds of control and names; none where no law is entered."""
    if country not in LAW_ENTERED:
        return []
    return [
        {
            "offence": row["offence"],
            "kinds": row["kinds"].split("|"),
            **{f"label_{lang}": row[f"label_{lang}"] for lang in LANGUAGES},
        }
        for row in rows(data_dir() / "rules" / "offences.csv")
    ]


def possible(
    kind: str,
    classes: Collection[str],
    *,
    country: str,
    day: date | None,
    fines: Path | None = None,
) -> list[dict[str, Any]]:
    """List the offences that a control may find.

    Parameters
    ----------
    kind
        Kind of control.
    classes
        Class of the path, and of the crossing where there is one.
    country
        Country of the area.
    day
        The amounts of this day are told; none without a day.
    fines
        The table of amounts; the shipped one by default.

    Returns
    -------
    offences
        ``offence``, ``label_sv``, ``label_en``, ``paragraph``, ``ground`` (the class it rests on,
        empty for everywhere), ``verified`` and ``amount_sek``, each null where it is not known.
    """
    if country not in LAW_ENTERED:
        return []
    table = fines or data_dir() / "rules" / "fines.csv"
    amounts = _amounts(day, table) if day else {}
    found = []
    for row in rows(data_dir() / "rules" / "offences.csv"):
        at = row["classes"].split("|")
        ground = next((one for one in at if one in classes), None)
        if kind not in row["kinds"].split("|") or (ground is None and at != [EVERYWHERE]):
            continue
        found.append(
            {
                "offence": row["offence"],
                **{f"label_{lang}": row[f"label_{lang}"] for lang in LANGUAGES},
                "paragraph": row["paragraph"] or None,
                "ground": ground,
                "verified": row["verified"] == VERIFIED,
                "amount_sek": amounts.get(row["offence"]),
            }
        )
    return found


def _amounts(day: date, file: Path) -> dict[str, float]:
    """Read the verified amounts in force on a day."""
    return {
        row["offence"]: number(row["amount_sek"])
        for row in rows(file)
        if row["verified"] == VERIFIED and row["amount_sek"] and _in_force(row, day)
    }


def _in_force(row: Mapping[str, str], day: date) -> bool:
    """Tell whether a row holds on a day."""
    ended = row["valid_to"] and date.fromisoformat(row["valid_to"]) < day
    return date.fromisoformat(row["valid_from"]) <= day and not ended
