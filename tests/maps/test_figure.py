"""Does a page ask nobody for anything, and does no text of a layer become code?"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import folium
import pytest
from folium import plugins
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import NotFoundError
from maps import assets, inventory, text
from maps.figure import AssetError, OfflineFigure, OfflineMap, Shell, as_json
from maps.page import About

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from branca.element import Element

PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "`+alert(1)+`",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    '" onmouseover="alert(1)',
    "\\",
    "\\u003cscript>",
    "{{ 7*7 }}",
    "{% raw %}",
    "javascript:alert(1)",
    "\u2028alert(1)",
    "\u202eabc",
    "&lt;b&gt;",
    "'",
    "x" * 10_000,
]
ISLAND = re.compile(r'<script type="application/json" id="gcvag-data">(.*?)</script>', re.DOTALL)


def island(html: str) -> dict[str, Any]:
    found = ISLAND.findall(html)
    assert len(found) == 1
    data: dict[str, Any] = json.loads(found[0])
    return data


def plugin(name: str) -> Element:
    made: Element = getattr(plugins, name)()
    return made


def figure(child: Element) -> str:
    data = {"kind": "inventory", "title": "", "lang": "sv"}
    page = OfflineFigure(data, shell=Shell(), about=About())
    page.add_child(child)
    return page.render()


def test_a_file_names_no_other_host(layers: dict[str, gpd.GeoDataFrame]) -> None:
    html = inventory.draw(layers, title="Karlskrona")
    without = ISLAND.sub("", html)
    links = re.findall(r'(?:src|href)\s*=\s*["\']?([^"\'\s>]+)', without.split("<body")[0])
    assert all(link.startswith("data:") for link in links)
    assert not re.search(r"<script[^>]+src=|<link[^>]+stylesheet|@import|url\((?!#)", without)
    assert "sourceMappingURL" not in html


def test_the_policy_knows_every_script_and_style(layers: dict[str, gpd.GeoDataFrame]) -> None:
    html = inventory.draw(layers, title="Karlskrona")
    policy = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)[0]
    assert "unsafe" not in policy
    assert "http" not in policy
    bodies = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", html, re.DOTALL)
    assert len(bodies) > len(assets.REGISTRY)
    for body in bodies:
        digest = b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy.replace("&#39;", "'")


@pytest.mark.parametrize(
    "child",
    [
        pytest.param(lambda page: page.add_child(plugin("MiniMap")), id="plugin"),
        pytest.param(lambda page: page.add_js_link("cdn", "https://example.org/x.js"), id="script"),
        pytest.param(
            lambda page: page.add_css_link("cdn", "https://example.org/x.css"), id="style"
        ),
    ],
)
def test_an_unknown_asset_fails_the_build(child: Callable[[OfflineMap], object]) -> None:
    page = OfflineMap({})
    child(page)
    with pytest.raises(AssetError, match=r"not registered|head of the page"):
        figure(page)


def test_a_stock_map_is_refused_since_it_writes_its_own_head() -> None:
    with pytest.raises(AssetError, match="head of the page"):
        figure(folium.Map(tiles=None))


@pytest.mark.parametrize("name", sorted(assets.UNUSED))
def test_what_folium_asks_for_and_no_page_uses_is_dropped(name: str) -> None:
    assert assets.find(name) is None


@pytest.mark.parametrize("name", list(assets.REGISTRY))
def test_every_registered_asset_can_stand_in_a_page(name: str) -> None:
    asset = assets.find(name)
    assert asset is not None
    assert asset.inline
    assert "</" not in asset.inline.replace("</g", "").lower() or asset.file.endswith(".js")


@pytest.mark.parametrize(
    "name", ["../assets.py", "manifest.json", "nothing.js", "", "9" * 5000, "a\0"]
)
def test_only_named_files_are_served(name: str) -> None:
    with pytest.raises(NotFoundError):
        assets.vendor_file(name)
    with pytest.raises(NotFoundError):
        assets.static_file(name)


def test_a_changed_vendored_file_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {**assets.vendored(), "leaflet.css": "sha384-other"}
    monkeypatch.setattr(assets, "vendored", lambda: changed)
    with pytest.raises(AssetError, match="make vendor"):
        assets.vendor_file("leaflet.css")


def test_every_vendored_library_carries_licence_and_version() -> None:
    manifest = json.loads((assets.VENDOR / "manifest.json").read_text("utf-8"))
    for library in manifest["libraries"]:
        assert re.fullmatch(r"\d+\.\d+\.\d+", library["version"])
        assert library["licence"]
        assert any(file["name"].endswith("LICENSE") for file in library["files"])
    assert "http" not in json.dumps(manifest)


@given(st.text())
def test_json_in_a_page_reads_back_and_holds_no_sign_of_html(given_text: str) -> None:
    written = as_json({"name": given_text})
    assert json.loads(written) == {"name": given_text}
    assert not set("<>&\u2028\u2029") & set(written)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("column", ["name", "reason_sv", "surface", "segment_id"])
def test_no_text_of_a_layer_stands_outside_the_data(
    layers: dict[str, gpd.GeoDataFrame], payload: str, column: str
) -> None:
    segments = layers["segments"].assign(**{column: [f"Q7§{payload}", "b", "c"]})
    html = inventory.draw({**layers, "segments": segments}, title="Karlskrona")
    assert "Q7§" not in ISLAND.sub("", html)
    known = island(html)
    assert f"Q7§{payload}" in [*known["texts"], *known["segments"]["segment_id"]]


@pytest.mark.parametrize("payload", PAYLOADS[:8])
def test_title_and_sources_are_text(layers: dict[str, gpd.GeoDataFrame], payload: str) -> None:
    html = inventory.draw(layers, title=payload, about=About(sources=(payload,)))
    assert "<img" not in html
    assert html.count("</script>") == html.count("<script")


def test_a_served_page_links_with_nonce_and_checksum(layers: dict[str, gpd.GeoDataFrame]) -> None:
    shell = Shell(served=True, nonce="n0nce", data_url="/karta.json")
    html = inventory.draw(layers, title="Karlskrona", shell=shell)
    scripts = [tag for tag in re.findall(r"<script[^>]*>", html) if "json" not in tag]
    assert all('nonce="n0nce"' in tag for tag in scripts)
    (script,) = re.findall(r'src="/static/([^"]+)" integrity="(sha384-[^"]+)"', html)
    (style,) = re.findall(r'stylesheet" href="/static/([^"]+)" integrity="(sha384-[^"]+)"', html)
    for name, checksum in (script, style):
        assert assets.checksum(assets.static_file(name), "sha384") == checksum
    assert "http-equiv" not in html
    assert island(html)["src"] == "/karta.json"
    assert "segments" not in island(html)


@pytest.mark.parametrize("parts", [("map",), ("map", "tiled", "served"), ("map", "review")])
def test_a_bundle_holds_the_files_of_its_parts_in_order(parts: tuple[str, ...]) -> None:
    named = [name for part in parts for name in assets.PARTS[part] if name.endswith(".js")]
    made = assets.bundle(parts, "js")
    texts = [assets.Asset(*name.split("/")).inline for name in named]
    assert made.data.decode() == "\n".join(texts)
    assert assets.static_file(made.file) == made.data


def test_every_script_of_a_map_page_is_part_of_a_bundle() -> None:
    bundled = {name for names in assets.PARTS.values() for name in names}
    alone = {"gcvag-measures.js", "gcvag-signwork.js"}  # pages without a map
    own = {path.name for path in assets.STATIC.glob("gcvag-*.js")} - alone
    assert {f"static/{name}" for name in own} <= bundled


@pytest.mark.parametrize(
    "name",
    ["map-0000000000000000.js", "none-0000000000000000.js", "map.none-0000000000000000.css"],
)
def test_a_bundle_of_other_contents_is_not_there(name: str) -> None:
    with pytest.raises(NotFoundError):
        assets.static_file(name)


def test_a_page_may_be_zoomed_and_speaks_its_language(layers: dict[str, gpd.GeoDataFrame]) -> None:
    html = inventory.draw(layers, title="Karlskrona", lang="en")
    assert '<html lang="en"' in html
    assert "maximum-scale" not in html
    assert "<title>Foot and cycle paths – Karlskrona</title>" in html


def test_the_same_layers_give_the_same_file(layers: dict[str, gpd.GeoDataFrame]) -> None:
    assert inventory.draw(layers, title="K") == inventory.draw(layers, title="K")


def test_attribution_follows_from_the_sources(layers: dict[str, gpd.GeoDataFrame]) -> None:
    assert island(inventory.draw(layers, title="K"))["attribution"] == [
        "© OpenStreetMap contributors, ODbL 1.0"
    ]


def test_every_sentence_is_there_in_both_languages() -> None:
    assert all(all(pair) for pair in text.both().values())


def test_every_sentence_that_a_script_asks_for_exists() -> None:
    known = set(text.both())
    scripts = "".join(path.read_text("utf-8") for path in assets.STATIC.glob("*.js"))
    asked = set(re.findall(r'\bg\.t\("([\w.]+)"\s*[,)]', scripts))
    page = (assets.STATIC.parent / "templates" / "page.html").read_text("utf-8")
    asked |= set(re.findall(r'\bt\("([\w.]+)"\)', page))
    assert asked <= known
    assert len(asked) > 30
