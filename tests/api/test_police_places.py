"""Does an officer learn what a place is good for, and do planners learn only what was handed on?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
from shapely import LineString

from api.pages.controls import ways
from tests.api.test_police import PLANS, key, planned, segment, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

SITES = "/api/police/sites"
PLACE = "/api/police/place"
SEEN = "/api/police/observations"
DRAWS = "/api/police/draws"


@pytest.fixture
def server(live_location: Path) -> Iterator[Callable[[str | None], TestClient]]:
    """Give clients of each role on an inventory of one test."""
    with serving(live_location) as client:
        yield client


def ranked(officer: TestClient, kind: str = "driver") -> dict[str, Any]:
    told: dict[str, Any] = officer.get(f"{SITES}?kind={kind}&n=3&seed=7").json()
    return told


def test_each_site_tells_its_offences_and_the_nearest_alternative(
    server: Callable[[str | None], TestClient],
) -> None:
    sites = ranked(server("police"))["sites"]
    assert sites
    for site in sites:
        assert "speeding" in {one["offence"] for one in site["offences"]}
        assert {one["amount_sek"] for one in site["offences"]} == {None}
        assert site["alternative"]["segment_id"] != site["segment_id"]


def test_a_place_is_explained_by_the_ranking_that_stands(
    server: Callable[[str | None], TestClient],
) -> None:
    officer = server("police")
    sites = ranked(officer)["sites"]
    here = officer.get(f"{SITES}/{sites[0]['segment_id']}?kind=driver").json()
    assert here["chosen"]["rank"] == 1
    assert here["why_not_sv"] is None
    unclear = ranked(officer, "cyclist")["unclear"][0]
    there = officer.get(f"{SITES}/{unclear['segment_id']}?kind=cyclist").json()
    assert (there["chosen"], there["why_not_sv"]) == (None, unclear["why_sv"])
    assert officer.get(f"{SITES}/nowhere?kind=driver").status_code == 404


def test_a_plan_knows_whether_its_place_is_in_the_best_quarter(
    server: Callable[[str | None], TestClient],
) -> None:
    officer = server("police")
    best = ranked(officer)["sites"][0]["segment_id"]
    body = {"kind": "driver", "segment_id": best, "reason": "ranked"}
    times = {"starts_at": "2026-05-04T07:30:00+02:00", "ends_at": "2026-05-04T09:00:00+02:00"}
    plan = officer.post(PLANS, json=body | times, headers=key()).json()
    done = {"started_at": times["starts_at"], "ended_at": times["ends_at"]}
    kept = officer.post(f"{PLANS}/{plan['id']}/performed", json=done, headers=key())
    assert kept.status_code == 201
    told = officer.get("/api/promises?year=2026").json()["promises"]
    row = next(one for one in told if one["id"] == "driver_controls")
    assert row["evidence"]["top_quarter_share"] == 1.0


def test_what_was_seen_reaches_planners_without_rank_or_reason(
    server: Callable[[str | None], TestClient],
) -> None:
    officer, planner = server("police"), server("planner")
    place = ranked(officer, "cyclist")["unclear"][0]
    body = {"segment_id": place["segment_id"], "note": "Skylten är täckt av en buske"}
    headers = key()
    sent = [officer.post(SEEN, json=body, headers=headers) for _ in range(2)]
    assert {one.status_code for one in sent} == {201}
    assert sent[0].content == sent[1].content
    seen = planner.get("/ogc/collections/observations/items").json()["features"]
    (mark,) = [one for one in seen if one["properties"]["segment_id"] == body["segment_id"]]
    fields = mark["properties"]["fields"]
    assert (json.loads(fields) if isinstance(fields, str) else fields) == {"note": body["note"]}
    secret = (place["why_sv"], *(one["text_sv"] for one in place["reasons"]), "rank", "score")
    assert not [said for said in secret if said in str(mark)]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"note": "Bilen ABC 12D"}, 422), ({"note": " "}, 422), ({"segment_id": "nowhere"}, 404)],
)
def test_what_cannot_be_handed_on_is_refused(
    server: Callable[[str | None], TestClient], wrong: dict[str, str], status: int
) -> None:
    officer = server("police")
    body = {"segment_id": segment(officer), "note": "Skylten är täckt", **wrong}
    assert officer.post(SEEN, json=body, headers=key()).status_code == status


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_sheet_tells_place_law_and_offences(
    server: Callable[[str | None], TestClient], lang: str
) -> None:
    officer = server("police")
    plan = planned(officer, kind="driver", note="Vid bron")
    page = officer.get(f"/kontrollplatser/{plan['id']}?lang={lang}")
    assert page.status_code == 200
    for said in ("Vid bron", "2027-05-04 07:30", "1:2500", "TF 3:48", "<path d="):
        assert said in page.text, said
    assert officer.get("/kontrollplatser/none").status_code == 404
    reads = officer.get("/api/police/access").json()["reads"]
    assert "/kontrollplatser/{plan_id}" in {one["route"] for one in reads}


def test_the_page_of_schools_says_when(server: Callable[[str | None], TestClient]) -> None:
    officer = server("police")
    school = officer.get("/kontrollplatser?kind=school").text
    for said in ("07:30-08:30, 14:00-15:30", "Skolstart", "antagen"):
        assert said in school
    assert "school-times" not in officer.get("/kontrollplatser?kind=driver").text


@pytest.mark.parametrize(("kind", "told"), [("cyclist", True), ("driver", False)])
def test_more_places_may_be_shown(
    server: Callable[[str | None], TestClient], kind: str, *, told: bool
) -> None:
    page = server("police").get(f"/kontrollplatser?kind={kind}&n=20").text
    assert f'href="?kind={kind}&amp;n=20" aria-current="true"' in page
    assert f'href="?kind={kind}&amp;n=40"' in page
    assert ("vill du ha tio att kontrollera" in page) == told


def test_without_accidents_no_effect_is_claimed(
    server: Callable[[str | None], TestClient],
) -> None:
    told = server("police").get("/api/police/effect?kind=driver").json()
    assert (told["ratio"], told["sites"]) == (None, 0)
    assert "slump" in told["text_sv"]


def test_a_draw_is_made_once_a_key_and_listed_to_the_police_alone(
    server: Callable[[str | None], TestClient],
) -> None:
    officer, headers = server("police"), key()
    body = {"kind": "driver", "first": "2027-01-01", "last": "2027-01-31", "visits": 4}
    made = [officer.post(DRAWS, json=body, headers=headers) for _ in range(2)]
    assert {one.status_code for one in made} == {201}
    assert made[0].content == made[1].content
    (listed,) = officer.get(f"{DRAWS}?kind=driver").json()["draws"]
    assert listed == made[0].json()
    assert len(listed["visits"]) == 4
    assert officer.get(f"{DRAWS}?kind=school").json() == {"draws": []}
    assert server("planner").get(f"{DRAWS}?kind=driver").status_code == 404


@pytest.mark.parametrize("wrong", [{"last": "2026-12-31"}, {"visits": 0}, {"first": "i dag"}])
def test_an_impossible_draw_is_refused(
    server: Callable[[str | None], TestClient], wrong: dict[str, Any]
) -> None:
    body = {"kind": "driver", "first": "2027-01-01", "last": "2027-01-31", "visits": 4, **wrong}
    assert server("police").post(DRAWS, json=body, headers=key()).status_code == 422


def test_any_segment_may_be_asked_about(server: Callable[[str | None], TestClient]) -> None:
    officer = server("police")
    everywhere = officer.get("/ogc/collections/segments/items?limit=1000").json()["features"]
    told = [
        officer.get(f"{SITES}/{one['id']}?kind=school")
        for one in everywhere[:: max(1, len(everywhere) // 5)]
    ]
    assert {one.status_code for one in told} == {200}
    assert all(one.json()["chosen"] or one.json()["why_not_sv"] for one in told)


def test_any_point_of_the_map_may_be_asked_about(
    server: Callable[[str | None], TestClient],
) -> None:
    officer = server("police")
    site = ranked(officer)["sites"][0]
    asked = f"{PLACE}?kind=driver&lon={{lon}}&lat={{lat}}".format
    here = officer.get(asked(**{name: site[name] for name in ("lon", "lat")})).json()
    assert here["distance_m"] <= 1
    assert here["why_not_sv"] or here["chosen"]
    for lon, lat in ((site["lon"] + 1, site["lat"]), (-180, -90)):
        told = officer.get(asked(lon=lon, lat=lat)).json()
        assert (told["segment_id"], told["chosen"]) == (None, None)
        assert "inom 50 m" in told["why_not_sv"]
    for lon, lat in ((181, 0), ("nan", 0), (0, "")):
        assert officer.get(asked(lon=lon, lat=lat)).status_code in {400, 422}
    assert PLACE in {one["route"] for one in officer.get("/api/police/access").json()["reads"]}


def test_the_map_tells_what_a_control_may_find_and_how(
    server: Callable[[str | None], TestClient],
) -> None:
    told = server("police").get("/api/police/map?kind=driver").json()
    assert {"speeding", "no_yield_at_zebra"} <= {one["offence"] for one in told["offences"]}
    assert set(told["words"]["control_direction"]) == {"both", "north", "east", "south", "west"}
    assert told["school_ways"] == []


def test_ways_to_school_are_sorted_by_use() -> None:
    lines = [LineString([(15.0, 56.0 + row), (15.1, 56.0 + row)]) for row in range(20)]
    found = gpd.GeoDataFrame({"ways": range(1, 21)}, geometry=lines, crs=4326)
    sorted_ways = ways(found)
    assert [len(one) for one in sorted_ways] == [10, 8, 2]
    assert sorted_ways[2][-1] == [[75.0, 15.0], [75.0, 15.1]]
    assert ways(found[:0]) == []
