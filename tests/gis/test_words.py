"""Does every error that is raised stand in the catalogue in Swedish, and does it come out so?"""

from __future__ import annotations

import ast
import csv
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from gis.settings import data_dir
from gis.words import translated

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("gis", "maps", "api")
NAMES: Final = {"msg", "why", "problem", "right", "BROKEN", "OVERRUN"}
CALLS: Final = {"ValueError", "Fault", "_wrong", "_refuse", "_failed"}
FOR_DEVELOPERS: Final = {"gis/layers.py", "gis/schema.py"}
STRUCTURE: Final = {"{}: {}", "{}, row {}", "{}: {} at {}", "{}/{}, table {}: {}"}
ROWS: Final = [
    (row["en"], row["sv"])
    for row in csv.DictReader(
        (data_dir() / "text" / "errors.csv").read_text(encoding="utf-8").splitlines()
    )
]


def raised() -> Iterator[tuple[str, str]]:
    """Find the sentences of errors in the code: file, and the sentence with {} for each value."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                for said in filter(None, map(template, candidates(node))):
                    yield path.relative_to(ROOT).as_posix(), said


def candidates(node: ast.AST) -> list[ast.expr]:
    """List the expressions of a statement or call that may be a sentence of an error."""
    found: list[ast.expr] = []
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
        found = [node.value] if ast.unparse(target) in NAMES else []
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS:
        found = [*node.args, *(word.value for word in node.keywords)]
    return [one for each in found for one in branches(each)]


def branches(node: ast.expr) -> list[ast.expr]:
    """Return both sides of a conditional expression, or the expression."""
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def template(node: ast.expr) -> str | None:
    """Return a text with {} for each value, where it holds more than one word."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    said = "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{}"
        for part in parts
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )
    return said if " " in said else None


def test_every_error_that_is_raised_has_its_swedish_sentence() -> None:
    known = {en for en, _ in ROWS} | STRUCTURE
    missing = {(file, said) for file, said in raised() if said not in known}
    assert {one for one in missing if one[0] not in FOR_DEVELOPERS} == set()


@pytest.mark.parametrize(("en", "sv"), ROWS, ids=[en for en, _ in ROWS])
def test_an_error_comes_out_in_swedish_with_its_values(en: str, sv: str) -> None:
    values = [f"v{place}" for place in range(en.count("{}"))]
    assert translated(en.format(*values), "sv") == sv.format(*values)
    assert translated(en.format(*values), "en") == en.format(*values)


@pytest.mark.parametrize(
    ("en", "sv"),
    [
        (
            "a.csv, row 3, column id: should be a code of letters, digits and _ without blanks",
            "a.csv, rad 3, kolumn id: ska vara en kod av bokstäver, siffror och _ utan blanksteg",
        ),
        (
            "a.toml: bbox is missing and is required; a.toml: crs is [1, 2]; it should be a number",
            "a.toml: bbox saknas och krävs; a.toml: crs är [1, 2]; ska vara ett tal",
        ),
        ("a.osm: something new", "a.osm: something new"),
        ("a.osm: the service answers 500", "a.osm: tjänsten svarar 500"),
        ("{}", "{}"),
    ],
)
def test_a_sentence_inside_another_is_translated_and_the_unknown_stays(en: str, sv: str) -> None:
    assert translated(en, "sv") == sv
