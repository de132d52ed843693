// What is taken along before going out, and is all of it here?
import { h, metres, number, size, t, tell, time } from "./falt-words.js";
import * as ground from "./falt-ground.js";
import * as kept from "./falt-kept.js";

const DIGITS = 6;
let areas = [];
let passing = null;

/** Read what was taken along before. */
export async function read() { areas = await kept.areas(); }

/** All segments that are here, the newest word of each; what is only looked at comes last. */
export function everything() {
  const all = new Map();
  const [questions, streets, shapes] = [[], [], []];
  const parts = [...areas, ...(passing ? [passing] : [])].sort((one, other) => one.at.localeCompare(other.at));
  for (const part of parts) {
    const first = questions.length;
    questions.push(...part.questions);
    streets.push(...part.streets);
    shapes.push(...(part.ground || []));
    for (const one of part.segments) {
      all.set(one.id, { ...one, at: part.at, asks: one.asks.map((place) => place + first) });
    }
  }
  return { segments: [...all.values()], questions, streets, ground: shapes };
}

export const isEmpty = () => !areas.length && !passing;

/** Look at what lies around a place without keeping it. @param {number[]|null} place [lat, lon] */
export async function look(place, radius_m = 1000) {
  passing = await fetched(around(place, radius_m), () => {});
  return [passing.place[1], passing.place[0]];
}

const around = (place, radius_m) => ({ radius_m, ...(place ? { lon: place[1], lat: place[0] } : {}) });
const inside = (corners) => ({
  corners: corners.map(([lat, lon]) => `${lon.toFixed(DIGITS)},${lat.toFixed(DIGITS)}`).join(" ")
});

/** @typedef {{ask: object, what: object}} Choice what the server is asked for, and what the phone calls it */

/**
 * What was chosen in the list.
 * @param {string} wanted metres, "view" or "district:ID"
 * @param {{here: number[], seen: number[][], name: string}} now
 * @returns {Choice}
 */
export function chosen(wanted, { here, seen, name }) {
  if (wanted === "view") { return { ask: inside(seen), what: { kind: "view" } }; }
  if (wanted.startsWith("district:")) {
    return { ask: { district_id: wanted.slice("district:".length) }, what: { kind: "district", name } };
  }
  return { ask: around(here, Number(wanted)), what: { kind: "around", m: Number(wanted) } };
}
/** @param {number[][]} corners of a line that was drawn @returns {Choice} */
export const outlined = (corners) => ({ ask: inside(corners), what: { kind: "drawn" } });

/** Take an area along: segments, questions, ground, and the background where the area names one. @param {Choice} choice */
export async function take({ ask, what }) {
  const loading = (bytes) => tell("area-said", t("area_loading", { size: size(bytes) }));
  const told = await fetched(ask, loading);
  const tiles = await ground.take(boxOf(told), (done, of, bytes) => tell("area-said",
    t("ground_loading", { n: number(done), of: number(of), size: size(told.bytes + bytes) })));
  const id = `${what.kind} ${what.name || ""}${told.place.map((one) => one.toFixed(3)).join(",")}`;
  await kept.keepArea({ ...told, bytes: told.bytes + tiles.bytes, tiles: tiles.names, what, id });
  await read();
  await kept.askToKeep();
}

async function fetched(ask, progress) {
  const answer = await fetch(`/api/field/area?${new URLSearchParams(ask)}`, { credentials: "same-origin" });
  if (!answer.ok) { throw Object.assign(new Error(`status ${answer.status}`), { status: answer.status }); }
  const reader = answer.body.getReader();
  const parts = [];
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    bytes += part.value.length;
    progress(bytes);
  }
  const told = JSON.parse(await new Blob(parts).text());
  return { ...told, bytes, at: new Date().toISOString() };
}

// West, south, east and north of all that was taken.
function boxOf({ segments, streets }) {
  const places = [...segments.map((one) => one.line), ...streets].flat();
  const side = (axis, least) => places.reduce((best, one) => least(best, one[axis]), places[0]?.[axis] ?? 0);
  return [side(1, Math.min), side(0, Math.min), side(1, Math.max), side(0, Math.max)];
}

/** Offer the districts of the area; those known before stand where there is no network. */
export async function offerDistricts() {
  try {
    const answer = await fetch("/ogc/collections/districts/items?limit=1000&f=json");
    if (answer.ok) {
      const { features } = await answer.json();
      await kept.keepThing("districts", features.map(({ id, properties }) => [id, properties.name]));
    }
  } catch { /* no network: nothing new is taken along either */ }
  const names = await kept.thing("districts") || [];
  document.getElementById("radius").append(...names.map(([id, name]) => h("option", { value: `district:${id}`, text: name })));
}

/** Tell whether page, worker and an area are all stored. */
export async function isReady() {
  if (!areas.length || !("serviceWorker" in navigator)) { return false; }
  const registration = await navigator.serviceWorker.getRegistration("/falt");
  return Boolean(registration && registration.active);
}

const NAMED = {
  around: ({ m }) => t("area_around", { reach: metres(m) }), district: ({ name }) => name,
  drawn: () => t("area_drawn"), view: () => t("area_view")
};

/** List what was taken along; each can be dropped. @param {() => void} dropped */
export function list(dropped) {
  const rows = areas.map((area) => h("li", { class: "field-area" },
    h("span", { text: t("area_row", { what: named(area), n: number(area.segments.length), size: size(area.bytes), time: time(area.at) }) }),
    h("button", { type: "button", class: "button button-quiet", text: t("area_drop"), click: async () => {
      await kept.dropArea(area.id);
      await read();
      await ground.keepOnly(new Set(areas.flatMap((one) => one.tiles || [])));
      dropped();
    } })));
  document.getElementById("areas").replaceChildren(...rows);
}

// An area of an older page knows only its reach.
const named = ({ what, radius_m }) => what ? NAMED[what.kind](what) : NAMED.around({ m: radius_m });
