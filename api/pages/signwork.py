"""How is the work on signs shown: as a page, as a spreadsheet and on paper?"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from api.texts import page_texts
from gis import codes
from gis.exports.csvfile import harmless
from maps import worklist

if TYPE_CHECKING:
    from gis.words import Language

STATE: Final = "sign_work_state"
BOM: Final = "\ufeff"
"""Spreadsheets read UTF-8 by this mark."""


def shown(work: pd.DataFrame, lang: Language) -> list[dict[str, Any]]:
    """Return one mapping a row, in the words of a language."""
    labels = {code.code: code.label(lang) for code in codes.load(STATE).rows}
    texts = page_texts(lang)
    spoken = work.assign(
        name=work["name"].fillna(texts["signwork.unnamed"]),
        district=work["district"].fillna(""),
        stands=work["stands"].replace("", texts["signwork.nothing"]),
        need=work[f"need_{lang}"],
        why=work[f"why_{lang}"],
        state_label=work["state"].map(labels),
    )
    return [{str(key): value for key, value in row.items()} for row in spoken.to_dict("records")]


def states(lang: Language) -> list[tuple[str, str]]:
    """Return every state with its name."""
    return [(code.code, code.label(lang)) for code in codes.load(STATE).rows]


def as_csv(work: pd.DataFrame, lang: Language) -> bytes:
    """Write the list for a spreadsheet."""
    texts = page_texts(lang)
    columns = (
        "name", "district", "lat", "lon", "segment_id", "stands", "need", "why", "state_label",
        "responsible", "note",
    )  # fmt: skip
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([texts[f"signwork.{column}"] for column in columns])
    table = pd.DataFrame(shown(work, lang), columns=[*columns])
    cells = [harmless(table[column]).astype(str) for column in columns]
    writer.writerows(zip(*cells, strict=True))
    return (BOM + out.getvalue()).encode()


def as_pdf(work: pd.DataFrame, lang: Language, *, title: str) -> bytes:
    """Write the list on paper."""
    rows = [
        {
            "place": f"{row['name']} {row['district']} ({row['lat']:.5f}, {row['lon']:.5f})",
            "stands": row["stands"],
            "need": row["need"],
            "why": row["why"],
            "left": " · ".join(filter(None, (row["state_label"], row["responsible"]))),
        }
        for row in shown(work, lang)
    ]
    out = io.BytesIO()
    made = datetime.now(UTC).date().isoformat()
    worklist.draw(rows, out, title=title, made=made, lang=lang)
    return out.getvalue()
