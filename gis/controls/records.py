"""What was planned, and what was done?

Both live in the police store alone, as revisions. A plan and the control it led to have unrelated
random ids; the same plan performed again corrects the one control. A cancelled plan leaves its
history and nothing else.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import geopandas as gpd
import pandas as pd

from gis.controls.bodies import control_of, outcome_of, plan_of
from gis.errors import NotFoundError
from gis.store.base import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.store.base import Revision, Store

PLAN: Final = "plan"
CONTROL: Final = "control"
RETIRED: Final = "retire"
WGS84: Final = 4326
SEED_BITS: Final = 48  # exact in every JSON reader


def new_seed() -> int:
    """Draw a seed that nobody can foresee."""
    return secrets.randbits(SEED_BITS)


def add_plan(
    store: Store,
    body: Mapping[str, Any],
    *,
    author: str,
    now: datetime,
    place: Mapping[str, Any] | None = None,
) -> str:
    """Keep a plan and give its id; any time is taken, past too.

    `place` is what `gis.controls.place.place_of` says of the segment.

    Raises
    ------
    GisError
        If the body is no plan.
    """
    plan_id = uuid4().hex
    kept = plan_of(body) | {"place": dict(place or {}), "recorded_at": _utc(now)}
    store.append([Entry(entity=PLAN, entity_id=plan_id, body=kept, author=author)])
    return plan_id


def change_plan(
    store: Store,
    plan_id: str,
    changes: Mapping[str, Any],
    *,
    author: str,
    expected_version: int | None = None,
) -> int:
    """Keep a changed plan as a new version and give its number.

    Raises
    ------
    NotFoundError
        If there is no such plan.
    VersionConflictError
        If another version stands than `expected_version`.
    """
    stood = _standing(store, PLAN, plan_id)
    kept = stood.body | plan_of(stood.body | dict(changes))
    if "place" in changes:
        kept["place"] = dict(changes["place"])
    return _append(store, stood, kept, author=author, expected_version=expected_version)


def cancel_plan(
    store: Store, plan_id: str, *, author: str, expected_version: int | None = None
) -> None:
    """Take a plan away; the history keeps it."""
    stood = _standing(store, PLAN, plan_id)
    entry = Entry(
        entity=PLAN,
        entity_id=plan_id,
        op=RETIRED,
        body=stood.body,
        author=author,
        expected_version=expected_version,
    )
    store.append([entry])


def perform(
    store: Store, plan_id: str, body: Mapping[str, Any], *, author: str, now: datetime
) -> str:
    """Keep a planned control as performed and give the control's id.

    The same plan again corrects the same control.
    """
    outcome = outcome_of(body, now=now)
    with store.transaction():
        plan = _standing(store, PLAN, plan_id)
        kept = {
            **{name: plan.body[name] for name in ("kind", "segment_id", "reason", "place")},
            **outcome,
            "plan_id": plan_id,
            "afterwards": plan.body["recorded_at"] > outcome["started_at"],
        }
        earlier = _control_of_plan(store, plan_id)
        if earlier is not None:
            same = earlier.body | kept
            if same != earlier.body:
                _append(store, earlier, same, author=author)
            return earlier.entity_id
        return _keep_control(store, kept, author=author, now=now)


def add_control(
    store: Store,
    body: Mapping[str, Any],
    *,
    author: str,
    now: datetime,
    place: Mapping[str, Any] | None = None,
) -> str:
    """Keep a control that had no plan and give its id; it counts as recorded afterwards."""
    kept = control_of(body, now=now) | {
        "place": dict(place or {}),
        "plan_id": None,
        "afterwards": True,
    }
    return _keep_control(store, kept, author=author, now=now)


def change_control(
    store: Store,
    control_id: str,
    changes: Mapping[str, Any],
    *,
    author: str,
    now: datetime,
    expected_version: int | None = None,
) -> int:
    """Keep a corrected control as a new version and give its number."""
    stood = _standing(store, CONTROL, control_id)
    kept = stood.body | control_of(stood.body | dict(changes), now=now)
    return _append(store, stood, kept, author=author, expected_version=expected_version)


def plans(store: Store) -> list[dict[str, Any]]:
    """Read the plans that stand, in order of their start, each with ``performed``."""
    done = {one.body.get("plan_id") for one in store.state(CONTROL).values()}
    found = [
        _shown(one) | {"performed": one.entity_id in done}
        for one in store.state(PLAN).values()
        if one.op != RETIRED
    ]
    return sorted(found, key=lambda plan: (plan["starts_at"], plan["id"]))


def plan(store: Store, plan_id: str) -> dict[str, Any]:
    """Read one plan; NotFoundError when it was cancelled or never was."""
    return _shown(_standing(store, PLAN, plan_id))


def control(store: Store, control_id: str) -> dict[str, Any]:
    """Read one performed control; NotFoundError when there is none."""
    return _shown(_standing(store, CONTROL, control_id))


def controls(store: Store) -> list[dict[str, Any]]:
    """Read the performed controls, in order of their start; the shape `gis.promises` counts."""
    found = [_shown(one) for one in store.state(CONTROL).values() if one.op != RETIRED]
    flat = [one | one.get("place", {}) for one in found]
    return sorted(flat, key=lambda control: (control["started_at"], control["id"]))


def control_points(store: Store, crs: int) -> gpd.GeoDataFrame:
    """Read performed controls as points for the ranking's halo, with ``started_at``."""
    known = [one for one in controls(store) if "lon_e7" in one]
    table = pd.DataFrame(
        {
            "control_id": [one["id"] for one in known],
            "kind": [one["kind"] for one in known],
            "segment_id": [one["segment_id"] for one in known],
            "started_at": pd.to_datetime([one["started_at"] for one in known], utc=True),
        }
    )
    lon = [one["lon_e7"] / 1e7 for one in known]
    lat = [one["lat_e7"] / 1e7 for one in known]
    points = gpd.points_from_xy(lon, lat, crs=WGS84)
    return gpd.GeoDataFrame(table, geometry=points, crs=WGS84).to_crs(crs)


