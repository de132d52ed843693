"""What does the yearly report to the residents look like on paper?

Every figure comes counted; here they become pages of A4. Only what everybody may see is handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages

from gis import codes
from maps.report_flow import HEAD_PT, TITLE_PT, Column, Flow, Row
from maps.sheet import RC
from maps.sheet_text import plain
from maps.text import sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gis.words import Language

TEXTS: Final = Path(__file__).resolve().parent / "report.csv"
METRES_PER_KM: Final = 1000
INVENTORIED: Final = ("inspected", "decided")
PROMISE_MM: Final = {
    "label": 60.0, "unit": 36.0, "target": 18.0, "done": 18.0, "remaining": 20.0, "schedule": 18.0,
}  # fmt: skip
SERIES_MM: Final = {"year": 20.0, "value": 30.0, "answers": 26.0, "remark": 22.0}
YEARS: Final = 5
LABEL_MM, YEAR_MM = 90.0, 16.0
CLASS_MM: Final = {"class": 110.0, "stretches": 30.0, "length": 30.0}
QUESTION_MM: Final = {"question": 140.0, "count": 30.0}
WORDS: Final = ("label", "unit", "class", "question", "year", "remark")
"""Columns of words; the others are numbers and stand to the right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the report tells: place, year, day, and the figures as they were counted."""

    place: str
    year: int
    made: str
    lang: Language
    promises: Sequence[Mapping[str, Any]]
    figures: Mapping[str, Sequence[Mapping[str, Any]]]
    questions: Sequence[tuple[str, int]]
    sources: Sequence[str]
    follow: Mapping[str, Any] = field(default_factory=dict)


def draw(report: Report, output: Path) -> int:
    """Write the report.

    Parameters
    ----------
    report
        `promises` as ``gis.promises.answers`` gives them to the public, `figures` with the tables
        ``classes`` and ``status`` of ``gis.inventory.status``, `questions` as text and number,
        `follow` as ``gis.promises.follow_up`` gives it to the public.
    output
        The PDF.

    Returns
    -------
    pages
        How many there are.
    """
    say = sentences(report.lang, TEXTS)
    flow = Flow()
    for part in (_title, _promises, _follow, _inventory, _questions, _method):
        part(flow, report, say)
    title = plain(f"{say('title').format(year=report.year)}, {report.place}", most=120)
    with mpl.rc_context(RC), PdfPages(output, metadata={"Title": title}) as pdf:
        for figure in flow.drawn(title, say("page")):
            pdf.savefig(figure)
    return flow.pages


def number(value: float | None, lang: Language) -> str:
    """Write a figure as people of a language do; a dash where there is none.

    Examples
    --------
    >>> number(None, "sv"), number(12.5, "sv"), number(10, "en"), number(1234567, "en")
    ('–', '12,5', '10', '1234567')
    """
    if value is None:
        return "–"
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", ",") if lang == "sv" else text


def km(metres: float, lang: Language) -> str:
    """Write a length in kilometres with one decimal.

    Examples
    --------
    >>> km(1956.5, "sv"), km(40, "en")
    ('2,0', '0.0')
    """
    text = f"{metres / METRES_PER_KM:.1f}"
    return text.replace(".", ",") if lang == "sv" else text


def _title(flow: Flow, report: Report, say: Callable[[str], str]) -> None:
    """Fill the first page."""
    flow.space(60)
    flow.text(say("title").format(year=report.year), TITLE_PT, bold=True)
    flow.text(report.place, HEAD_PT)
    flow.space(8)
    flow.text(say("subtitle"), HEAD_PT)
    flow.space(8)
    aimed = [row for row in report.promises if row["target"] is not None]
    met = sum(row["remaining"] == 0 for row in aimed)
    flow.text(say("summary").format(met=met, all=len(aimed)))
    flow.text(say("view"))
    flow.space(8)
    flow.text(say("made").format(made=report.made))
    flow.turn()


def _promises(flow: Flow, report: Report, say: Callable[[str], str]) -> None:
    """Show each promise with what is done, what is left, and what does not count."""
    flow.heading(say("promises"))
    rows = [
        Row(
            (
                row["label"],
                row["unit"],
                *(number(row[name], report.lang) for name in ("target", "done", "remaining")),
                say({True: "yes", False: "no", None: "unknown"}[row["on_schedule"]]),
            ),
            notes=(
                *row["evidence"]["notes"],
                *(say("left").format(**left) for left in row["not_counted"]),
            ),
        )
        for row in report.promises
    ]
    flow.table(_columns(PROMISE_MM, say), rows)


def _follow(flow: Flow, report: Report, say: Callable[[str], str]) -> None:
    """Set survey and reported crime beside the measures of the same years, where there are any."""
    if not report.follow.get("series"):
        return
    flow.turn()
    flow.heading(say("follow"))
    flow.text(say("follow.no_cause"))
    for series in report.follow["series"]:
        flow.space(3)
        flow.chart({one["year"]: one["value"] for one in series["points"]})
        told = (series["label"], series["unit"] or say("follow.reports"), series["area"])
        flow.text(" · ".join(part for part in told if part), bold=True)
        flow.table(_columns(SERIES_MM, say), [_point(one, report, say) for one in series["points"]])
    years = list(report.follow["years"])[-YEARS:]
    flow.heading(say("follow.measures"))
    columns = [
        Column(say("label"), LABEL_MM),
        *(Column(str(one), YEAR_MM, right=True) for one in years),
    ]
    rows = [
        Row((row["label"], *(number(row["done"].get(one), report.lang) for one in years)))
        for row in report.follow["measures"]
    ]
    flow.table(columns, rows)


def _point(point: Mapping[str, Any], report: Report, say: Callable[[str], str]) -> Row:
    """Show one year of a series."""
    value = say("follow.hidden") if point["hidden"] else number(point["value"], report.lang)
    remark = say("follow.preliminary") if point["preliminary"] else ""
    return Row((str(point["year"]), value, number(point["n"], report.lang), remark))


def _inventory(flow: Flow, report: Report, say: Callable[[str], str]) -> None:
    """Show how far the inventory has come and how long each class is."""
    flow.turn()
    flow.heading(say("inventory"))
    states, classes = report.figures["status"], report.figures["classes"]
    done = sum(one["length_m"] for one in states if one["status"] in INVENTORIED)
    total = sum(one["length_m"] for one in classes)
    lead = say("inventory.lead")
    lang = report.lang
    flow.text(lead.format(made=report.made, km=km(total, lang), done=km(done, lang)))
    names = codes.load("path_class")
    rows = [
        Row((names[one["path_class"]].label(lang), str(one["count"]), km(one["length_m"], lang)))
        for one in classes
    ]
    rows.append(Row((say("sum"), str(sum(one["count"] for one in classes)), km(total, lang))))
    flow.table(_columns(CLASS_MM, say), rows)


def _questions(flow: Flow, report: Report, say: Callable[[str], str]) -> None:
    """Show what somebody has to answer."""
    flow.heading(say("questions"))
    if not report.questions:
        flow.text(say("questions.none"))
        return
    flow.text(say("questions.lead"))
    rows = [Row((question, str(n))) for question, n in report.questions]
    flow.table(_columns(QUESTION_MM, say), rows)


def _method(flow: Flow, report: Report, say: Callable[[str], str]) -> None:
    """Tell how it was counted and from what."""
    flow.heading(say("method"))
    for key in ("method.classes", "method.counting", "method.missing"):
        flow.text(say(key))
    flow.text(say("sources"), bold=True)
    for source in report.sources:
        flow.text(source)


def _columns(widths: Mapping[str, float], say: Callable[[str], str]) -> list[Column]:
    """Head the columns of a table."""
    return [Column(say(name), mm, right=name not in WORDS) for name, mm in widths.items()]
