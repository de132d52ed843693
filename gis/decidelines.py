"""How is a stream of JSON lines decided, each line answered in its place?"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

import orjson

from gis.decide import decide_objects

if TYPE_CHECKING:
    from collections.abc import Iterable

BATCH: Final = 5_000
NOT_JSON: Final = "line {number}: this is no JSON object; write one object a line"


def decide_lines(lines: BinaryIO | Iterable[bytes], out: BinaryIO, country: str) -> int:
    """Answer each line with one line, in order, a batch at a time.

    Parameters
    ----------
    lines
        JSON objects, one a line (UTF-8).
    out
        Where the answers go.
    country
        Whose signs and law apply.

    Returns
    -------
    faults
        How many lines were no JSON object; they are answered with ``id`` null and ``error``.
    """
    numbered = enumerate(lines, start=1)
    faults = 0
    while batch := list(islice(numbered, BATCH)):
        parsed = [_parse(line) for _, line in batch]
        for (number, _), answer in zip(batch, decide_objects(parsed, country), strict=True):
            if answer.get("error"):
                faults += 1
                answer["error"] = NOT_JSON.format(number=number)
            out.write(orjson.dumps(answer) + b"\n")
    out.flush()
    return faults


def _parse(line: bytes) -> object:
    """Read one line; null where it is no JSON."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
