"""Which class does one described path get, without a store?"""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.answers import json_answer
from api.gate import GateRoute
from gis.decide import decide_objects

router = APIRouter(route_class=GateRoute, tags=["decide"])

Country = Annotated[Literal["SE", "FI", "DE", "NO", "DK"], Query()]
Described = dict[str, Any]
AT_ONCE: Final = 10_000


@router.post("/api/decide")
def decide(
    described: Described | Annotated[list[Described], Field(max_length=AT_ONCE)],
    country: Country = "SE",
) -> Response:
    """Decide one object, or each of an array of at most 10,000, in order."""
    if isinstance(described, dict):
        return json_answer(decide_objects([described], country)[0])
    return json_answer(decide_objects(described, country))
