"""Which class does a person's mark amount to?

A mark may name a class, or the sign that was seen; the class of a sign comes from the same
decision table as everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gis.decide import decide_objects

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
    asked = [i for i, told in enumerate(fields) if _only_signs(told)]
    objects = [{"id": i, **{k: fields[i][k] for k in SIGNS if fields[i].get(k)}} for i in asked]
    for answer in decide_objects(objects, country):
        if answer["basis"] in ("sign", "marking"):
            fields[answer["id"]] = {**fields[answer["id"]], "path_class": answer["path_class"]}
    return observations.assign(fields=fields)


def _only_signs(fields: dict[str, Any]) -> bool:
    """Tell a mark that names a sign or marking, and no class."""
    return not fields.get("path_class") and any(fields.get(name) for name in SIGNS)
