// How is a path drawn that no source knows: by walking it, or by tapping the map?
// The draft lies in the phone from the first point on; it becomes a mark when it is saved.
import { metres, number, t, tell } from "./falt-words.js";
import { distance, here, keepAwake, nearest } from "./falt-place.js";
import { lengthOf, simplified } from "./falt-line.js";
import { newId } from "./falt-form.js";
import * as kept from "./falt-kept.js";
import * as map from "./falt-map.js";

const STEP_M = 3;
const WITHIN_M = 1.5;
const MEETS_M = 8;
const MOST_POINTS = 2000;
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** @type {{points: number[][], walking: boolean}|null} */
let draft = null;
let limits;
let act;

const $ = (id) => document.getElementById(id);

/** @param {object} form with `limits` @param {{done: (segment: object) => void, segments: () => object[], changed: () => void}} does */
export async function start(form, does) {
  limits = form.limits;
  act = does;
  $("draw").addEventListener("click", () => { begin({ points: [], walking: false }); });
  $("draw-walk").addEventListener("click", () => { walk(!draft.walking); });
  $("draw-here").addEventListener("click", () => { const fix = here(); if (fix) { add([fix.lat, fix.lon]); } });
  $("draw-back").addEventListener("click", () => { draft.points.pop(); keep(); });
  $("draw-done").addEventListener("click", done);
  $("draw-stop").addEventListener("click", stop);
  const left = await kept.thing("draft");
  if (left) { begin({ ...left, walking: false }); }
}

export const isOpen = () => draft !== null;

function begin(wanted) {
  draft = wanted;
  document.body.classList.add("drawing");
  $("drawing").hidden = false;
  tell("fault", null);
  paint();
  map.resized();
  act.changed();
  $("draw-heading").focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/** Put the draft away; what was drawn is gone, what was saved is not. */
export async function stop() {
  draft = null;
  document.body.classList.remove("drawing");
  $("drawing").hidden = true;
  map.draft(null);
  map.resized();
  await kept.keepThing("draft", null);
  act.changed();
}

/** The map was tapped. */
export function tapped(place) { if (draft) { add(place); } }

/** A position came; while walking, one that is sure and far enough from the last is a point. */
export function moved(fix) {
  if (!draft || !draft.walking) { return; }
  const place = [fix.lat, fix.lon];
  const last = draft.points[draft.points.length - 1];
  if (fix.accuracy_m <= limits.fix_usable_m && (!last || distance(last, place) >= STEP_M)) { add(place); }
  paint();
}

function walk(wanted) {
  draft.walking = wanted;
  keepAwake(wanted);
  const fix = here();
  if (fix) { moved(fix); }
  paint();
}

function add(place) {
  if (draft.points.length >= MOST_POINTS) { draft.points = simplified(draft.points, WITHIN_M); }
  draft.points.push(place);
  keep();
}
function keep() {
  paint();
  kept.keepThing("draft", draft).catch(() => { tell("fault", t("save_full")); });
}

function paint() {
  const { points, walking } = draft;
  map.draft(points);
  $("draw-walk").setAttribute("aria-pressed", String(walking));
  $("draw-walk").textContent = t(walking ? "draw_pause" : "draw_walk");
  $("draw-back").disabled = !points.length;
  $("draw-done").disabled = points.length < 2;
  const fix = here();
  const poor = walking && (!fix || fix.accuracy_m > limits.fix_usable_m);
  tell("draw-said", poor ? t("draw_poor")
    : t("draw_said", { n: number(points.length), m: metres(Math.round(lengthOf(points))) }));
}

// A segment like any other, but nobody knows it yet; its id follows from the operation to come.
async function done() {
  const op_id = newId();
  const line = ends(simplified(draft.points, WITHIN_M)).map((place) => place.map((one) => Number(one.toFixed(7))));
  if (lengthOf(line) < 1) { tell("fault", t("draw_short")); return; }
  draft.walking = false;
  act.done(asSegment(await pathId(op_id), op_id, line));
}

/** What was drawn and is not in the inventory as it was taken along. */
export const asSegment = (id, op_id, line) => ({
  id, op_id, line, kind: "path", path_class: "okand", status: "proposed", severity: 0, version: null,
  length_m: Math.round(lengthOf(line)), name: t("draw_name"), signs: [], asks: [], fresh: true
});

// An end near a path that is there already meets it.
function ends(line) {
  const meet = (place) => {
    const near = act.segments().filter((one) => distance(one.line[0], place) < one.length_m + MEETS_M)
      .map((one) => corner(one.line, nearest(one.line, place)))
      .filter((one) => one.metres < MEETS_M).sort((one, other) => one.metres - other.metres);
    return near.length ? near[0].point : place;
  };
  return [meet(line[0]), ...line.slice(1, -1), meet(line[line.length - 1])];
}

// The end of a line rather than a point close to it.
function corner(line, found) {
  const end = [line[0], line[line.length - 1]].find((place) => distance(place, found.point) < MEETS_M / 2);
  return end ? { ...found, point: end } : found;
}

/** The segment that a drawing operation makes, as the server names it. @param {string} op_id */
export async function pathId(op_id) {
  const bytes = new TextEncoder().encode(`path|${op_id}|`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 15);
  return "s" + Array.from(hash, (byte) => LETTERS[byte % 32]).join("");
}
