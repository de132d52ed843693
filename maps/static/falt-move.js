// How is a line moved that lies beside the path: point by point or as a whole, with a thumb?
// A point is picked on the map or by a button and goes where the map is tapped, to where I stand,
// or a metre at a time. Nothing is kept before it is saved.
import { h, number, t, tell } from "./falt-words.js";
import { distance, here, nearest } from "./falt-place.js";
import { degrees, operation } from "./falt-operation.js";
import { meeting } from "./falt-shape.js";
import { nameOf } from "./falt-list.js";
import * as map from "./falt-map.js";

const STEP_M = 1;
const METRE_DEG = 1 / 111195;
const MEETS_M = 2;
/** Two places this close are one node, as the server has it. */
const NODE_M = 1;
const FINGER_PX = 24;
const WAYS = { north: [1, 0], south: [-1, 0], west: [0, -1], east: [0, 1] };

/** @type {{segment: object, line: number[][], picked: number|null, before: number[][][]}|null} */
let draft = null;
let act;

const $ = (id) => document.getElementById(id);

/** @param {{save: (made: object) => Promise<void>, segments: () => object[], changed: () => void}} does */
export function start(does) {
  act = does;
  for (const [way, [up, right]] of Object.entries(WAYS)) {
    $(`move-${way}`).addEventListener("click", () => { shift(up, right); });
  }
  $("move-next").addEventListener("click", () => { pick(draft.picked === null ? 0 : draft.picked + 1); });
  $("move-here").addEventListener("click", () => { const fix = here(); if (fix) { put([fix.lat, fix.lon]); } });
  $("move-drop").addEventListener("click", drop);
  $("move-back").addEventListener("click", () => { draft.line = draft.before.pop(); pick(null); });
  $("move-stop").addEventListener("click", stop);
  $("move-save").addEventListener("click", save);
}

export const isOpen = () => draft !== null;

/** Begin with the line of a segment. */
export function begin(segment) {
  draft = { segment, line: segment.line, picked: null, before: [] };
  document.body.classList.add("drawing");
  $("moving").hidden = false;
  tell("move-fault", null);
  act.changed();
  map.fit(segment.line);
  paint();
  $("move-heading").focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/** Leave the line as it was. */
export function stop() {
  draft = null;
  document.body.classList.remove("drawing");
  $("moving").hidden = true;
  map.draft(null);
  act.changed();
}

/** The map was tapped: a point is picked, or the picked one goes there, or the line gets a new one. */
export function tapped(place) {
  const reach = map.metresOf(FINGER_PX);
  const away = draft.line.map((one) => distance(one, place));
  const close = away.indexOf(Math.min(...away));
  if (away[close] <= reach) { pick(close === draft.picked ? null : close); return; }
  if (draft.picked !== null) { put(place); return; }
  const found = nearest(draft.line, place);
  if (found.metres > reach) { return; }
  const after = draft.line.findIndex((one) => nearest(draft.line, one).along_m > found.along_m);
  change([...draft.line.slice(0, after), found.point, ...draft.line.slice(after)], after);
}

function pick(wanted) {
  draft.picked = wanted !== null && wanted < draft.line.length ? wanted : null;
  paint();
}

function change(line, picked = draft.picked) {
  draft.before.push(draft.line);
  draft.line = line;
  pick(picked);
}

const put = (place) => {
  if (draft.picked !== null) { change(draft.line.map((one, i) => i === draft.picked ? place : one)); }
};

// A step of the picked point, else of the whole line.
function shift(up, right) {
  const step = STEP_M * METRE_DEG;
  const wide = Math.cos(draft.line[0][0] * Math.PI / 180);
  change(draft.line.map(([lat, lon], i) => draft.picked === null || draft.picked === i
    ? [lat + up * step, lon + right * step / wide] : [lat, lon]));
}

function drop() {
  if (draft.picked !== null && draft.line.length > 2) { change(draft.line.filter((_, i) => i !== draft.picked), null); }
}

// The furthest that any point of either line lies from the other.
function furthest(line, other) {
  const away = (ones, from) => Math.max(...ones.map((place) => nearest(from, place).metres));
  return Math.max(away(line, other), away(other, line));
}

function paint() {
  const { segment, line, picked, before } = draft;
  map.draft(line, picked);
  $("move-drop").disabled = picked === null || line.length < 3;
  $("move-here").disabled = picked === null;
  $("move-back").disabled = !before.length;
  $("move-save").disabled = !before.length;
  const what = picked === null ? t("move_whole", { n: number(line.length) })
    : t("move_point", { i: number(picked + 1), n: number(line.length) });
  const far = furthest(line, segment.line);
  $("move-said").replaceChildren(h("strong", { text: `${nameOf(segment)}. ` }), `${what} ${t("move_far", { m: number(far, 1) })}`);
}

async function save() {
  const { segment, line } = draft;
  const others = act.segments().filter((one) => one.id !== segment.id);
  const met = meeting(line, others, MEETS_M);
  const was = segment.line;
  const ends = new Map([[0, was[0]], [line.length - 1, was[was.length - 1]]]);
  // An end is not drawn back to the node that it was taken away from.
  const drawn = met.map((place, i) => ends.has(i) && distance(place, ends.get(i)) <= NODE_M ? line[i] : place);
  const made = operation("move", segment, { line: degrees(drawn), before: degrees(segment.line) });
  try {
    await act.save({ operations: [made], photos: [], beside: { was: [segment] } });
    stop();
  } catch {
    tell("move-fault", t("save_full"));
  }
}
