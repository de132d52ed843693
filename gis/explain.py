"""Why does a segment have its class, and what happened to it?

Everything a person may ask of one segment: evidence by source, rule, law, who may be there,
open questions, history. Nothing is computed anew; what is shown is what the layers rest on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
import pandas as pd

from gis import areas, codes
from gis.classify import use_of
from gis.errors import NotFoundError
from gis.marks.since import changed_since
from gis.sources.basis import Change, in_words
from gis.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.store import Revision, Store
    from gis.words import Language

HIDDEN: Final = (
    "geometry", "segment_id", "sign_id", "from_node", "to_node", "part", "length_m", "other_tags",
    "first_seen",
    "basis_hash", "raw_end", "carried", "bare_end", "run_class", "run_far",
)  # fmt: skip
PRIVATE: Final = ("author", "note", "reason", "photo_sha256", "fix", "device")


def explain(store: Store, segment_id: str, *, public: bool = False) -> dict[str, Any]:
    """Return everything that speaks for and against a segment's class.

    Parameters
    ----------
    store
        The public store.
    segment_id
        An id of the segments layer.
    public
        Leave out authors, notes and photos.

    Returns
    -------
    answer
        ``segment`` (the public columns), ``path_class`` (names and definition), ``use`` (who may
        be there, by group), ``evidence``, ``changes`` (what the sources say otherwise since the
        standing decision: ``key``, ``before``, ``now``), ``findings`` and ``history``.

    Raises
    ------
    NotFoundError
        If the inventory has no such segment.
    """
    segment = _segment(store, segment_id)
    area = areas.from_json(store.area_json())
    known = codes.load("path_class")[segment["path_class"]]
    return {
        "segment": segment,
        "path_class": {
            "code": known.code,
            "label_sv": known.label_sv,
            "label_en": known.label_en,
            "plain_sv": known.more.get("plain_sv", ""),
            "plain_en": known.more.get("plain_en", ""),
            "legal_definition": known.definition if area.law_entered else None,
            "source": known.source,
            "verified": known.verified,
        },
        "law_entered": area.law_entered,
        "use": use_of(segment["path_class"], area.country),
        "evidence": list(_evidence(store, segment_id, public=public)),
        "changes": changed_since(store, segment_id),
        "findings": _findings(store, segment_id),
        "history": history(store, segment_id, public=public),
    }


def history(store: Store, segment_id: str, *, public: bool = False) -> list[dict[str, Any]]:
    """Return what people did at a segment, oldest first.

    Parameters
    ----------
    store
        The public store.
    segment_id
        An id of the segments layer.
    public
        Leave out authors, notes and photos.

    Returns
    -------
    entries
        ``at``, ``what`` (mark, visit, split, undo, decide), ``version``, ``fields`` or
        ``path_class``, and unless public ``author`` (the name, or "borttagen") and ``reason``.
    """
    revisions = [
        *store.revisions("observation", segment_id),
        *store.revisions("decision", segment_id),
    ]
    names = {} if public else store.names()
    ordered = sorted(revisions, key=lambda revision: revision.seq)
    return [_entry(revision, names, public=public) for revision in ordered]


def _entry(revision: Revision, names: dict[str, str], *, public: bool) -> dict[str, Any]:
    """Lay one revision out for a reader."""
    body = revision.body
    fields = {k: v for k, v in (body.get("fields") or {}).items() if not (public and k in PRIVATE)}
    entry: dict[str, Any] = {
        "at": revision.at.isoformat(),
        "what": revision.op,
        "version": body.get("segment_version"),
        "result": body.get("result", "applied"),
        "fields": fields or {"path_class": body.get("path_class")},
    }
    if not public:
        entry["author"] = names.get(revision.author, "borttagen")
        entry["reason"] = body.get("reason") if revision.entity == "decision" else None
    return entry


def _segment(store: Store, segment_id: str) -> dict[str, Any]:
    """Return the public columns of a segment."""
    rendered = store.feature("segments", segment_id)
    if rendered is None:
        msg = "The inventory has no such segment; take an id from the segments layer."
        raise NotFoundError(msg)
    properties: dict[str, Any] = orjson.loads(rendered)["properties"]
    return {"segment_id": segment_id, **properties}


def _evidence(store: Store, segment_id: str, *, public: bool) -> Iterator[dict[str, Any]]:
    """Yield what each source says, the strongest first: people, signs, data."""
    for entry in reversed(history(store, segment_id, public=public)):
        yield {"type": "decision" if entry["what"] == "decide" else "observation", **entry}
    for row in _rows(store.layer("signs", where={"segment_id": [segment_id]})):
        yield {"type": "sign", **row}
    for row in _rows(store.layer("network", ids=[segment_id])):
        source_id = row.pop("source_id", None)
        edited_at = row.pop("edited_at", None)
        says = {**row.pop("said", {}), **row}
        yield {"type": "data", "source_id": source_id, "edited_at": edited_at, "says": says}


def _rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield rows without what is empty or internal."""
    for row in frame.to_dict("records"):
        yield {
            str(key): value.isoformat() if isinstance(value, pd.Timestamp) else value
            for key, value in row.items()
            if key not in HIDDEN and not _empty(value)
        }


