"""What do the police plan and perform, and who looked?

Everything here lives in the police store: plans, controls, idempotency keys and the log of who read
what. The public store is only read, but for the figures that may be known after their delay.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
from icalendar import Calendar, Event

from api.ogc import tags
from gis import controls, promises
from gis.controls import access, records
from gis.controls.candidates import live_segments
from gis.controls.criteria import filters
from gis.controls.place import place_of
from gis.controls.score import obstacles
from gis.errors import GisError
from gis.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.auth.identity import Identity
    from gis.areas import Area
    from gis.store import Store
    from gis.words import Language

READS_SETTING: Final = "police_log_days"
PLAN_VIEW: Final = "plan"
CONTROL_VIEW: Final = "control"
HIDDEN: Final = ("author", "place", "plan_id")
LAYERS: Final = ("segments", "streets", "crossings", "places")


class Desk(NamedTuple):
    """Both stores, the area, who asks and in which language."""

    public: Store
    police: Store
    area: Area
    who: Identity
    lang: Language


class Shown(NamedTuple):
    """A plan or control as officers see it, and its strong tag."""

    content: dict[str, Any]
    tag: str


def add_plan(desk: Desk, told: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a plan at any live segment and any time; what speaks against it is a warning."""
    place = _place(desk, told)
    plan_id = records.add_plan(
        desk.police, told, author=desk.who.author, now=datetime.now(UTC), place=place
    )
    return {**plan(desk, plan_id).content, "warnings": _warnings(desk, told)}


def plan(desk: Desk, plan_id: str) -> Shown:
    """Read one plan."""
    return _shown(desk, records.plan(desk.police, plan_id), PLAN_VIEW)


def place(desk: Desk, plan_id: str) -> dict[str, Any]:
    """Read what is remembered of the place of a plan."""
    kept: dict[str, Any] = records.plan(desk.police, plan_id)["place"]
    return kept


def plans(desk: Desk) -> list[dict[str, Any]]:
    """List the plans that stand, by their start."""
    return [_shown(desk, one, PLAN_VIEW).content for one in records.plans(desk.police)]


def change_plan(
    desk: Desk, plan_id: str, changes: Mapping[str, Any], if_match: str | None
) -> Shown:
    """Keep a changed plan as a new version, made on the one that stands."""
    with desk.police.transaction():
        stood = records.plan(desk.police, plan_id)
        _demand(stood, changes, if_match)
        to = {**stood, **changes}
        moved = {"place": _place(desk, to)} if {"segment_id", "kind"} & changes.keys() else {}
        records.change_plan(desk.police, plan_id, {**changes, **moved}, author=desk.who.author)
        return plan(desk, plan_id)


def cancel_plan(desk: Desk, plan_id: str, if_match: str | None) -> None:
    """Take a plan away; the history keeps it."""
    with desk.police.transaction():
        _demand(records.plan(desk.police, plan_id), {}, if_match)
        records.cancel_plan(desk.police, plan_id, author=desk.who.author)


