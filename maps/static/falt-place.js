// Where am I, how sure is that, and what is near?
import { bearing } from "./falt-compass.js";

/** @typedef {{lon: number, lat: number, accuracy_m: number, heading: number|null, at: number}} Fix */

const DEGREE_M = 111195;
const AVERAGED_MS = 10000;
const FIRST_MS = 1000;
/** @type {Fix[]} */
let recent = [];
/** @type {Fix|null} */
let fix = null;
let refused = false;

export const here = () => fix;
export const wasRefused = () => refused;
/** Age of the position in whole seconds. */
export const age = (one) => Math.max(0, Math.round((Date.now() - one.at) / 1000));

/**
 * Follow the position.
 * @param {() => void} moved called at each position and at a refusal
 * @returns {Promise<void>} when the first one came, or was refused, or is long in coming
 */
export function follow(moved) {
  return new Promise((first) => {
    setTimeout(first, FIRST_MS);
    if (!navigator.geolocation) { refused = true; first(); return; }
    navigator.geolocation.watchPosition((told) => {
      refused = false;
      fix = averaged(told);
      first();
      moved();
    }, (error) => {
      refused = error.code === 1;
      first();
      moved();
    }, { enableHighAccuracy: true, maximumAge: 2000, timeout: 30000 });
  });
}

// Positions of the last seconds that agree are averaged by their accuracy; one alone is enough.
function averaged({ coords }) {
  const told = {
    lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy,
    heading: Number.isFinite(coords.heading) ? coords.heading : null, at: Date.now()
  };
  recent = recent.filter((one) => told.at - one.at < AVERAGED_MS &&
    distance([one.lat, one.lon], [told.lat, told.lon]) < Math.min(one.accuracy_m, told.accuracy_m) / 2);
  recent.push(told);
  const weights = recent.map((one) => 1 / Math.max(one.accuracy_m, 1) ** 2);
  const all = weights.reduce((sum, one) => sum + one, 0);
  const mean = (name) => recent.reduce((sum, one, i) => sum + one[name] * weights[i], 0) / all;
  return { ...told, lon: mean("lon"), lat: mean("lat") };
}

/** As it is sent: what was measured, how old it was, and which way the phone looked. @param {Fix} one */
export const sent = (one) => one && {
  lon: one.lon, lat: one.lat, accuracy_m: one.accuracy_m, age_s: age(one),
  ...(one.heading === null ? {} : { heading: one.heading }),
  ...(bearing() === null ? {} : { bearing: bearing() })
};

/** Metres between two places [lat, lon]. */
export function distance(one, other) {
  const east = (other[1] - one[1]) * Math.cos(one[0] * Math.PI / 180);
  return Math.hypot(east, other[0] - one[0]) * DEGREE_M;
}

/**
 * The point of a line nearest to a place.
 * @param {number[][]} line [[lat, lon], …]
 * @param {number[]} place [lat, lon]
 * @returns {{point: number[], metres: number, along_m: number, share: number}}
 */
export function nearest(line, place) {
  const shrink = Math.cos(place[0] * Math.PI / 180);
  let best = { point: line[0], metres: Infinity, along_m: 0 };
  let before = 0;
  for (let i = 1; i < line.length; i += 1) {
    const [a, b] = [line[i - 1], line[i]];
    const [dx, dy] = [(b[1] - a[1]) * shrink, b[0] - a[0]];
    const span = dx * dx + dy * dy;
    const share = span ? ((place[1] - a[1]) * shrink * dx + (place[0] - a[0]) * dy) / span : 0;
    const part = Math.min(1, Math.max(0, share));
    const point = [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
    const metres = distance(place, point);
    const step = distance(a, b);
    if (metres < best.metres) { best = { point, metres, along_m: before + step * part }; }
    before += step;
  }
  return { ...best, share: before ? best.along_m / before : 0 };
}

let lock = null;
/** Keep the screen on while the page is seen. @returns {Promise<boolean>} whether it is kept on */
export async function keepAwake(wanted) {
  if (!navigator.wakeLock) { return false; }
  try {
    if (wanted && !lock) {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => { lock = null; });
    } else if (!wanted && lock) {
      await lock.release();
    }
  } catch { /* the browser says no: battery saver, page not seen */ }
  return Boolean(lock);
}
