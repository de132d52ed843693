"""Which commands does ``gcvag`` have? The domain's, and those that draw, serve and log in."""

from __future__ import annotations

import os
import sys
from functools import partial

import click

from api.commands import accounts, draw, report, serve
from api.commands import print as printing
from gis import cli as domain
from gis.cli.common import run, text
from gis.words import Language, language
from maps import style


def build(lang: Language) -> click.Group:
    """Return the whole command line with its help in `lang`."""
    group = click.Group(
        "gcvag",
        help=text(lang, "group.help"),
        params=[click.Option(["--lang"], help=text(lang, "lang.help"), expose_value=False)],
        context_settings={"help_option_names": ["-h", "--help"]},
        no_args_is_help=True,
    )
    for command in domain.commands(lang, partial(style.lines, "class")):
        group.add_command(command)
    for module in (draw, printing, report, serve, accounts):
        for command in module.commands(lang):
            group.add_command(command)
    return group


def spoken(words: list[str], environment: dict[str, str]) -> Language:
    """Return the language asked for by ``--lang``, else by ``GCVAG_LANG``, else Swedish.

    Examples
    --------
    >>> spoken(["--lang", "en", "status"], {})
    'en'
    """
    for position, word in enumerate(words):
        if word == "--lang":
            return language("".join(words[position + 1 : position + 2]))
        if word.startswith("--lang="):
            return language(word.removeprefix("--lang="))
    return language(environment.get("GCVAG_LANG"))


def main() -> None:
    """Run the command line."""
    words, lang = sys.argv[1:], spoken(sys.argv[1:], dict(os.environ))
    run(build(lang), _without_lang(words), lang)


def _without_lang(words: list[str]) -> list[str]:
    """Return the words with ``--lang`` taken out, so that it may stand anywhere."""
    kept: list[str] = []
    skip = False
    for word in words:
        if skip or word.startswith("--lang="):
            skip = False
        elif word == "--lang":
            skip = True
        else:
            kept.append(word)
    return kept
