"""Which promises did this municipality sign?

The shipped table is the one of Karlskrona. A municipality hands in its own file; it is kept as a
revision with the day from which it holds, so that old years keep the rows they were counted under.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from gis.errors import RuleError
from gis.promises.table import PromiseRow, load
from gis.store.base import Entry

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from gis.store.base import Store

TABLE: Final = "promise_table"


def keep_table(store: Store, file: Path, first: date, *, author: str) -> int:
    """Keep a promise table that holds from a day on; return how many rows it has.

    Raises
    ------
    RuleError
        If the file is no promise table, or an empty one.
    """
    rows = load(file)
    if not rows:
        msg = f"{file.name}: there is no promise in it; write one row a promise."
        raise RuleError(msg)
    body = {"from": first.isoformat(), "file": file.name, "rows": [asdict(row) for row in rows]}
    entry = Entry(entity=TABLE, entity_id=first.isoformat(), body=body, author=author)
    store.append([entry])
    return len(rows)


def in_force(store: Store, year: int) -> list[PromiseRow]:
    """Return the rows under which a year is counted: the newest table that held by its end."""
    held = {day: one for day, one in store.state(TABLE).items() if int(day[:4]) <= year}
    if not held:
        return load()
    return [PromiseRow(**row) for row in held[max(held)].body["rows"]]
