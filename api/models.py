"""Which shapes do bodies have?

Nothing is coerced: numbers are JSON numbers, text is text, unknown members are refused. Whether
a value stands in its code list is asked of the domain.
"""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Text = Annotated[str, Field(max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Body(BaseModel):
    """A JSON object with these members and no others."""

    model_config = ConfigDict(strict=True, extra="forbid")


def _day(value: object) -> date:
    """Read a local date written as YYYY-MM-DD."""
    if not isinstance(value, str) or len(value) != len("2026-05-12"):
        msg = "a date is text such as 2026-05-12"
        raise ValueError(msg)
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_day)]
Organisers = Annotated[
    list[Annotated[str, Field(pattern=r"^[a-zåäö_]{1,40}$")]], Field(min_length=1, max_length=20)
]
Audience = Literal["drivers", "cyclists", "walkers"]
Group = Literal["publican", "guard", "door_host"]


class SegmentProperties(Body):
    """What a planner settles of a segment."""

    path_class: Name
    reason: Text | None = None


class SegmentPatch(Body):
    """A merge patch of a segment."""

    type: Literal["Feature"] = "Feature"
    properties: SegmentProperties


class SyncIn(Body):
    """What a phone sends when it has a network again; operations are judged one by one."""

    device: Name
    operations: Annotated[list[Any], Field(min_length=1, max_length=1000)]


class SyncResult(Body):
    """What became of one operation."""

    op_id: str | None
    result: Literal["applied", "duplicate", "conflict", "invalid"]
    reason: str


class SyncOut(Body):
    """What became of each operation, in the order sent."""

    operations: list[SyncResult]


class MeasureFields(Body):
    """What is told of a measure, by its kind."""

    title: Name | None = None
    audience: Annotated[list[Audience], Field(max_length=3)] | None = None
    premises: Annotated[int, Field(ge=0, le=10_000)] | None = None
    officer_hours: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)] | None = None
    association: Name | None = None
    participants: dict[Group, Annotated[int, Field(ge=0, le=100_000)]] | None = None
    area: Name | None = None
    note: Text | None = None


class MeasureIn(MeasureFields):
    """A performed measure; ``date`` is local, a night belongs to the evening it began."""

    kind: Literal["campaign", "pub_inspection", "presence", "night_walk", "training"]
    date: Day
    organisers: Organisers

    @model_validator(mode="after")
    def _has_hours(self) -> Self:
        """Presence without hours would count as nothing."""
        if self.kind == "presence" and self.officer_hours is None:
            msg = "officer_hours is missing"
            raise ValueError(msg)
        return self


class MeasurePatch(MeasureFields):
    """A correction of a measure: what is given replaces what stood; the reason is kept."""

    date: Day | None = None
    organisers: Organisers | None = None
    reason: Text | None = None


Count = Annotated[int, Field(ge=0, le=100_000)]
Moment = Annotated[str, Field(min_length=10, max_length=40)]


class PlanIn(Body):
    """Where and when a control is meant to be; times with their zone."""

    kind: Literal["cyclist", "driver", "school"]
    segment_id: Name
    starts_at: Moment
    ends_at: Moment
    reason: Name | None = None
    note: Text | None = None


class PlanPatch(Body):
    """A changed plan: what is given replaces what stood."""

    kind: Literal["cyclist", "driver", "school"] | None = None
    segment_id: Name | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    reason: Name | None = None
    note: Text | None = None


class DrawIn(Body):
    """For which days visits are to be drawn, and how many."""

    kind: Literal["cyclist", "driver", "school"]
    first: Day
    last: Day
    visits: Annotated[int, Field(ge=1, le=366)]
    n: Annotated[int, Field(ge=1, le=1000)] = 10
    seed: Annotated[int, Field(ge=0, lt=2**53)] | None = None


class OutcomeIn(Body):
    """What came of a control: times and numbers, never persons."""

    started_at: Moment
    ended_at: Moment
    type: Name | None = None
    direction: Name | None = None
    stopped: Count = 0
    informed: Count = 0
    reported: dict[Name, Count] = {}
    note: Text | None = None


class ControlIn(OutcomeIn):
    """A control that had no plan."""

    kind: Literal["cyclist", "driver", "school"]
    segment_id: Name
    reason: Name | None = None


class ControlPatch(Body):
    """A corrected control: what is given replaces what stood."""

    started_at: Moment | None = None
    ended_at: Moment | None = None
    type: Name | None = None
    direction: Name | None = None
    stopped: Count | None = None
    informed: Count | None = None
    reported: dict[Name, Count] | None = None
    reason: Name | None = None
    note: Text | None = None


class UnclearIn(Body):
    """What an officer saw at an unclear place, for the planners."""

    segment_id: Name
    note: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
