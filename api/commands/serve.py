"""Which command serves the pages and the API?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gis.cli.common import STORE, police_option, text

if TYPE_CHECKING:
    from gis.words import Language

LARGEST_PORT = 65535


def commands(lang: Language) -> list[click.Command]:
    """Return serve, its help in `lang`."""

    @click.command("serve", help=text(lang, "serve.help"))
    @STORE
    @police_option(lang)
    @click.option("--host", default="127.0.0.1", show_default=True, help=text(lang, "serve.host"))
    @click.option(
        "--port",
        default=8000,
        show_default=True,
        type=click.IntRange(1, LARGEST_PORT),
        help=text(lang, "serve.port"),
    )
    @click.option(
        "--workers",
        default=1,
        show_default=True,
        type=click.IntRange(min=1),
        help=text(lang, "serve.workers"),
    )
    def serve(
        *, location: str, police_store: str | None, host: str, port: int, workers: int
    ) -> None:
        from api.server import serve as start
        from gis.store import open_store

        open_store(location).close()
        click.echo(text(lang, "serve.ready", host=host, port=port), err=True)
        start(location, police_store=police_store, host=host, port=port, workers=workers)

    return [serve]
