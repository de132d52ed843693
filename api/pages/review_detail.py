"""What does a planner need to see to settle one segment?

Everything that `explain` tells, and beside it: the findings with what people answered to them,
each person's standing answer, and the candidates with what speaks for each. Read in one go with
the tag of the segment, so that a decision rests on what was shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
import pandas as pd

from api.ogc import pages, tags
from api.ogc.wire import CRS84
from api.pages.review_shape import shapings
from api.work import photos as work
from gis import codes, explain, signs
from gis.inventory.said import with_classes
from gis.marks.standing import operations, standing, standing_decision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.areas import Area
    from gis.store import Revision, Store

SEGMENTS: Final = "segments"
FORGOTTEN: Final = "borttagen"
PHOTO: Final = "photo_sha256"
PICTURED: Final = ("mark", "visit", "photo", "split")
UNKNOWN: Final = "okand"
ASKING: Final = 2


def detail(store: Store, area: Area, segment_id: str, author: str) -> dict[str, Any]:
    """Gather what the panel of the review shows of a segment.

    Parameters
    ----------
    store
        The public store.
    area
        Its country says whose signs a mark names.
    segment_id
        An id of the segments layer; 404 when there is none.
    author
        Opaque id of the planner.

    Returns
    -------
    detail
        The answer of ``gis.explain`` with ``findings`` (id, tag, and who accepted it why),
        ``answers``, ``photos``, ``candidates``, ``classes`` (what may be decided), ``decided``
        (whether a decision stands), ``shapings`` (what was done to its line) and ``etag``.
    """
    feature = pages.one(store, SEGMENTS, segment_id)
    told = explain.explain(store, segment_id)
    evidence = [_pictured(one, area) for one in told["evidence"]]
    said = answers(store, area, segment_id)
    findings = _findings(store, segment_id)
    decision = standing_decision(store.revisions("decision", segment_id))
    return {
        **told,
        "evidence": evidence,
        "photos": photos(store, segment_id),
        "etag": tags.tag(tags.state(feature), CRS84),
        "decided": decision is not None,
        "findings": findings,
        "answers": said,
        "candidates": candidates(told["segment"], told["evidence"], said, findings),
        "classes": list(_assignable()),
        "shapings": shapings(store, segment_id, author, told["evidence"]),
    }


def photos(store: Store, segment_id: str) -> list[dict[str, Any]]:
    """List the photos that people took at a segment and nobody took back, newest first.

    Returns
    -------
    photos
        ``sha256``, ``author`` (a name), ``at`` and ``state``: kept, blurred, dropped, or null
        for one that the phone has still to send; each photo once.
    """
    names = store.names()
    marks = [one for one in operations(store, segment_id, PICTURED) if one.body.get(PHOTO)]
    taken = {str(mark.body[PHOTO]): mark for mark in marks}
    return [
        {
            "sha256": sha256,
            "author": names.get(mark.author, FORGOTTEN),
            "at": mark.body.get("observed_at") or mark.at.isoformat(),
            "state": None if (last := store.latest(work.ENTITY, sha256)) is None else last.op,
        }
        for sha256, mark in reversed(taken.items())
    ]


def _pictured(said: dict[str, Any], area: Area) -> dict[str, Any]:
    """Add to a sign what its picture is and what it is called, where the country's list has it."""
    if said["type"] != "sign":
        return said
    named = signs.parse(said.get("raw"), area.country)
    known = next((one.meaning for one in named if one.meaning), None)
    if known is None:
        return said
    return {
        **said,
        "pictogram": known.pictogram,
        "label_sv": known.label_sv,
        "label_en": known.label_en,
    }


