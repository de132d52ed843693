"""How is a page written?

Templates escape everything; texts come from ``api/pages/text.csv``. Every page has its own
nonce, the skip link first, the language switch and the same navigation.
"""

from __future__ import annotations

import secrets
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.texts import LANGUAGE_COOKIE, chosen, page_texts
from gis.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup
    from starlette.requests import Request
    from starlette.responses import Response

    from api.ogc.pages import Page
    from api.ogc.scene import Scene
    from gis.words import Language

_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
YEAR_S: Final = 365 * 24 * 3600
KEPT: Final = ("segment", "f", "bbox", "limit", "cursor")
"""Parameters that the language switch keeps."""

NAVIGATION: Final = ("/", "/lage", "/loften", "/om")
OWN_PAGES: Final = {
    "inspector": ("/falt",),
    "planner": ("/granska", "/skyltatgarder", "/falt"),
    "police": ("/kontrollplatser",),
}
"""Pages that a role sees in the navigation beside the public ones."""


def csp(nonce: str, outside: str = "") -> str:
    """Write the content security policy of a page: our own origin, and scripts by nonce.

    `outside` is the one other host that pictures of a map may come from.

    Examples
    --------
    >>> "unsafe" in csp("x")
    False
    """
    sources = f"'self' {outside}".rstrip()
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
        f"img-src {sources} data: blob:; connect-src {sources}; object-src 'none'; "
        "base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def new_nonce() -> str:
    """Draw the nonce of one answer."""
    return secrets.token_urlsafe(16)


def language_of(request: Request) -> Language:
    """Return the language a page is wanted in."""
    wish = request.query_params.get("lang")
    return chosen(wish, request.cookies, request.headers.get("accept-language", ""))


def page(
    request: Request, name: str, *, status: int = 200, host: str = "", **values: object
) -> Response:
    """Write the page of a template.

    Parameters
    ----------
    request
        Tells language and who is logged in.
    name
        The template without ``.html``.
    status
        Of the answer.
    host
        The one other that its map may ask.
    values
        What the template shows; escaped.
    """
    lang = language_of(request)
    html = _environment().get_template(f"{name}.html").render(**_frame(request, lang), **values)
    return page_response(request, html, new_nonce(), status=status, outside=host)


def page_response(
    request: Request, html: str, nonce: str, *, status: int = 200, outside: str = ""
) -> Response:
    """Answer with a page: its policy, and the choice of language when one was made."""
    headers = {
        "content-security-policy": csp(nonce, outside),
        "content-language": language_of(request),
        "vary": "Accept, Accept-Language, Cookie",
    }
    response = HTMLResponse(html, status, headers)
    wish = request.query_params.get("lang")
    if wish in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            wish,
            max_age=YEAR_S,
            samesite="lax",
            secure=request.app.state.settings.https,
        )
    return response


def navigation(request: Request, lang: Language) -> Markup:
    """Write the links between pages, and who is logged in."""
    template = _environment().get_template("navigation.html")
    return template.make_module(_frame(request, lang)).__html__()


def fragment(name: str, **values: object) -> Markup:
    """Write a part of a page from a template that needs nothing but its own values."""
    return _environment().get_template(f"{name}.html").make_module(values).__html__()


def document(request: Request, scene: Scene, content: Mapping[str, Any]) -> Response:
    """Show an OGC document to a person: its links, then all of it."""
    return page(
        request,
        "document",
        heading=content.get("title") or page_texts(scene.lang)["ogc.heading"],
        description=content.get("description", ""),
        links=content.get("links", ()),
        children=[_child(part) for part in content.get("collections", ())],
        raw=orjson.dumps(content, option=orjson.OPT_INDENT_2).decode(),
    )


def features_page(request: Request, scene: Scene, found: Page) -> Response:
    """Show a page of features to a person: one line each."""
    features = [orjson.loads(feature) for feature in found.features]
    texts = page_texts(scene.lang)
    return page(
        request,
        "document",
        heading=texts["ogc.features"],
        description=texts["ogc.matched"].format(n=len(features), all=found.matched),
        links=found.links,
        children=[],
        raw=orjson.dumps([f["properties"] for f in features], option=orjson.OPT_INDENT_2).decode(),
    )


def feature_page(request: Request, scene: Scene, shown: bytes) -> Response:
    """Show one feature to a person."""
    content = orjson.loads(shown)
    title = content["properties"].get("name") or content["id"]
    return document(request, scene, {"title": title, **content})


def decimal(value: float, *, lang: Language) -> str:
    """Write a number as people of a language do.

    Examples
    --------
    >>> decimal(32.3, lang="sv"), decimal(10.0, lang="en")
    ('32,3', '10')
    """
    return f"{value:g}".replace(".", "," if lang == "sv" else ".")


def _child(part: Mapping[str, Any]) -> dict[str, str]:
    """Say what a collection is called and where it is."""
    href = next(link["href"] for link in part["links"] if link["rel"] in {"self", "alternate"})
    return {"title": part["title"], "href": href.partition("?")[0] + "?f=html"}


def _frame(request: Request, lang: Language) -> dict[str, object]:
    """Gather what every page shows around its own content."""
    kept = {name: value for name, value in request.query_params.items() if name in KEPT}
    who = getattr(request.state, "who", None)
    return {
        "lang": lang,
        "t": page_texts(lang),
        "decimal": partial(decimal, lang=lang),
        "path": request.url.path,
        "navigation": (*OWN_PAGES.get(who.role if who else "", ()), *NAVIGATION),
        "kept": kept,
        "who": who,
        "area": request.app.state.area,
    }


@cache
def _environment() -> Environment:
    """Return the templates; every value is escaped, and a missing one is an error."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
