"""Which class does a person's mark amount to?

A mark may name a class, or the sign that was seen; the class of a sign comes from the same
decision table as everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from gis.classify import classify
from gis.classify.asked import asked_facts

if TYPE_CHECKING:
    import pandas as pd

SIGNS: Final = ("signs", "signs_end", "markings")


def with_classes(observations: pd.DataFrame, country: str) -> pd.DataFrame:
    """Give each mark that names signs but no class the class that follows from them.

    Parameters
    ----------
    observations
        Frame of ``gis.marks``; `fields` as sent.
    country
        Whose signs are meant where a code names no country.

    Returns
    -------
    observations
        The same rows; `fields` of such marks hold `path_class` as well.
    """
    fields = observations["fields"].tolist()
    asked = {i: _signs(told) for i, told in enumerate(fields) if _only_signs(told)}
    classes = _classes(sorted(set(asked.values())), country)
    for i, signs in asked.items():
        if signs in classes:
            fields[i] = {**fields[i], "path_class": classes[signs]}
    return observations.assign(fields=fields)


def _signs(fields: dict[str, Any]) -> bytes:
    """Write down what a mark names; most marks of a town name one of a few signs."""
    return orjson.dumps({name: fields[name] for name in SIGNS if fields.get(name)})


def _classes(signs: list[bytes], country: str) -> dict[bytes, str]:
    """Decide the class that follows from signs; those from which none does are left out."""
    if not signs:
        return {}
    decided = classify(asked_facts([orjson.loads(one) for one in signs], country), country)
    told = decided["basis"].isin(["sign", "marking"]).tolist()
    return {
        one: path_class
        for one, path_class, known in zip(signs, decided["path_class"], told, strict=True)
        if known
    }


def _only_signs(fields: dict[str, Any]) -> bool:
    """Tell a mark that names a sign or marking, and no class."""
    return not fields.get("path_class") and any(fields.get(name) for name in SIGNS)
