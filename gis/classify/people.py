"""What did the people who saw a place say, and what did planners settle?

A mark's signs, markings and plate are what was seen; its bare class counts as form. The first
person's answer holds until a planner settles it; one's own later mark replaces one's own. Marks
are few beside segments, so they are read one by one.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from gis.classify.words import coded, path_class, plain

# What belongs to one answer: a later mark that gives any of these replaces them all.
ANSWER: Final = ("path_class", "signs", "signs_end", "plate", "markings")
ATTRIBUTES: Final = ("width_m", "separation", "surface", "lit")
LONGEST: Final = 20
"""How many signs or markings of one mark are read."""


def standing_marks(observations: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Find for each segment the answer that holds.

    Parameters
    ----------
    observations
        With ``segment_id``, ``fields`` (object as sent), ``author``, in the order they came;
        splits and visits have empty fields.

    Returns
    -------
    marks
        Segment to fields: the first author's, each later mark of the same author laid over it.
    """
    held: dict[str, dict[str, Any]] = {}
    first: dict[str, Any] = {}
    columns = (observations[name] for name in ("segment_id", "author", "fields"))
    for segment, author, fields in zip(*columns, strict=True):
        if not isinstance(fields, dict) or not any(key in fields for key in (*ANSWER, *ATTRIBUTES)):
            continue
        if any(key in fields for key in ANSWER) and first.setdefault(segment, author) != author:
            continue
        kept = held.get(segment, {})
        if any(key in fields for key in ANSWER):
            kept = {key: value for key, value in kept.items() if key not in ANSWER}
        held[segment] = {**kept, **fields}
    return held


def mark_facts(marks: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Turn marks into facts.

    Parameters
    ----------
    marks
        Segment to fields, as `standing_marks` returns them.

    Returns
    -------
    facts
        Index the segment: ``raw``, ``raw_end`` (signs as text), ``plate``, ``markings`` (list),
        ``observed_class``, ``width_m``, ``separation``; null for not said.
    """
    rows = [
        {
            "segment_id": segment,
            "raw": listed_text(fields.get("signs")),
            "raw_end": listed_text(fields.get("signs_end")),
            "plate": plain(fields.get("plate")) or None,
            "markings": listed(fields.get("markings")),
            "observed_class": path_class(fields.get("path_class")),
            "width_m": metres(fields.get("width_m")),
            "separation": coded("separation", fields.get("separation")),
        }
        for segment, fields in marks.items()
    ]
    columns = ("segment_id", "raw", "raw_end", "plate", "markings", "observed_class")
    table = pd.DataFrame(rows, columns=[*columns, "width_m", "separation"])
    return table.astype({"width_m": "float64"}).set_index("segment_id")


def listed(value: object) -> list[str]:
    """Read a list of words, or one word; what is no text is left out.

    Examples
    --------
    >>> listed(["M16", None, 5]), listed("M16"), listed({"a": 1})
    (['M16', '5'], ['M16'], [])
    """
    many = value if isinstance(value, (list, tuple)) else [value]
    return [word for word in map(plain, many[:LONGEST]) if word]


def listed_text(value: object) -> str | None:
    """Write a list of signs as one text; None where nothing is named."""
    return ";".join(listed(value)) or None


def metres(value: object) -> float | None:
    """Read a width in metres; a decimal comma is read, nonsense is not.

    Examples
    --------
    >>> metres("2,5"), metres(3), metres(True), metres("wide"), metres(-1)
    (2.5, 3.0, None, None, None)
    """
    try:
        number = float(plain(value).replace(",", "."))
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None
