// Where should I go, and where have I been: errands, a suggested round, a track from another device?
import { h, metres, number, t, tell, time } from "./falt-words.js";
import { distance, nearest } from "./falt-place.js";
import { dense, readGpx } from "./falt-line.js";
import { operation } from "./falt-operation.js";
import { nameOf } from "./falt-list.js";
import { suggest } from "./falt-round.js";
import * as kept from "./falt-kept.js";
import * as map from "./falt-map.js";

const STEP_M = 5;
const BESIDE_M = 12;
const COVERED = 0.8;
const CELL_DEG = 0.0003;

let errands = [];
let round = null;
let act;
let visits = [];

const $ = (id) => document.getElementById(id);

/** @param {{state: () => object, open: (id: string) => void, look: (id: string) => void, save: (operations: object[]) => Promise<void>}} does */
export async function start(does) {
  act = does;
  $("round").addEventListener("click", () => { plan(); });
  $("track").addEventListener("change", () => { readTrack($("track").files[0]); });
  $("track-save").addEventListener("click", saveTrack);
  errands = await kept.thing("errands") || [];
}

/** Ask what planners want visited; without a network the last word stays. */
export async function ask() {
  const answer = await fetch("/api/errands", { credentials: "same-origin", redirect: "manual" });
  if (!answer.ok) { return; }
  errands = (await answer.json()).errands;
  await kept.keepThing("errands", errands);
}

/** Segments that planners ask somebody, or me, to visit. */
export const wanted = () => new Set(mine().map((one) => one.segment_id));
const mine = () => errands.filter((one) => !one.inspector || one.inspector === kept.whose());

/** List the errands, nearest first; one visited since is done. */
export function show() {
  const { segments, here, log } = act.state();
  const done = (one) => log.some(({ operation, saved_at }) =>
    operation.segment_id === one.segment_id && saved_at > new Date(one.at).toISOString());
  const far = (one) => segments.has(one.segment_id) && here ? nearest(segments.get(one.segment_id).line, here).metres : Infinity;
  const rows = mine().filter((one) => !done(one))
    .map((one) => ({ one, metres: far(one) })).sort((a, b) => a.metres - b.metres);
  $("errands").hidden = !rows.length;
  $("errand-rows").replaceChildren(...rows.map(({ one, metres: away }) => errandRow(one, segments.get(one.segment_id), away)));
  $("errands-heading").textContent = t("errands", { n: number(rows.length) });
}

function errandRow(one, segment, away) {
  return h("li", { class: "row field-row", "data-testid": "errand", "data-segment-id": one.segment_id },
    h("button", { type: "button", class: "row-button", click: () => { if (segment) { act.open(one.segment_id); } else { act.look(one.segment_id); } } },
      h("span", { class: "field-away", text: Number.isFinite(away) ? metres(Math.round(away)) : "" }),
      h("span", { class: "row-text" },
        h("span", { class: "row-name", text: segment ? nameOf(segment) : t("errand_elsewhere") }),
        h("span", { class: "row-more", text: t(one.inspector ? "errand_yours" : "errand_anybody", { who: one.author, time: time(one.at) }) }),
        one.note ? h("span", { class: "row-note", text: one.note }) : null)));
}

// The open questions nearest to me, and what planners ask for first.
function plan() {
  if (round) { round = null; showRound(); return; }
  const { segments, streets, here, done } = act.state();
  const asked = wanted();
  const open = [...segments.values()].filter((one) => !done.has(one.id) && (one.asks.length || asked.has(one.id)));
  if (!here || !open.length) { tell("round-said", t(here ? "round_none" : "place_none")); return; }
  const away = new Map(open.map((one) => [one.id, distance(one.line[0], here)]));
  open.sort((a, b) => Number(asked.has(b.id)) - Number(asked.has(a.id)) || away.get(a.id) - away.get(b.id));
  round = suggest(open, [...[...segments.values()].map((one) => one.line), ...streets], here);
  showRound();
}

/** Show the round with its stops in order, or none. */
export function showRound() {
  map.drawRound(round && round.line);
  $("round").setAttribute("aria-pressed", String(Boolean(round)));
  tell("round-said", round && t("round_said", { n: number(round.stops.length), m: metres(round.length_m) }));
  const { done } = act.state();
  $("stops").replaceChildren(...(round ? round.stops : []).map((one, i) => h("li", { class: "row field-row" },
    h("button", { type: "button", class: "row-button", click: () => act.open(one.id) },
      h("span", { class: "field-away", text: `${i + 1}.` }), h("span", { class: "row-text" }, h("span", { class: "row-name", text: nameOf(one) }),
        done.has(one.id) ? h("span", { class: "field-done", text: `✓ ${done.get(one.id)}` }) : null)))));
}

async function readTrack(file) {
  if (!file) { return; }
  try {
    const { lines, at } = readGpx(await file.text());
    visits = covered(lines, [...act.state().segments.values()])
      .map((segment) => visit(segment, at || new Date(file.lastModified).toISOString()));
    tell("track-said", t("track_said", { n: number(visits.length), name: file.name }));
  } catch {
    visits = [];
    tell("track-said", t("track_unreadable", { name: file.name }));
  }
  $("track-save").hidden = !visits.length;
  $("track").value = "";
}

const visit = (segment, at) => operation("visit", segment, { track: true }, { observed_at: at, fix: null });

async function saveTrack() {
  try {
    await act.save(visits);
    visits = [];
    $("track-save").hidden = true;
    tell("track-said", t("track_saved"));
  } catch {
    tell("track-said", t("save_full"));
  }
}

/** The segments of which a track follows nearly all. @param {number[][][]} lines @param {object[]} segments */
export function covered(lines, segments) {
  const cells = new Map();
  for (const place of lines.flatMap((line) => dense(line, STEP_M))) {
    const name = cell(place, 0, 0);
    if (!cells.has(name)) { cells.set(name, []); }
    cells.get(name).push(place);
  }
  const near = (place) => [-1, 0, 1].some((dy) => [-1, 0, 1].some((dx) =>
    (cells.get(cell(place, dy, dx)) || []).some((one) => distance(one, place) <= BESIDE_M)));
  return segments.filter(({ line }) => {
    const points = dense(line, STEP_M);
    return points.filter(near).length >= COVERED * points.length;
  });
}
const cell = ([lat, lon], dy, dx) => `${Math.floor(lat / CELL_DEG) + dy},${Math.floor(lon / CELL_DEG) + dx}`;
