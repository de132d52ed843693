"""Which class does one described path get, without a store?"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.answers import json_answer
from api.gate import GateRoute
from gis.decide import decide_objects

router = APIRouter(route_class=GateRoute, tags=["decide"])

Country = Annotated[Literal["SE", "FI", "DE", "NO", "DK"], Query()]
Described = dict[str, Any]


@router.post("/api/decide")
def decide(
    described: Described | Annotated[list[Described], Field(max_length=10_000)],
    country: Country = "SE",
) -> Response:
    """Decide one object, or each of an array, in order."""
    if isinstance(described, dict):
        return json_answer(decide_objects([described], country)[0])
    return json_answer(decide_objects(described, country))
