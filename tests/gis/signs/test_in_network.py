"""Do signs that stand wrong become findings when a file is read?"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest

from gis import areas, inventory
from gis.store import create_store
from tests.gis.osmtext import Town

if TYPE_CHECKING:
    import pandas as pd

CYCLEWAY: Final = {"highway": "cycleway", "foot": "designated", "segregated": "no"}
STREET: Final = {"highway": "residential"}
SIGN_CHECKS: Final = ("B17", "D13", "D14", "D15", "D16")
APART: Final = 5
# Steps east and north of where the path begins, the sign, and which way its face looks.
Case = tuple[list[tuple[Any, ...]], dict[str, int]]
CASES: Final[dict[str, Case]] = {
    "as it should be": ([(0.1, -0.02, "SE:D6"), (3.9, 0.02, "SE:D6")], {}),
    "at one end only": ([(0.1, -0.02, "SE:D6")], {"D13": 1}),
    "two ends that differ": ([(0.1, -0.02, "SE:D6"), (3.9, 0.02, "SE:D5")], {"D14": 3}),
    "one of them on the way": ([(0.1, -0.02, "SE:D6"), (2.8, 0.02, "SE:D5")], {"D14": 2}),
    "facing the other way": (
        [(0.1, -0.02, "SE:D6", "E"), (3.9, 0.02, "SE:D6", "E")],
        {"D15": 2},
    ),
    "to the left": ([(0.1, 0.02, "SE:D6"), (3.9, 0.02, "SE:D6")], {"D16": 1}),
    "across a street": ([(0.1, -0.02, "SE:D6"), (3.9, 0.07, "SE:D6")], {"D16": 2}),
}


def town() -> Town:
    """Return a path of two pieces between two streets, eastward, for each case."""
    made = Town()
    for case, (name, (signs, _)) in enumerate(CASES.items()):
        y, first = case * APART, case * 100
        for n, x in enumerate((0, 2, 4)):
            made.node(first + n + 1, x, y)
        for n, x in ((10, 0), (20, 4)):
            made.node(first + n, x, y - 1).node(first + n + 1, x, y + 1)
            made.way(first + n, [first + n, first + 1 + x // 2, first + n + 1], STREET)
        for n, surface in enumerate(("asphalt", "gravel"), 1):
            tags = CYCLEWAY | {"surface": surface, "name": name}
            made.way(first + n, [first + n, first + n + 1], tags)
        for n, (x, north, *sign) in enumerate(signs, first + 50):
            made.node(
                n, x, y + north, **dict(zip(("traffic_sign", "direction"), sign, strict=False))
            )
    return made.node(90, 3.7, y + 0.04).node(91, 4.3, y + 0.04).way(90, [90, 91], STREET)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Give the findings about signs, each with the name of its path."""
    folder = tmp_path_factory.mktemp("signs")
    area = areas.load("karlskrona").to_json()
    with closing(create_store(str(folder / "town.gpkg"), area)) as store:
        inventory.import_file(store, town().save(folder))
        inventory.update(store)
        findings = store.table("findings")
        names = store.table("segments").set_index("segment_id")["name"]
    findings = findings[findings["check_id"].isin(SIGN_CHECKS)]
    return findings.assign(name=findings["segment_id"].map(names))


@pytest.mark.parametrize("name", CASES)
def test_each_wrong_sign_is_a_finding_of_its_own(found: pd.DataFrame, name: str) -> None:
    told = found[found["name"].eq(name)]
    assert dict(zip(told["check_id"], told["severity"], strict=True)) == CASES[name][1]
