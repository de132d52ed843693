"""Why is it this class, in the words of a planner?

A reason is the sentence of the rule that decided, then one sentence for each clause of
``rules/reason_clauses.csv`` that fits: what agrees, what speaks against, what is missing. All
words stand in tables. Rows are the distinct combinations of facts, a few thousand at most in a
town, so a loop over them costs little.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gis import codes
from gis.classify.nvdb import gcm_label
from gis.classify.osm import tags_written
from gis.classify.table import all_matches, load_table
from gis.settings import data_dir
from gis.words import catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from gis.words import Language

LANGUAGES: Final[tuple[Language, ...]] = ("sv", "en")
# What a name says in brackets beside itself.
_ASIDE: Final = re.compile(r" \([^)]*\)")
_CLAUSES: Final = ("text_sv", "text_en")


def reasons(facts: pd.DataFrame, frame: pd.DataFrame) -> dict[str, list[str]]:
    """Write the reason of every row in both languages.

    Parameters
    ----------
    facts
        The facts, for signs, tags and markings as they were given.
    frame
        Signals and decision: the conditions of the clauses, ``rule_sv``, ``rule_en`` (templates),
        ``osm_sv``, ``osm_en`` and the columns that templates name; same rows.

    Returns
    -------
    texts
        ``reason_sv`` and ``reason_en``, one text a row.
    """
    table = load_table("reason_clauses", _CLAUSES, every=True)
    fitting = [np.flatnonzero(row) for row in all_matches(table, frame)]
    rows = _rows(facts, frame)
    texts = {}
    for lang in LANGUAGES:
        told = table.results[f"text_{lang}"].tolist()
        texts[f"reason_{lang}"] = [
            _write(row, [told[clause] for clause in clauses], lang)
            for row, clauses in zip(rows, fitting, strict=True)
        ]
    return texts


def _rows(facts: pd.DataFrame, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Lay out what the templates may name, one dictionary a row."""
    names = [
        "kind",
        "path_class",
        "gcm",
        "sign",
        "mark_class",
        "ban",
        "no_sign",
        "rule_sv",
        "rule_en",
    ]
    told = frame[[*names, "osm_sv", "osm_en"]].to_dict("records")
    rows = [{str(name): value for name, value in row.items()} for row in told]
    given = zip(
        rows,
        facts["sign"],
        facts["sign_end"],
        facts["markings"],
        facts["ltf_id"],
        facts["side_tag"],
        facts["side_value"],
        tags_written(facts),
        strict=True,
    )
    for row, sign, sign_end, marks, ltf, side, value, tags in given:
        row |= {"signs": sign, "signs_end": sign_end, "marks": marks, "ltf": ltf}
        row |= {"side": side, "side_value": value, "tags": tags}
    return rows


def _write(row: dict[str, Any], clauses: list[str], lang: Language) -> str:
    """Fill the sentences of one row."""
    values = _Values(row, lang)
    sentences = [row[f"rule_{lang}"], *clauses]
    return " ".join(sentence.format_map(values) for sentence in sentences)


class _Values(dict[str, str]):
    """What a template may name, worked out when it is asked for."""

    def __init__(self, row: dict[str, Any], lang: Language) -> None:
        super().__init__()
        self.row = row
        self.lang = lang

    def __missing__(self, name: str) -> str:
        """Say what the template asks for."""
        return _PLACEHOLDERS[name](self.row, self.lang)


def _name(path_class: str | None, lang: Language) -> str:
    """Write the name of a class as it stands within a sentence."""
    return _names(lang).get(path_class or "", _words(lang)["nothing"])


@cache
def _names(lang: Language) -> dict[str, str]:
    """Return the names of all classes as they stand within a sentence."""
    named = {
        code: _ASIDE.sub("", name) for code, name in codes.load("path_class").labels(lang).items()
    }
    return {code: name[:1].lower() + name[1:] for code, name in named.items()}


@cache
def _words(lang: Language) -> dict[str, str]:
    """Return the small words of reasons in one language."""
    sentences = catalogue(data_dir() / "text" / "reasons.csv")
    return {key: said[lang] for key, said in sentences.items()}


def _gcm(code: str | None, lang: Language) -> str:
    if code is None:
        return _words(lang)["nothing"]
    return gcm_label(code, lang) or _words(lang)["code_unknown"].format(code=code)


def _tags(row: dict[str, Any], lang: Language) -> str:
    """Write tags as a planner reads them out; the side of a street by what it is."""
    parts = list(row["tags"])
    if row["side"] in {"sidewalk", "cycleway"}:
        own = [part for part in parts if part.split("=")[0] in {"bicycle", "foot", "segregated"}]
        side = "lane" if row["kind"] == "lane" else row["side"]
        parts = [_words(lang)[f"side_{side}"].format(value=row["side_value"]), *own]
    return _listed(parts, lang)


def _no_sign(row: dict[str, Any], lang: Language) -> str:
    """Say what is known of the sign where none decides."""
    if row["signs"]:
        return _words(lang)["sign_other"].format(sign=_listed(row["signs"], lang))
    return _words(lang)["sign_absent" if row["no_sign"] else "sign_unknown"]


def _listed(parts: list[str], lang: Language) -> str:
    """Join parts: ``a``, ``a och b``, ``a, b och c``; nothing is said so.

    Examples
    --------
    >>> _listed(["a", "b", "c"], "sv")
    'a, b och c'
    """
    if not len(parts):
        return _words(lang)["nothing"]
    head, last = [str(part) for part in parts[:-1]], str(parts[-1])
    joined = f" {_words(lang)['and']} {last}"
    return ", ".join(head) + joined if head else last


_PLACEHOLDERS: Final[dict[str, Callable[[dict[str, Any], Language], str]]] = {
    "class": lambda row, lang: _name(row["path_class"], lang),
    "sign": lambda row, lang: _listed(row["signs"] or row["signs_end"], lang),
    "sign_end": lambda row, lang: _listed(row["signs_end"] or row["signs"], lang),
    "sign_class": lambda row, lang: _name(row["sign"], lang),
    "mark_class": lambda row, lang: _name(row["mark_class"], lang),
    "marks": lambda row, lang: _listed(row["marks"], lang),
    "ban": lambda row, _: row["ban"] or "",
    "ltf": lambda row, _: f" ({row['ltf']})" if isinstance(row["ltf"], str) else "",
    "gcm": lambda row, lang: _gcm(row["gcm"], lang),
    "tags": _tags,
    "nosign": _no_sign,
    "osm_reason": lambda row, lang: (row[f"osm_{lang}"] or "").format_map(_Values(row, lang)),
}
