"""Which commands look: status, explain, decide?"""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from gis.cli.common import STORE, json_option, out, table, tell, text

if TYPE_CHECKING:
    from gis.words import Language

COUNTRIES = ("SE", "FI", "DE", "NO", "DK")
METRES_PER_KM = 1000


def commands(lang: Language) -> list[click.Command]:
    """Return status, explain and decide, their help in `lang`."""
    return [_status(lang), _explain(lang), _decide(lang)]


def _status(lang: Language) -> click.Command:
    @click.command("status", help=text(lang, "status.help"))
    @STORE
    @json_option(lang)
    def status(*, location: str, as_json: bool) -> None:
        from gis import areas, inventory
        from gis.store import open_store

        with closing(open_store(location)) as store:
            figures = inventory.status(store)
            area = areas.from_json(store.area_json())
        if as_json:
            out(figures)
        else:
            _tell_status(figures, area.name, lang)

    return status


def _tell_status(figures: dict[str, Any], area: str, lang: Language) -> None:
    """Print the figures for a person."""
    from gis import codes

    cover = figures["coverage"]
    km = cover["path_length_m"] / METRES_PER_KM
    tell(text(lang, "status.title", area=area, n=cover["segments"], km=km))
    shares = {"share": cover["inventoried_share"] * 100, "clear": cover["clear_share"] * 100}
    doubts = {name: cover[name] for name in ("questions", "contradictions")}
    tell(text(lang, "status.coverage", **shares, **doubts))
    for name, key in (("path_class", "classes"), ("status", "status"), ("confidence",) * 2):
        labels = codes.load(name).labels(lang)
        heading = text(lang, f"status.{'class' if name == 'path_class' else name}")
        rows = [(labels[r[name]], r["count"], r["length_m"] / METRES_PER_KM) for r in figures[key]]
        tell("")
        table([heading, text(lang, "status.count"), text(lang, "status.km")], rows)


def _explain(lang: Language) -> click.Command:
    @click.command("explain", help=text(lang, "explain.help"))
    @STORE
    @click.argument("segment_id")
    @json_option(lang)
    def explain(*, location: str, segment_id: str, as_json: bool) -> None:
        from gis import explain as explaining
        from gis.store import open_store

        with closing(open_store(location)) as store:
            answer = explaining.explain(store, segment_id)
        if as_json:
            out(answer)
        else:
            for line in explaining.sentences(answer, lang):
                tell(line)

    return explain


def _decide(lang: Language) -> click.Command:
    @click.command("decide", help=text(lang, "decide.help"))
    @click.option(
        "--country",
        type=click.Choice(COUNTRIES),
        default="SE",
        show_default=True,
        help=text(lang, "decide.country"),
    )
    def decide(country: str) -> None:
        from gis.decidelines import decide_lines

        faults = decide_lines(sys.stdin.buffer, sys.stdout.buffer, country)
        if faults:
            raise SystemExit(1)

    return decide