def _empty(value: str | float | list[object] | None) -> bool:
    """Tell null, no, nothing and an empty list."""
    if isinstance(value, list):
        return not value
    return bool(pd.isna(value)) or value is False or value in ("", "none")


def _findings(store: Store, segment_id: str) -> list[dict[str, Any]]:
    """Return the findings of a segment, the weightiest first."""
    found = store.layer("findings", where={"segment_id": [segment_id]})
    ordered = found.sort_values(["severity", "check_id"], ascending=[False, True])
    wanted = ["check_id", "severity", "state", "message_sv", "message_en", "evidence"]
    return [{str(k): v for k, v in row.items()} for row in ordered[wanted].to_dict("records")]


def sentences(answer: dict[str, Any], lang: Language) -> Iterator[str]:
    """Yield an explanation as lines for a person."""
    segment = answer["segment"]
    yield f"{segment['segment_id']}  {segment.get('name') or ''}".rstrip()
    yield _line("class", lang, answer["path_class"][f"label_{lang}"])
    for column in ("reason", "basis", "rule", "confidence", "runner_up", "status"):
        yield from _column(segment, column, lang)
    yield from _use(answer, lang)
    yield say("cli", "explain.evidence", lang) + ":"
    yield from (f"  {_evidence_line(item)}" for item in answer["evidence"])
    yield from _changes(answer, lang)
    yield say("cli", "explain.findings", lang) + ":"
    for finding in answer["findings"]:
        yield f"  [{finding['check_id']} {finding['severity']}] {finding[f'message_{lang}']}"


def _use(answer: dict[str, Any], lang: Language) -> Iterator[str]:
    """Yield who may be there; one line where the country's law is not entered."""
    if not answer["law_entered"]:
        yield _line("use", lang, answer["use"]["foot"][f"text_{lang}"])
        return
    for group, use in answer["use"].items():
        who = say("cli", f"explain.{group}", lang)
        law = f" ({use['paragraph']}, {use['verified']})" if use["paragraph"] else ""
        yield f"  {who}: {use[f'text_{lang}']}{law}"


def _changes(answer: dict[str, Any], lang: Language) -> Iterator[str]:
    """Yield what has changed since the decision as one line; nothing where nothing has."""
    if answer["changes"]:
        found = [Change(**one) for one in answer["changes"]]
        yield _line("changes", lang, in_words(found, lang))


def _column(segment: dict[str, Any], column: str, lang: Language) -> Iterator[str]:
    """Yield one column as a line, its code as a word; nothing where it is empty."""
    value = segment.get(f"{column}_{lang}") if column == "reason" else segment.get(column)
    if not value:
        return
    lists = {"runner_up": "path_class", "basis": "basis", "confidence": "confidence"}
    listed = lists.get(column, column if column == "status" else None)
    shown = codes.load(listed).label(value, lang) if listed else str(value)
    yield _line(column.replace("_", ""), lang, shown)


def _line(key: str, lang: Language, value: str) -> str:
    return f"{say('cli', f'explain.{key}', lang)}: {value}"


def _evidence_line(item: dict[str, Any]) -> str:
    """Write one piece of evidence as key=value text."""
    says = item.get("says") or {k: v for k, v in item.items() if k != "type"}
    words = ", ".join(f"{key}={value}" for key, value in says.items())
    return f"{item['type']} {item.get('source_id') or ''} {words}".replace("  ", " ")
