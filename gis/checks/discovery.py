"""Which checks are there? Every module of this package whose name begins with a check's id."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache
from typing import TYPE_CHECKING, Final

import gis.checks
from gis.checks.base import Check

if TYPE_CHECKING:
    from types import ModuleType

_NAME: Final = re.compile(r"[a-e]\d\d_\w+")


def _check(module: ModuleType) -> Check:
    return Check(
        check_id=module.CHECK_ID,
        question=module.QUESTION,
        source=module.SOURCE,
        reach_m=module.REACH_M,
        row_local=module.ROW_LOCAL,
        flag=module.flag,
    )


@cache
def all_checks() -> tuple[Check, ...]:
    """Find every check, in the order of their ids."""
    names = [m.name for m in pkgutil.iter_modules(gis.checks.__path__) if _NAME.fullmatch(m.name)]
    return tuple(_check(importlib.import_module(f"gis.checks.{name}")) for name in sorted(names))
