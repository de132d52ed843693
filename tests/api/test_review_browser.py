"""Does a planner get through the queue by keyboard alone?"""

from __future__ import annotations

import uuid
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest

from gis import areas, inventory, marks
from gis.store import create_store, open_store
from tests.api.conftest import ROLES, WORDS, admit, copied
from tests.api.test_server import free_port, serve_into, wait
from tests.axe import violations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, StorageState

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.enable_socket]

QUEUE = "[data-testid=queue-item]"
RADIOS = "#review-candidates input"
SAID = "#review-said"
DISPUTED = 3
NOTE = "<img src=x onerror=alert(1)>"


def dispute(path: Path) -> list[str]:
    """Let two people see different signs at the first segments; return these."""
    store = open_store(path)
    authors = [user.author for user in store.users() if user.role in ROLES[:2]]
    ids = sorted(store.layer("segments")["segment_id"])[:DISPUTED]
    for author, sign in zip(authors, ("SE:D4", "SE:D5"), strict=True):
        said = [_mark(one, sign) for one in ids]
        marks.receive(store, said, author=author, now=datetime.now(UTC))
    inventory.refresh(store, ids)
    store.close()
    return ids


def _mark(segment_id: str, sign: str) -> dict[str, Any]:
    """Return what a phone sends about a sign."""
    return {
        "op_id": str(uuid.uuid4()),
        "kind": "mark",
        "segment_id": segment_id,
        "base_version": None,
        "fields": {"signs": [sign], "note": NOTE},
        "observed_at": "2026-05-12T08:00:00Z",
        "fix": None,
    }


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Iterator[str]:
    """Serve an inventory with disputed segments; every test leaves some of them open."""
    path = copied(built, tmp_path_factory.mktemp("review"))
    dispute(path)
    yield from serving(path)


def serving(path: Path) -> Iterator[str]:
    """Serve a store as a process of its own."""
    port = free_port()
    process = get_context("spawn").Process(
        target=serve_into, args=(path.with_suffix(".txt"), str(path), port)
    )
    process.start()
    try:
        wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.join(30)


