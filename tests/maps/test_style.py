"""Does every class and status have a line of its own?"""

from __future__ import annotations

import pytest

from gis import codes
from gis.errors import RuleError
from maps import style


@pytest.mark.parametrize(("name", "group"), [("path_class", "class"), ("status", "status")])
def test_every_code_has_a_line(name: str, group: style.Group) -> None:
    assert set(codes.load(name).codes) <= set(style.lines(group))


@pytest.mark.parametrize(("name", "group"), [("path_class", "class"), ("status", "status")])
def test_no_line_stands_for_a_code_that_does_not_exist(name: str, group: style.Group) -> None:
    known = {*codes.load(name).codes, "enskild_vag"}
    assert set(style.lines(group)) <= known


def test_main_classes_differ_by_dash_as_well_as_colour() -> None:
    main = [line for line in style.lines("class").values() if line.tier == "main"]
    assert len({line.dash for line in main}) == len({line.colour for line in main}) == len(main)


def test_quiet_classes_are_thinner_or_differ_by_letters() -> None:
    quiet = [line for line in style.lines("class").values() if line.tier == "quiet"]
    assert len({line.letters for line in quiet}) == len(quiet)
    assert all(line.letters for line in quiet)


def test_an_unknown_code_is_named() -> None:
    with pytest.raises(RuleError, match="no class 'motorvag'"):
        style.line("class", "motorvag")
