"""Does an area file give what it says, defaults for the rest, and a sentence for each fault?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis import areas
from gis.errors import AreaError

if TYPE_CHECKING:
    from pathlib import Path

LEAST: dict[str, Any] = {
    "id": "byn",
    "name": "Byn",
    "country": "SE",
    "crs": 3006,
    "bbox": [15.0, 56.0, 16.0, 57.0],
}
RING = [[15.4, 56.1], [15.6, 56.1], [15.6, 56.3]]


def parse(**told: object) -> areas.Area:
    return areas.parse({**LEAST, **told}, "byn.toml")


def test_five_keys_are_enough() -> None:
    area = parse()
    assert (area.crs, area.bbox, area.language) == (3006, (15.0, 56.0, 16.0, 57.0), "sv")
    assert area.sources == {}
    assert area.districts == ()
    assert area.law_entered


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("control_period", "calendar_year"),
        ("school_radius_m", 300.0),
        ("school_start_days", 14),
        ("school_start_included", True),
        ("school_counts_as_driver", False),
        ("closing_window", "00:00-04:00"),
        ("closing_nights", ("friday", "saturday", "holiday_eve")),
        ("baseline_year", None),
        ("promise_from", None),
    ],
)
def test_a_setting_that_is_not_told_has_its_default(setting: str, value: object) -> None:
    assert parse().settings[setting] == value


@pytest.mark.parametrize("key", areas.REQUIRED)
def test_a_required_key_is_named_when_it_is_missing(key: str) -> None:
    told = {other: value for other, value in LEAST.items() if other != key}
    with pytest.raises(AreaError, match=rf"byn\.toml: {key} is missing"):
        areas.parse(told, "byn.toml")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        pytest.param("id", "två byar", "should be letters", id="blank in id"),
        pytest.param("name", " ", "not empty", id="empty name"),
        pytest.param("country", "GB", "SE, FI, DE, NO, DK", id="unknown country"),
        pytest.param("crs", 4326, "projected system in metres", id="geographic"),
        pytest.param("crs", 2231, "projected system in metres", id="feet"),
        pytest.param("crs", 999999, "EPSG code", id="no such system"),
        pytest.param("crs", True, "EPSG code", id="true is no code"),
        pytest.param("bbox", [15, 56, True, 57], "degrees", id="true is no degree"),
        pytest.param("centre", 15.5, "longitude, latitude", id="half a position"),
        pytest.param("centre_area", "Trossö", "at least three", id="ring in words"),
        pytest.param("sources", {"osm": 5}, "tables", id="source as a number"),
        pytest.param("districts", "Trossö", "tables", id="districts in words"),
        pytest.param("public_delay", "P7D", "should be a table", id="delay for no row"),
        pytest.param("crs", 32755, "not made for the place", id="other side of the earth"),
        pytest.param("bbox", [16, 56, 15, 57], "west below east", id="west and east swapped"),
        pytest.param("bbox", [15, 57, 16, 56], "south below north", id="south and north swapped"),
        pytest.param("bbox", [15, 56, 15, 57], "west below east", id="no width"),
        pytest.param("bbox", [15, 56, 16, 91], "within 180 and 90", id="above the pole"),
        pytest.param("bbox", [15, 56, 16], "west, south, east, north", id="three numbers"),
        pytest.param("bbox", [536500, 6223000, 540000, 6230000], "within 180", id="metres"),
        pytest.param("bbox", ["15", 56, 16, 57], "degrees", id="text"),
        pytest.param("bbox", [float("nan"), 56, 16, 57], "degrees", id="not a number"),
        pytest.param("centre", [20, 60], "outside bbox", id="centre elsewhere"),
        pytest.param("languages", [], "language codes", id="no language"),
        pytest.param("languages", ["Swedish"], "language codes", id="language in words"),
        pytest.param("sources", {"osm": {"kind": "osm"}}, "address", id="source without address"),
        pytest.param("sources", ["osm"], "tables", id="sources as a list"),
        pytest.param("basemap", {"address": "https://x.se"}, "attribution", id="silent basemap"),
        pytest.param("districts", [{"name": "Trossö"}], "ring", id="district without ring"),
        pytest.param(
            "districts", [{"name": "A", "ring": RING}] * 2, "each name once", id="district twice"
        ),
        pytest.param("centre_area", RING[:2], "at least three", id="two corners"),
        pytest.param(
            "boundary", [[15, 56], [16, 57], [16, 56], [15, 57]], "do not cross", id="bow tie"
        ),
        pytest.param("school_starts", ["17 augusti"], "2026-08-17", id="date in words"),
        pytest.param("public_delay", {"night_walks": "7 days"}, "ISO 8601", id="delay in words"),
        pytest.param("settings", [], "should be a table", id="settings as a list"),
        pytest.param("langauges", ["sv"], "did you mean languages", id="misspelt key"),
        pytest.param("districs", [], "did you mean districts", id="misspelt key with a default"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(
    key: str, value: object, said: str
) -> None:
    with pytest.raises(AreaError, match=r"byn\.toml: ") as caught:
        parse(**{key: value})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        pytest.param("school_radius_m", "nära", "should be a number", id="word for a number"),
        pytest.param("school_radius_m", -1, "0 or more", id="below the limit"),
        pytest.param("school_start_days", 61, "60 or less", id="above the limit"),
        pytest.param("school_start_days", 1.5, "whole number", id="half a day"),
        pytest.param("school_start_included", "ja", "true or false", id="word for true"),
        pytest.param("control_period", "decade", "one of calendar_year", id="unknown period"),
        pytest.param("closing_nights", ["firday"], "one of monday", id="unknown night"),
        pytest.param("closing_window", "midnight", "00:00-04:00", id="hours in words"),
        pytest.param("school_radius", 300, "did you mean school_radius_m", id="misspelt"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: object, said: str) -> None:
    with pytest.raises(AreaError, match=rf"settings\.{name} ") as caught:
        parse(settings={name: value})
    assert said in str(caught.value)


@pytest.mark.parametrize("value", [0, 60])
def test_a_setting_may_lie_on_its_limits(value: int) -> None:
    assert parse(settings={"school_start_days": value}).settings["school_start_days"] == value


def test_all_faults_come_at_once() -> None:
    with pytest.raises(AreaError) as caught:
        areas.parse({"crs": 4326, "bbox": [1, 2], "settings": {"draws": 0}}, "x.toml")
    assert str(caught.value).count("x.toml: ") == 6


def test_keys_that_nobody_reads_are_kept_apart() -> None:
    area = parse(steward="Trafikplaneraren", settings={"own_measure": 3})
    assert area.other == {"steward": "Trafikplaneraren"}
    assert area.settings["own_measure"] == 3


def test_other_spellings_mean_the_same() -> None:
    area = parse(
        language="en",
        crs="EPSG:3009",
        sources={"osm": "https://example.org", "nvdb": {"url": "https://example.org/nvdb"}},
        settings={"school_starts": {"2026": ["2026-08-18"], "2025": date(2025, 8, 19)}},
    )
    assert area.languages == ("en",)
    assert area.crs == 3009
    assert {name: told["address"] for name, told in area.sources.items()} == {
        "osm": "https://example.org",
        "nvdb": "https://example.org/nvdb",
    }
    assert area.school_starts == (date(2025, 8, 19), date(2026, 8, 18))


def test_a_boundary_must_hold_the_centre() -> None:
    assert parse(boundary=RING, centre=[15.55, 56.15]).boundary
    with pytest.raises(AreaError, match="leaves out the centre"):
        parse(boundary=RING, centre=[15.9, 56.9])


def test_a_country_uses_one_zone_all_over() -> None:
    assert parse(country="DK", crs=25832, bbox=[12.4, 55.6, 12.7, 55.8]).languages == ("da",)


def test_a_file_of_a_user_loads(tmp_path: Path) -> None:
    path = tmp_path / "byn.toml"
    path.write_text(
        '\ufeffid = "byn"\nname = "Byn"\ncountry = "NO"\ncrs = 25833\n'
        "bbox = [10.5, 59.8, 10.9, 60.0]\nschool_starts = [2026-08-17]\n"
        'police_station = [10.7, 59.9]\n[sources.osm]\naddress = "http://127.0.0.1:1/api"\n',
        encoding="utf-8",
    )
    for location in (path, str(path)):
        area = areas.load(location)
        assert area.school_starts == (date(2026, 8, 17),)
        assert area.police_station == (10.7, 59.9)
        assert not area.law_entered


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(None, "cannot be opened", id="no file"),
        pytest.param(b"id = ", "is no TOML", id="broken"),
        pytest.param('name = "Växjö"'.encode("cp1252"), "is no TOML in UTF-8", id="encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "byn.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AreaError, match=rf"byn\.toml {said}"):
        areas.load(path)


def test_an_unknown_area_is_named_with_those_that_ship() -> None:
    with pytest.raises(AreaError, match=r"no area 'atlantis'.*helsinki, karlskrona"):
        areas.load("atlantis")


@pytest.mark.parametrize("name", areas.names())
def test_a_shipped_area_survives_the_store(name: str) -> None:
    area = areas.load(name)
    assert areas.Area.from_json(area.to_json()) == area
    assert area.id == name


def test_a_full_area_survives_the_store() -> None:
    area = parse(
        boundary=RING,
        districts=[{"name": "Öster", "ring": RING}],
        school_starts=["2026-08-17"],
        basemap={"address": "https://tiles.example/{z}/{x}/{y}.png", "attribution": "©"},
        public_delay={"night_walks": "P14D"},
        settings={"promise_from": "2025-01-01", "own": 1},
        steward="Trafikplaneraren",
    )
    assert areas.Area.from_json(area.to_json()) == area
    assert area.settings["promise_from"] == date(2025, 1, 1)


def test_karlskrona_is_swedish_and_helsinki_is_not() -> None:
    karlskrona, helsinki = areas.load("karlskrona"), areas.load("helsinki")
    assert (karlskrona.municipality_code, karlskrona.crs) == ("1080", 3006)
    assert karlskrona.law_entered
    assert {"osm", "nvdb", "schools"} <= set(karlskrona.sources)
    assert (helsinki.languages, helsinki.law_entered) == (("sv", "en", "fi"), False)
    assert "OpenStreetMap" in helsinki.attribution[0]
    west, south, east, north = helsinki.bbox
    assert west < 24.9351762
    assert east > 24.9534145
    assert south < 60.1641550
    assert north > 60.1791130


@given(
    box=st.tuples(
        st.floats(5, 20), st.floats(50, 65), st.floats(0.001, 5), st.floats(0.001, 5)
    ).map(lambda told: [told[0], told[1], told[0] + told[2], told[1] + told[3]])
)
def test_every_box_in_order_is_taken_as_given(box: list[float]) -> None:
    assert list(parse(bbox=box).bbox) == box


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_what_a_store_kept_wrongly_is_named(text: str) -> None:
    with pytest.raises(AreaError, match="no JSON object"):
        areas.from_json(text)