@pytest.fixture(scope="module")
def session(address: str, chromium: Browser) -> StorageState:
    """Log a planner in, once: a name has ten tries a minute; the log-in leads to the queue."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/logga-in")
    page.fill("input[name=username]", "planner")
    page.fill("input[name=password]", WORDS)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/granska*")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def shown(address: str, chromium: Browser, session: StorageState) -> Iterator[Page]:
    """Show a planner the queue; no fault of a script and no request elsewhere by the end."""
    faults: list[str] = []
    context = chromium.new_context(
        locale="sv-SE", timezone_id="Europe/Stockholm", storage_state=session
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.on("request", lambda one: None if _own(one.url, address) else faults.append(one.url))
    page.goto(f"{address}/granska")
    page.wait_for_selector("html[data-ready]", state="attached")
    yield page
    context.close()
    assert faults == []


def _own(url: str, address: str) -> bool:
    """Tell a request to our own server."""
    return url.startswith((address, "data:", "blob:"))


def first_in_queue(page: Page) -> str:
    return str(page.locator(QUEUE).first.get_attribute("data-segment-id"))


def open_first(page: Page) -> str:
    """Open the first of the queue by keyboard; the form has the focus then."""
    page.locator(f"{QUEUE} button").first.focus()
    page.keyboard.press("Enter")
    wait_for_form(page)
    return first_in_queue(page)


def wait_for_form(page: Page) -> None:
    page.wait_for_function(
        "() => document.activeElement.name === 'path_class' && !document.activeElement.checked"
    )


def decide_elsewhere(page: Page, address: str, segment_id: str) -> None:
    """Let somebody decide the segment from another program."""
    item = f"{address}/ogc/collections/segments/items/{segment_id}"
    headers = {
        "Authorization": "Bearer planner-token",
        "If-Match": "*",
        "Content-Type": "application/merge-patch+json",
    }
    body = {"properties": {"path_class": "gagata", "reason": "Beslut i Vänersborg"}}
    assert page.request.patch(item, data=body, headers=headers).status == 200


def test_two_keys_decide_and_the_next_one_opens(shown: Page) -> None:
    before = shown.locator(QUEUE).count()
    segment_id = open_first(shown)
    answers = shown.locator("[data-testid=answer]").all_inner_texts()
    assert len(answers) == 2
    assert "inspector" in answers[0]
    assert "D4" in answers[0]
    assert NOTE in answers[0]
    shown.keyboard.press("Space")
    shown.keyboard.press("Enter")
    shown.wait_for_function(
        "id => document.querySelector('[data-testid=popup]').dataset.segmentId !== id",
        arg=segment_id,
    )
    wait_for_form(shown)
    shown.locator(f"{SAID}:has-text('Beslutat')").wait_for()
    assert shown.locator(QUEUE).count() == before - 1
    assert segment_id != first_in_queue(shown)
    shown.locator("[data-testid=undo]").focus()
    shown.keyboard.press("Enter")
    shown.locator(f"{SAID}:has-text('tillbakataget')").wait_for()
    shown.locator("[data-testid=history]:has-text('Tog tillbaka')").wait_for()
    assert first_in_queue(shown) == segment_id
    assert shown.locator(QUEUE).count() == before


def test_what_was_typed_is_kept_when_the_connection_is_lost(shown: Page) -> None:
    open_first(shown)
    shown.context.set_offline(True)
    shown.fill("[name=comment]", "Skylt D4 sitter kvar")
    shown.locator(RADIOS).first.check()
    shown.locator("[data-testid=decide] [type=submit]").click()
    shown.locator("#review-fault:has-text('kontakt')").wait_for()
    wait_kept(shown)
    shown.context.set_offline(False)
    shown.locator("[data-testid=decide] [type=submit]").click()
    shown.locator(f"{SAID}:has-text('Beslutat')").wait_for()


def wait_kept(page: Page) -> None:
    """Wait until the form holds what was typed."""
    page.wait_for_function(
        "() => document.querySelector('[name=comment]').value === 'Skylt D4 sitter kvar'"
    )
    assert page.locator(f"{RADIOS}:checked").count() == 1


def test_an_expired_session_says_so_and_keeps_what_was_typed(shown: Page) -> None:
    open_first(shown)
    shown.context.clear_cookies()
    shown.fill("[name=comment]", "Skylt D4 sitter kvar")
    shown.locator(RADIOS).first.check()
    shown.locator("[data-testid=decide] [type=submit]").click()
    shown.locator("#review-fault a[href='/logga-in']").wait_for()
    wait_kept(shown)


def test_a_stale_decision_shows_what_stands_and_keeps_what_was_typed(
    shown: Page, address: str
) -> None:
    segment_id = open_first(shown)
    decide_elsewhere(shown, address, segment_id)
    shown.fill("[name=comment]", "Skylt D4 sitter kvar")
    shown.locator(RADIOS).first.check()
    shown.locator("[data-testid=decide] [type=submit]").click()
    shown.locator("#review-fault:has-text('Gågata')").wait_for()
    wait_kept(shown)
    shown.locator("[data-testid=decide] [type=submit]").click()
    shown.locator(f"{SAID}:has-text('Beslutat')").wait_for()


def test_a_decided_segment_in_the_address_can_be_taken_back_in_english(
    shown: Page, address: str
) -> None:
    segment_id = first_in_queue(shown)
    decide_elsewhere(shown, address, segment_id)
    shown.goto(f"{address}/granska?segment={segment_id}&lang=en")
    history = shown.locator("[data-testid=history]")
    assert "planner Decision: Pedestrian street" in history.inner_text()
    assert "Vänersborg" in history.inner_text()
    shown.locator("[data-testid=undo]").click()
    shown.locator(f"{SAID}:has-text('taken back')").wait_for()
    assert first_in_queue(shown) == segment_id


def log_in_beside(context: BrowserContext, address: str) -> None:
    """Log a planner in, in another page of the same browser."""
    page = context.new_page()
    page.goto(f"{address}/logga-in")
    page.fill("input[name=username]", "planner")
    page.fill("input[name=password]", WORDS)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/granska*")
    page.close()


def test_a_finding_is_accepted_with_a_reason(shown: Page, address: str) -> None:
    open_first(shown)
    finding = shown.locator("[data-finding-id]").first
    finding.evaluate("one => { for (let e = one; e; e = e.parentElement) "
                     "{ if (e.tagName === 'DETAILS') { e.open = true; } } }")  # fmt: skip
    finding_id = finding.get_attribute("data-finding-id")
    finding.locator(".review-accept summary").click()
    finding.locator("[name=reason]").fill("Så ska det vara.")
    shown.context.clear_cookies()
    shown.keyboard.press("Enter")
    shown.locator("#review-fault a[href='/logga-in']").wait_for()
    log_in_beside(shown.context, address)
    finding.locator("[name=reason]").press("Enter")
    shown.locator(f"{SAID}:has-text('godtagen')").wait_for()
    settled = shown.locator(f"[data-finding-id='{finding_id}']")
    assert "Så ska det vara." in str(settled.text_content())


def test_notes_stand_in_the_queue_when_they_are_asked_for(shown: Page) -> None:
    before = shown.locator(QUEUE).count()
    with shown.expect_event("load"):
        shown.locator("[data-testid=notes]").click()
    shown.wait_for_selector("html[data-ready]", state="attached")
    assert shown.locator(QUEUE).count() > before
    last = shown.locator(f"{QUEUE} button").last
    last.click()
    wait_for_form(shown)
    with shown.expect_event("load"):
        shown.locator("[data-testid=notes]").click()
    shown.wait_for_selector("html[data-ready]", state="attached")
    assert shown.locator(QUEUE).count() == before


def test_from_the_skip_link_to_a_decision_by_keyboard(shown: Page, address: str) -> None:
    shown.goto(f"{address}/granska")
    shown.wait_for_selector("html[data-ready]", state="attached")
    for key in ("Tab", "Enter", "Tab", "Enter"):
        shown.keyboard.press(key)
    wait_for_form(shown)
    for key in ("Space", "Enter"):
        shown.keyboard.press(key)
    shown.locator(f"{SAID}:has-text('Beslutat')").wait_for()
    shown.locator("[data-testid=undo]").click()
    shown.locator(f"{SAID}:has-text('tillbakataget')").wait_for()


def parts(page: Page) -> int:
    """Count the segments that the page knows."""
    return int(page.evaluate("() => gcvag.byId.size"))


def test_a_segment_is_split_and_joined_again_by_keyboard(shown: Page) -> None:
    segment_id = open_first(shown)
    before = parts(shown)
    shown.locator("[data-testid=cut] summary").focus()
    shown.keyboard.press("Enter")
    shown.keyboard.press("Tab")
    whole = shown.locator("#review-along").input_value()
    shown.keyboard.press("ArrowRight")
    assert float(shown.locator("#review-along").input_value()) > float(whole)
    shown.keyboard.press("Tab")
    shown.keyboard.press("Enter")
    shown.locator(f"{SAID}:has-text('delad')").wait_for()
    assert parts(shown) == before + 1
    assert shown.locator(f"{QUEUE}[data-segment-id='{segment_id}']").count() == 1
    assert "planner" in shown.locator("[data-testid=shaping]").inner_text()
    shown.locator("[data-testid=undo-split]").focus()
    shown.keyboard.press("Enter")
    shown.locator(f"{SAID}:has-text('tillbakatagen')").wait_for()
    assert parts(shown) == before
    assert shown.locator("[data-testid=shaping]").count() == 0


def test_a_segment_is_split_where_the_map_is_clicked(shown: Page) -> None:
    segment_id = open_first(shown)
    shown.locator("[data-testid=cut] summary").click()
    point = shown.evaluate(
        """(id) => { const line = gcvag.byId.get(id).line, from = line[0], to = line.at(-1);
          return gcvag.map.latLngToContainerPoint(
            [from[0] + (to[0] - from[0]) / 4, from[1] + (to[1] - from[1]) / 4]); }""",
        segment_id,
    )
    shown.locator("[data-testid=map]").click(position=point)
    told = shown.evaluate(
        """(id) => Number(document.getElementById("review-along").value)
          / gcvag.byId.get(id).value("length_m")""",
        segment_id,
    )
    assert told == pytest.approx(0.25, abs=0.03)
    shown.locator("[data-testid=popup]").wait_for(state="detached")


def line_of(page: Page, segment_id: str) -> list[list[float]]:
    """Return the line of a segment as the page draws it, [lat, lon]."""
    line: list[list[float]] = page.evaluate("id => gcvag.byId.get(id).line", segment_id)
    return line


MEETING = """id => {
  const own = gcvag.byId.get(id), [lat, lon] = own.line[0];
  const line = [[lat, lon], [lat, lon + 0.01]];
  gcvag.byId.set("met", Object.create(own, { id: { value: "met" }, line: { value: line } }));
}"""
"""A path that begins where a segment does; a step away from it is not taken back."""


def test_a_line_is_corrected_and_taken_back_by_keyboard(shown: Page) -> None:
    segment_id = open_first(shown)
    before = line_of(shown, segment_id)
    shown.evaluate(MEETING, segment_id)
    shown.locator("[data-testid=move] summary").focus()
    shown.keyboard.press("Enter")
    shown.keyboard.press("Tab")
    shown.keyboard.press("ArrowRight")
    assert "Punkt 1 av" in shown.locator("#review-point-said").inner_text()
    shown.keyboard.press("Tab")
    for metres in range(1, 6):
        shown.keyboard.press("Enter")
        assert f"högst {metres} m" in shown.locator("#review-move-said").inner_text()
    shown.locator("[data-testid=move-save]").focus()
    shown.keyboard.press("Enter")
    shown.locator(f"{SAID}:has-text('rättad')").wait_for()
    after = line_of(shown, segment_id)
    assert (after[0][0] - before[0][0]) * 111195 == pytest.approx(5, abs=0.2)
    assert after[1] == pytest.approx(before[1], abs=2e-6)
    compare = shown.locator("[data-testid=before-after]")
    compare.click()
    assert compare.get_attribute("aria-pressed") == "true"
    assert shown.locator(".leaflet-overlay-pane path[stroke-dasharray]").count() == 1
    shown.locator("[data-testid=undo-move]").click()
    shown.locator(f"{SAID}:has-text('tillbakatagen')").wait_for()
    assert line_of(shown, segment_id)[0] == pytest.approx(before[0], abs=2e-6)


POINT = """([id, at]) => { const where = gcvag.byId.get(id).line.at(at);
  const box = gcvag.map.getContainer().getBoundingClientRect();
  const point = gcvag.map.latLngToContainerPoint(where);
  return [box.x + point.x, box.y + point.y]; }"""
NEAREST = """(id) => { const own = gcvag.byId.get(id).line[0];
  const away = (one) => Math.abs(gcvag.byId.get(one).line[0][0] - own[0]);
  const others = [...gcvag.byId.keys()].filter((one) => one !== id);
  return others.sort((one, other) => away(one) - away(other))[0]; }"""
BOTH = """([id, other]) => { gcvag.map.fitBounds(
  L.latLngBounds(gcvag.byId.get(id).line.concat(gcvag.byId.get(other).line)),
  { animate: false, padding: [140, 140] }); }"""


def test_an_end_is_dragged_onto_another_path_and_both_become_one(shown: Page) -> None:
    segment_id = open_first(shown)
    before, known = line_of(shown, segment_id), parts(shown)
    other = shown.evaluate(NEAREST, segment_id)
    shown.locator("[data-testid=move] summary").click()
    shown.locator("[data-testid=popup]").wait_for(state="detached")
    shown.evaluate(BOTH, [segment_id, other])
    shown.mouse.move(*shown.evaluate(POINT, [segment_id, -1]))
    shown.mouse.down()
    x, y = shown.evaluate(POINT, [other, 0])
    shown.mouse.move(x - 20, y - 20)
    shown.mouse.move(x + 1, y + 1)
    shown.mouse.up()
    assert "fäster vid" in shown.locator("#review-move-said").inner_text()
    shown.locator("[data-testid=move-save]").click()
    shown.locator(f"{SAID}:has-text('rättad')").wait_for()
    assert line_of(shown, segment_id)[-1] == pytest.approx(line_of(shown, other)[0], abs=2e-6)
    shown.locator("[data-testid=join] summary").click()
    assert shown.locator("#review-join-with").input_value() == other
    shown.locator("[data-testid=join-save]").click()
    shown.locator(f"{SAID}:has-text('Sträckorna är en')").wait_for()
    assert parts(shown) == known - 1
    assert len(line_of(shown, segment_id)) == len(before) + 1
    for deed in ("join", "move"):
        shown.locator(f"[data-testid=undo-{deed}]").click()
        shown.locator(f"[data-testid=undo-{deed}]").wait_for(state="detached")
    assert parts(shown) == known
    assert line_of(shown, segment_id)[-1] == pytest.approx(before[-1], abs=2e-6)


def test_a_corrected_line_is_kept_when_the_connection_is_lost(shown: Page) -> None:
    open_first(shown)
    shown.locator("[data-testid=move] summary").click()
    shown.locator("#review-move-east").click()
    said = shown.locator("#review-move-said").inner_text()
    shown.context.set_offline(True)
    shown.locator("[data-testid=move-save]").click()
    shown.locator("#review-fault:has-text('kontakt')").wait_for()
    assert shown.locator("#review-move-said").inner_text() == said
    assert shown.locator("[data-testid=move-save]").is_enabled()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_reflows_and_its_targets_are_large(shown: Page, width: int) -> None:
    shown.set_viewport_size({"width": width, "height": 800})
    open_first(shown)
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    small = shown.evaluate(
        """[...document.querySelectorAll(
          "#review :is(button, summary, textarea), #review label:has(input)")]
        .filter((e) => e.getClientRects().length)
        .filter((e) => e.getBoundingClientRect().height < 44
          || e.getBoundingClientRect().width < 44).map((e) => e.outerHTML)"""
    )
    assert small == []


SEND_PHOTO = """async (segment) => {
  const canvas = new OffscreenCanvas(200, 100), pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, 200, 100);
  pen.fillStyle = "black";
  for (let x = 0; x < 200; x += 4) { pen.fillRect(x, 0, 2, 100); }
  const body = await (await canvas.convertToBlob()).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const name = [...hash].map((one) => one.toString(16).padStart(2, "0")).join("");
  const send = (method, address, type, body) =>
    fetch(address, { method, body, headers: { "content-type": type } });
  await send("PUT", `/api/photos/${name}`, "image/png", body);
  const mark = {
    op_id: crypto.randomUUID(), kind: "photo", segment_id: segment, base_version: null,
    fields: {}, observed_at: new Date().toISOString(), fix: null, photo_sha256: name };
  const told = JSON.stringify({ device: "d", operations: [mark] });
  await send("POST", "/api/sync", "application/json", told);
  return name;
}"""
GONE = "async (name) => (await fetch(`/api/photos/${name}`)).status"
# How much light and dark differ in the left and in the right half of the picture.
CONTRAST = """async (name) => {
  const picture = await createImageBitmap(await (await fetch(`/api/photos/${name}`)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height), pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const spread = (left) => {
    const seen = pen.getImageData(left + 10, 20, 60, 60).data.filter((_, i) => i % 4 === 0);
    return Math.max(...seen) - Math.min(...seen);
  };
  return [spread(0), spread(picture.width / 2 + 20)];
}"""


def test_a_photo_is_made_unreadable_in_part_and_then_removed(shown: Page) -> None:
    name = shown.evaluate(SEND_PHOTO, first_in_queue(shown))
    shown.reload()
    shown.wait_for_selector("html[data-ready]", state="attached")
    open_first(shown)
    assert min(shown.evaluate(CONTRAST, name)) > 200
    shown.locator("[data-testid=photo-blur]").first.focus()
    shown.keyboard.press("Enter")
    assert shown.locator("[data-testid=photo-blur-send]").is_disabled()
    shown.locator("[data-testid=photo-box-add]").press("Enter")
    for _ in range(25):
        shown.keyboard.press("ArrowLeft")
    for _ in range(12):
        shown.keyboard.press("Shift+ArrowRight")
    assert violations(shown) == []
    # The stage moves while the page is still laid out: where it is, is asked right before.
    box = shown.locator("[data-testid=photo-stage]").bounding_box()
    assert box is not None
    shown.mouse.move(box["x"] + 2, box["y"] + 2)
    shown.mouse.down()
    shown.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] - 2)
    shown.mouse.up()
    assert shown.locator("[data-testid=photo-box]").count() == 2
    shown.locator("[data-testid=photo-blur-send]").press("Enter")
    shown.locator(f"{SAID}:focus:has-text('läsa')").wait_for()
    left, right = shown.evaluate(CONTRAST, name)
    assert (left < 120, right > 200) == (True, True)
    shown.locator("[data-testid=photo-drop]").press("Enter")
    shown.locator("[data-testid=photo-leave]").press("Enter")
    assert shown.locator("[data-testid=photo] img").count() == 1
    shown.locator("[data-testid=photo-drop]").press("Enter")
    shown.locator("[data-testid=photo-drop-send]").press("Enter")
    shown.locator("[data-testid=photo]:has-text('borttaget')").wait_for()
    assert (
        shown.evaluate("(name) => fetch(`/api/photos/${name}`).then((one) => one.status)", name)
        == 404
    )


PARTS = 4


@pytest.fixture
def corridor(tmp_path: Path, password_hash: str) -> Iterator[tuple[str, list[str]]]:
    """Serve an inventory of one named path in several pieces (synthetic), and name the pieces."""
    nodes = [
        f'<node id="{n}" version="1" lat="56.1614" lon="{15.589 + n / 1000:.3f}"/>'
        for n in range(1, PARTS + 2)
    ]
    ways = [
        f'<way id="{n}" version="1"><nd ref="{n}"/><nd ref="{n + 1}"/>'
        '<tag k="highway" v="footway"/><tag k="name" v="Strandstråket"/></way>'
        for n in range(1, PARTS + 1)
    ]
    delivery = tmp_path / "SYNTETISKT_strak.osm"
    delivery.write_text(f'<osm version="0.6">{"".join(nodes + ways)}</osm>', encoding="utf-8")
    path = tmp_path / "strak.gpkg"
    with closing(create_store(path, areas.load("karlskrona").to_json())) as store:
        admit(store, password_hash)
        inventory.import_file(store, delivery)
        inventory.update(store)
        ids = sorted(store.table("segments")["segment_id"])
    for address in serving(path):
        yield address, ids


def test_a_corridor_is_decided_at_once_and_what_others_changed_is_left(
    corridor: tuple[str, list[str]], chromium: Browser
) -> None:
    address, ids = corridor
    context = chromium.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")
    log_in_beside(context, address)
    shown = context.new_page()
    shown.goto(f"{address}/granska?segment={ids[0]}")
    whole = shown.locator("details.review-corridor")
    whole.locator("summary").focus()
    shown.keyboard.press("Enter")
    send = whole.locator("[data-testid=decide-corridor]")
    assert send.inner_text() == f"Besluta {len(ids)} sträckor"
    assert violations(shown) == []
    send.focus()
    shown.keyboard.press("Enter")
    shown.locator(f"{SAID}:has-text('Välj en klass')").wait_for()
    shown.locator(RADIOS).first.focus()
    shown.keyboard.press("Space")
    chosen = str(shown.locator(f"{RADIOS}:checked").get_attribute("value"))
    decide_elsewhere(shown, address, ids[-1])
    send.focus()
    shown.keyboard.press("Enter")
    shown.locator(f"{SAID}:has-text('Beslutat {len(ids) - 1} av {len(ids)}')").wait_for()
    shown.locator(f"{SAID}:has-text('1 hade ändrats av någon annan')").wait_for()
    classes = [
        shown.request.get(f"{address}/ogc/collections/segments/items/{one}").json()["properties"]
        for one in ids
    ]
    assert {told["status"] for told in classes} == {"decided"}
    assert [told["path_class"] for told in classes] == [*[chosen] * (len(ids) - 1), "gagata"]
    context.close()
