"""Which commands does the domain offer? ``api.cli`` adds those that need pages or maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.cli import deliver, figures, keep, look

if TYPE_CHECKING:
    import click

    from gis.words import Language

MODULES = (deliver, look, figures, keep)


def commands(lang: Language) -> list[click.Command]:
    """Return every command of the domain, its help in `lang`."""
    return [command for module in MODULES for command in module.commands(lang)]
