"""How is a place explained in plain words?

Each reason is one sentence in Swedish and English with its number and unit; the words stand in
``text/controls.csv``. The strongest reasons come first, what is known of the class always follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gis import codes
from gis.controls.criteria import criteria
from gis.words import LANGUAGES, Language, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.controls.score import Expected, Injuries

LAW_ENTERED: Final = "SE"
ONE_DECIMAL_BELOW: Final = 10


def spoken(value: object, lang: Language) -> str:
    """Write a value for a person: decimal comma in Swedish, no needless decimals.

    Examples
    --------
    >>> spoken(0.42, "sv"), spoken(218.4, "en"), spoken("zebra", "sv")
    ('0,42', '218', 'zebra')
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        return str(value)
    number = float(value)
    if number.is_integer() or abs(number) >= ONE_DECIMAL_BELOW:
        return f"{number:.0f}"
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if lang == "sv" else text


def reason(key: str, value: object, unit: str, **words: object) -> dict[str, Any]:
    """Build one reason; `words` may be plain values or one word a language."""
    texts = {}
    for lang in LANGUAGES:
        filled = {
            name: word[lang] if isinstance(word, dict) else spoken(word, lang)
            for name, word in {"value": value, **words}.items()
        }
        texts[f"text_{lang}"] = say("controls", f"reason.{key}", lang, **filled)
    plain = value[LANGUAGES[0]] if isinstance(value, dict) else value
    return {**texts, "value": _plain(plain), "unit": unit}


def _plain(value: object) -> object:
    """Return a value that JSON knows; numbers with two decimals at most."""
    if isinstance(value, np.generic):
        value = value.item()
    return round(value, 2) if isinstance(value, float) else value


def labels(name: str, code: object) -> dict[str, str]:
    """Return the words of a code in each language; the code itself when the list lacks it."""
    known = codes.load(name)
    if code not in known:
        return dict.fromkeys(LANGUAGES, str(code))
    return {lang: known.label(str(code), lang) for lang in LANGUAGES}


def why_here(
    place: Mapping[str, Any], factors: Mapping[str, float], kind: str
) -> list[dict[str, Any]]:
    """Say which criteria speak for a place, strongest first; each fact is said once."""
    strength: dict[str, float] = {}
    units: dict[str, tuple[str, str]] = {}
    for rule in criteria(kind):
        if factors[rule.name] > 1:
            strength[rule.reason] = strength.get(rule.reason, 1.0) * factors[rule.name]
            units[rule.reason] = (rule.column, rule.unit)
    said = []
    for key in sorted(strength, key=lambda one: (-strength[one], one)):
        column, unit = units[key]
        value: Any = place[column]
        if column in ("crossing_class", "path_class"):
            value = labels("path_class", value)
        said.append(reason(key, value, unit) | {"factor": round(strength[key], 3)})
    return said


def about_class(place: Mapping[str, Any], country: str) -> list[dict[str, Any]]:
    """Say class and sign, and that the law is missing where it is."""
    name = labels("path_class", place["path_class"])
    told = {lang: place.get(f"reason_{lang}") for lang in LANGUAGES}
    signs = place["signs"] if isinstance(place["signs"], list | tuple | np.ndarray) else []
    if all(isinstance(one, str) and one for one in told.values()):
        said = [reason("class_told", name, "", class_name=name, told=told)]
    elif len(signs):
        said = [reason("class_signed", name, "", class_name=name, signs=", ".join(map(str, signs)))]
    else:
        basis = place["basis"] if isinstance(place["basis"], str) else "none"
        said = [reason("class_basis", name, "", class_name=name, basis=labels("basis", basis))]
    if country != LAW_ENTERED:
        said.append(reason("law_missing", country, "", country=country))
    return said


def about_accidents(position: int, found: Expected, injuries: Injuries | None) -> dict[str, Any]:
    """Say what accidents tell of a place, or that none were entered."""
    if injuries is None or not found.from_accidents:
        return reason("no_accidents", 0, "")
    number = int(injuries.counts[position])
    expected = float(found.value[position])
    return reason("accidents", number, "", years=injuries.years, expected=expected)


def about_halo(distance_m: float, days: float, factor: float) -> list[dict[str, Any]]:
    """Say that somebody stood near lately."""
    if np.isnan(distance_m):
        return []
    near = reason("halo", round(distance_m), "m", days=int(days))
    return [near | {"factor": round(factor, 3)}]
