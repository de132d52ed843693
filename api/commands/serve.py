"""Which command serves the pages and the API?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gis.cli.common import STORE, police_option, text

if TYPE_CHECKING:
    from api.server import Front
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
    @click.option("--https", is_flag=True, help=text(lang, "serve.https"))
    @click.option("--openid", type=click.Path(path_type=Path), help=text(lang, "serve.openid"))
    def serve(
        *,
        location: str,
        police_store: str | None,
        host: str,
        port: int,
        workers: int,
        https: bool,
        openid: Path | None,
    ) -> None:
        from api.auth.first import PATH, mint
        from api.server import serve as start
        from gis.store import open_store

        front = _front(https=https, openid=openid)
        with closing(open_store(location)) as store:
            store.occupy()
            click.echo(text(lang, "serve.ready", host=host, port=port), err=True)
            code = mint(store)
            if code is not None:
                url = f"http://{host}:{port}{PATH}"
                click.echo(text(lang, "serve.first", url=url, code=code), err=True)
            start(location, police_store, host=host, port=port, workers=workers, front=front)

    return [serve]


def _front(*, https: bool, openid: Path | None) -> Front:
    """Gather what stands in front of the server."""
    from api.server import Front

    if openid is None:
        return Front(https=https)
    from api.auth.openid import load

    return Front(https=https, openid=load(openid))