def answers(store: Store, area: Area, segment_id: str) -> list[dict[str, Any]]:
    """List what each person saw last at a segment, oldest first; what was taken back is left out.

    Returns
    -------
    answers
        ``author`` (a name), ``at`` (when it was seen), ``result``, ``fields`` as sent and
        ``path_class``, the class that follows from them or null.
    """
    last: dict[str, Revision] = {}
    for mark in standing(store, segment_id):
        if mark.entity == "observation":
            last.pop(mark.author, None)
            last[mark.author] = mark
    marks = list(last.values())
    named = with_classes(_fields(marks), area.country)["fields"].tolist()
    names = store.names()
    return [
        {
            "author": names.get(mark.author, FORGOTTEN),
            "at": mark.body.get("observed_at") or mark.at.isoformat(),
            "result": mark.body["result"],
            "fields": mark.body.get("fields") or {},
            "path_class": fields.get("path_class"),
        }
        for mark, fields in zip(marks, named, strict=True)
    ]


def candidates(
    segment: dict[str, Any],
    evidence: Iterable[dict[str, Any]],
    said: Iterable[dict[str, Any]],
    findings: Iterable[dict[str, Any]],
) -> list[dict[str, Any]]:
    """List the classes that come into question, the standing one first, with what speaks for each.

    Returns
    -------
    candidates
        ``path_class`` and ``speaks``: a list of ``type`` (reason, answer, sign, finding) with
        what a person can read of it.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    reasons = {key: segment[key] for key in ("reason_sv", "reason_en", "basis", "confidence")}
    _speak(found, segment["path_class"], {"type": "reason", **reasons})
    for answer in said:
        _speak(found, answer["path_class"], {"type": "answer", **answer})
    for sign in evidence:
        if sign["type"] == "sign":
            _speak(found, sign.get("path_class"), {"type": "sign", "raw": sign.get("raw")})
    if segment["runner_up"]:
        found.setdefault(segment["runner_up"], [])
    for finding in findings:
        for code in sorted(_named(finding) - {segment["path_class"]}):
            _speak(found, code, {"type": "finding", **finding})
    wanted = set(_assignable()) - {UNKNOWN}
    return [
        {"path_class": code, "speaks": speaks} for code, speaks in found.items() if code in wanted
    ]


def _speak(found: dict[str, list[dict[str, Any]]], code: str | None, what: dict[str, Any]) -> None:
    """Put down one thing that speaks for a class; nothing where it names none."""
    if code:
        found.setdefault(code, []).append(what)


def _named(finding: dict[str, Any]) -> set[str]:
    """Tell which classes the evidence of an open question names."""
    if finding["state"] != "open" or finding["severity"] < ASKING:
        return set()
    return {str(value) for value in finding["evidence"].values() if value in _assignable()}


def _findings(store: Store, segment_id: str) -> list[dict[str, Any]]:
    """Read the findings of a segment, the weightiest first, each with its tag and answer."""
    rows = store.layer("findings", where={"segment_id": [segment_id]})
    rows = rows.sort_values(["severity", "check_id"], ascending=[False, True])
    wanted = ["finding_id", "check_id", "severity", "state", "message_sv", "message_en"]
    names = store.names()
    return [
        {
            **{str(key): value for key, value in row.items()},
            "evidence": orjson.loads(evidence),
            "etag": _tag(store, row["finding_id"]),
            "accepted": _accepted(store.latest("answer", row["finding_id"]), names),
        }
        for row, evidence in zip(rows[wanted].to_dict("records"), rows["evidence"], strict=True)
    ]


def _tag(store: Store, finding_id: str) -> str:
    """Return the strong tag of a finding."""
    return tags.tag(tags.state(pages.one(store, "findings", finding_id)), CRS84)


def _accepted(answer: Revision | None, names: dict[str, str]) -> dict[str, Any] | None:
    """Say who accepted a finding, when and why; null where nobody did."""
    if answer is None:
        return None
    author = names.get(answer.author, FORGOTTEN)
    return {"author": author, "at": answer.at.isoformat(), "reason": answer.body.get("reason")}


def _fields(marks: Iterable[Revision]) -> pd.DataFrame:
    """Lay the fields of marks out as the domain reads them."""
    return pd.DataFrame({"fields": [mark.body.get("fields") or {} for mark in marks]}, dtype=object)


def _assignable() -> tuple[str, ...]:
    """Return the classes that a person may decide, in the order of the list."""
    return codes.load("path_class").assignable