def _keep_control(store: Store, kept: dict[str, Any], *, author: str, now: datetime) -> str:
    """Append a new control."""
    control_id = uuid4().hex
    body = kept | {"recorded_at": _utc(now)}
    store.append([Entry(entity=CONTROL, entity_id=control_id, body=body, author=author)])
    return control_id


def _control_of_plan(store: Store, plan_id: str) -> Revision | None:
    """Find the control that a plan led to."""
    return next(
        (one for one in store.state(CONTROL).values() if one.body.get("plan_id") == plan_id), None
    )


def _append(
    store: Store,
    stood: Revision,
    body: dict[str, Any],
    *,
    author: str,
    expected_version: int | None = None,
) -> int:
    """Append a new version of what stood."""
    entry = Entry(
        entity=stood.entity,
        entity_id=stood.entity_id,
        op="change",
        body=body,
        author=author,
        expected_version=expected_version,
    )
    return store.append([entry])[0].version


def _standing(store: Store, entity: str, entity_id: str) -> Revision:
    """Read what stands; a cancelled thing is answered like one that never was."""
    stood = store.latest(entity, entity_id)
    if stood is None or stood.op == RETIRED:
        msg = f"there is no such {entity}."
        raise NotFoundError(msg)
    return stood


def _shown(revision: Revision) -> dict[str, Any]:
    """Lay a revision out with id, version and author."""
    return {
        **revision.body,
        "id": revision.entity_id,
        "version": revision.version,
        "author": revision.author,
    }


def _utc(at: datetime) -> str:
    """Write a moment as ISO text in UTC, as all kept times."""
    return at.astimezone(UTC).isoformat()
