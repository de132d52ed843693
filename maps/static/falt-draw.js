// How is a path drawn that no source knows, by walking it or by tapping the map, or an area around
// what is to be taken along? The draft lies in the phone from the first point on.
import { metres, number, t, tell } from "./falt-words.js";
import { distance, here, keepAwake } from "./falt-place.js";
import { lengthOf, simplified } from "./falt-line.js";
import { minted, newId } from "./falt-operation.js";
import { asSegment, meeting } from "./falt-shape.js";
import * as kept from "./falt-kept.js";
import * as map from "./falt-map.js";

const STEP_M = 3;
const WITHIN_M = 1.5;
const MEETS_M = 8;
const MOST_POINTS = 2000;
const LEAST = { path: 2, area: 3 };
const AROUND = 60;

/** @type {{what: "path"|"area", points: number[][], walking: boolean}|null} */
let draft = null;
let limits;
let act;

const $ = (id) => document.getElementById(id);

/**
 * @param {object} form with `limits`
 * @param {{done: (segment: object) => void, outlined: (corners: number[][]) => void, segments: () => object[], changed: () => void}} does
 */
export async function start(form, does) {
  limits = form.limits;
  act = does;
  $("draw").addEventListener("click", () => { begin("path"); });
  $("draw-walk").addEventListener("click", () => { walk(!draft.walking); });
  $("draw-here").addEventListener("click", () => { const fix = here(); if (fix) { add([fix.lat, fix.lon]); } });
  $("draw-back").addEventListener("click", () => { draft.points.pop(); keep(); });
  $("draw-done").addEventListener("click", done);
  $("draw-stop").addEventListener("click", stop);
  const left = await kept.thing("draft");
  if (left) { begin(left.what || "path", left.points); }
}

export const isOpen = () => draft !== null;

/** Begin to draw. @param {"path"|"area"} what @param {number[][]} points */
export function begin(what, points = []) {
  draft = { what, points, walking: false };
  $("draw-heading").textContent = t(`drawing_${what}`);
  $("draw-how").textContent = t(`drawing_${what}_how`);
  $("draw-walk").hidden = what === "area";
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
  const { what, points, walking } = draft;
  map.draft(what === "area" && points.length > 2 ? [...points, points[0]] : points);
  $("draw-walk").setAttribute("aria-pressed", String(walking));
  $("draw-walk").textContent = t(walking ? "draw_pause" : "draw_walk");
  $("draw-back").disabled = !points.length;
  $("draw-done").disabled = points.length < LEAST[what];
  const fix = here();
  const poor = walking && (!fix || fix.accuracy_m > limits.fix_usable_m);
  tell("draw-said", poor ? t("draw_poor")
    : t("draw_said", { n: number(points.length), m: metres(Math.round(lengthOf(points))) }));
}

async function done() {
  if (draft.what === "area") {
    const corners = draft.points;
    await stop();
    act.outlined(corners.slice(0, AROUND));
  } else {
    await drawn();
  }
}

// A segment like any other, but nobody knows it yet; its id follows from the operation to come.
async function drawn() {
  const op_id = newId();
  const line = meeting(simplified(draft.points, WITHIN_M), act.segments(), MEETS_M)
    .map((place) => place.map((one) => Number(one.toFixed(7))));
  if (lengthOf(line) < 1) { tell("fault", t("draw_short")); return; }
  draft.walking = false;
  act.done({ ...asSegment(await minted("path", op_id), op_id, line), fresh: true });
}
