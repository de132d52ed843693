"""Which commands does the domain offer? ``api.cli`` adds those that need pages or maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.cli import deliver, fetch, figures, keep, leave, look

if TYPE_CHECKING:
    from collections.abc import Callable

    import click

    from gis.exports.drawing import Drawn
    from gis.words import Language

MODULES = (deliver, fetch, look, figures, keep)


def commands(lang: Language, lines: Callable[[], Drawn] = dict) -> list[click.Command]:
    """Return every command of the domain, its help in `lang`; `lines` tells how classes look."""
    every = [command for module in MODULES for command in module.commands(lang)]
    return every + leave.commands(lang, lines)