def perform(desk: Desk, plan_id: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a planned control as performed; the same plan again corrects the same control."""
    control_id = records.perform(
        desk.police, plan_id, told, author=desk.who.author, now=datetime.now(UTC)
    )
    return control(desk, control_id).content


def add_control(desk: Desk, told: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a control that had no plan."""
    control_id = records.add_control(
        desk.police,
        told,
        author=desk.who.author,
        now=datetime.now(UTC),
        place=_place(desk, told),
    )
    return control(desk, control_id).content


def control(desk: Desk, control_id: str) -> Shown:
    """Read one performed control."""
    return _shown(desk, records.control(desk.police, control_id), CONTROL_VIEW)


def performed(desk: Desk) -> list[dict[str, Any]]:
    """List the performed controls, by their start."""
    found = records.controls(desk.police)
    return [control(desk, one["id"]).content for one in found]


def change_control(
    desk: Desk, control_id: str, changes: Mapping[str, Any], if_match: str | None
) -> Shown:
    """Keep a corrected control as a new version, made on the one that stands."""
    with desk.police.transaction():
        _demand(records.control(desk.police, control_id), changes, if_match)
        records.change_control(
            desk.police, control_id, changes, author=desk.who.author, now=datetime.now(UTC)
        )
        return control(desk, control_id)


def calendar(desk: Desk, plan_id: str) -> bytes:
    """Write a plan as a calendar file."""
    told = plan(desk, plan_id).content
    event = Event()
    event.add("uid", f"{plan_id}@gcvag")
    event.add("dtstamp", datetime.now(UTC))
    event.add("dtstart", datetime.fromisoformat(told["starts_at"]))
    event.add("dtend", datetime.fromisoformat(told["ends_at"]))
    event.add("summary", say("controls", f"calendar.{told['kind']}", desk.lang))
    event.add("description", told["note"] or "")
    found = Calendar()
    found.add("prodid", "-//gcvag//")
    found.add("version", "2.0")
    found.add_component(event)
    written: bytes = found.to_ical()
    return written


def note_read(desk: Desk, route: str) -> None:
    """Remember who read what; kept for as many days as the area says."""
    access.note_read(desk.police, desk.who.author, route)


def reads(desk: Desk) -> list[dict[str, Any]]:
    """List who read what, oldest first."""
    return access.reads(desk.police, desk.public.names())


def publish(desk: Desk) -> None:
    """Write what the public may know by now."""
    promises.publish_due(desk.police, desk.public, desk.area, datetime.now(UTC))


def keep_up(public: Store, police: Store, area: Area, now: datetime) -> None:
    """Publish what may be known by now, and drop the log of reads that is over its time."""
    promises.publish_due(police, public, area, now)
    access.drop_old_reads(police, now, timedelta(days=area.settings[READS_SETTING]))


def _place(desk: Desk, told: Mapping[str, Any]) -> dict[str, Any]:
    """Describe the place, or say that no live segment has this id."""
    ids = [str(told.get("segment_id"))]
    layers = {
        "segments": desk.public.layer("segments", ids=ids),
        "places": desk.public.layer("places"),
    }
    best = controls.best_quarter(desk.public, desk.police, str(told["kind"]), desk.who.author)
    place = place_of(ids[0], layers, station=desk.area.police_station, best=best)
    if place is None:
        msg = "segment_id names no live segment; take an id from the segments layer."
        raise GisError(msg)
    return place


def _warnings(desk: Desk, told: Mapping[str, Any]) -> list[str]:
    """Say why the ranking would not propose this place."""
    layers = {name: desk.public.layer(name) for name in LAYERS}
    here = layers["segments"]["segment_id"].eq(told["segment_id"])
    live = live_segments({**layers, "segments": layers["segments"][here]})
    why = obstacles(live, filters(str(told["kind"])))
    return [say("controls", f"why.{one}", desk.lang) for one in why if one]


def _shown(desk: Desk, told: Mapping[str, Any], view: str) -> Shown:
    """Lay a plan or a control out without what only the store needs."""
    names = desk.public.names()
    tag = tags.tag(_state(told), view)
    shown = {name: value for name, value in told.items() if name not in HIDDEN}
    return Shown({**shown, "author": names.get(told["author"], access.FORGOTTEN), "etag": tag}, tag)


def _state(told: Mapping[str, Any]) -> str:
    """Say which state this is: version and digest of what is kept; ``performed`` is told."""
    kept = {name: value for name, value in told.items() if name != "performed"}
    return f"{told['version']}-{tags.short(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS))}"


def _demand(stood: Mapping[str, Any], changes: Mapping[str, Any], if_match: str | None) -> None:
    """Refuse a change that was not made on what stands."""
    fields = [name for name in changes if stood.get(name) != changes[name]]
    differences = [{"field": name, "current": stood.get(name)} for name in fields]
    told = {"version": stood["version"], "differences": differences}
    tags.demand_match(if_match, _state(stood), told)
