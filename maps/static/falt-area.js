// What is taken along before going out, and is all of it here?
import { h, metres, number, size, t, tell, time } from "./falt-words.js";
import * as kept from "./falt-kept.js";

let areas = [];
let passing = null;

/** Read what was taken along before. */
export async function read() { areas = await kept.areas(); }

/** All segments that are here, the newest word of each; what is only looked at comes last. */
export function everything() {
  const all = new Map();
  const questions = [];
  const streets = [];
  const parts = [...areas, ...(passing ? [passing] : [])].sort((one, other) => one.at.localeCompare(other.at));
  for (const part of parts) {
    const first = questions.length;
    questions.push(...part.questions);
    streets.push(...part.streets);
    for (const one of part.segments) {
      all.set(one.id, { ...one, asks: one.asks.map((place) => place + first) });
    }
  }
  return { segments: [...all.values()], questions, streets };
}

export const isEmpty = () => !areas.length && !passing;

/** Look at what lies around a place without keeping it. @param {number[]|null} place [lat, lon] */
export async function look(place, radius_m = 1000) {
  const fetched = await fetchAround(place, radius_m, () => {});
  passing = fetched;
  return [fetched.place[1], fetched.place[0]];
}

/** Take along what lies around a place. */
export async function take(place, radius_m) {
  const fetched = await fetchAround(place, radius_m, (bytes) => tell("area-said", t("area_loading", { size: size(bytes) })));
  const id = `${fetched.place[0].toFixed(3)},${fetched.place[1].toFixed(3)}`;
  await kept.keepArea({ ...fetched, id, radius_m });
  await read();
  await kept.askToKeep();
}

async function fetchAround(place, radius_m, progress) {
  const where = place ? `&lon=${place[1]}&lat=${place[0]}` : "";
  const answer = await fetch(`/api/field/area?radius_m=${radius_m}${where}`, { credentials: "same-origin" });
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

/** Tell whether page, worker and an area are all stored. */
export async function isReady() {
  if (!areas.length || !("serviceWorker" in navigator)) { return false; }
  const registration = await navigator.serviceWorker.getRegistration("/falt");
  return Boolean(registration && registration.active);
}

/** List what was taken along; each can be dropped. @param {() => void} dropped */
export function list(dropped) {
  const rows = areas.map((area) => h("li", { class: "field-area" },
    h("span", { text: t("area_row", {
      n: number(area.segments.length), reach: metres(area.radius_m), size: size(area.bytes), time: time(area.at)
    }) }),
    h("button", { type: "button", class: "button button-quiet", text: t("area_drop"), click: async () => {
      await kept.dropArea(area.id);
      await read();
      dropped();
    } })));
  document.getElementById("areas").replaceChildren(...rows);
}
