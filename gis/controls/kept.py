"""Which ranking stands, and is a place among its best?

Each kind of control has one kept ranking, written anew only when seed or input changed, so that
looking again leaves no trace and every version can be repeated and answered for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gis.store.base import Entry

if TYPE_CHECKING:
    from datetime import datetime

    from gis.controls.ranking import Ranking, Task
    from gis.store.base import Store

RANKING: Final = "ranking"
TOP_SHARE: Final = 0.75
BEST: Final = "best_quarter"


def keep_ranking(
    store: Store, ranking: Ranking, task: Task, *, author: str, now: datetime
) -> dict[str, Any]:
    """Keep a ranking with seed and input hash, unless the same one stands; return what stands."""
    stood = standing(store, task.kind)
    drawn = (ranking.seed, ranking.input_hash)
    if stood is not None and (stood["seed"], stood["input_hash"]) == drawn:
        return stood
    best = {BEST: best_quarter(ranking)}
    asked = {"kind": task.kind, "n": task.n, "drawn_at": now.isoformat()}
    body = ranking.to_dict() | best | asked
    store.append([Entry(entity=RANKING, entity_id=task.kind, body=body, author=author)])
    return body


def standing(store: Store, kind: str) -> dict[str, Any] | None:
    """Return the newest ranking of a kind; None when none was drawn."""
    stood = store.latest(RANKING, kind)
    return None if stood is None else stood.body


def best_quarter(ranking: Ranking) -> list[str]:
    """Return the segments whose best place is in the best quarter of all that may be chosen."""
    clear = ranking.places[ranking.places["obstacle"].eq("")]
    if clear.empty:
        return []
    limit = float(np.quantile(clear["score"].to_numpy(float), TOP_SHARE))
    return sorted(set(clear.loc[clear["score"].ge(limit), "segment_id"]))
