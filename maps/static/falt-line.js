// What can be said of a line: how long it is, how it looks with fewer points, what a GPX file holds?
import { distance } from "./falt-place.js";

const EARTH_M = 111195;

/** Metres along a line [[lat, lon], …]. */
export const lengthOf = (line) => line.slice(1).reduce((sum, place, i) => sum + distance(line[i], place), 0);

/**
 * Leave out the points that lie within so many metres of the line without them (Douglas–Peucker).
 * @param {number[][]} line [[lat, lon], …]
 * @param {number} within_m
 */
export function simplified(line, within_m) {
  if (line.length < 3) { return line; }
  const [first, last] = [line[0], line[line.length - 1]];
  let [worst, at] = [0, 0];
  for (let i = 1; i < line.length - 1; i += 1) {
    const away = offLine(line[i], first, last);
    if (away > worst) { [worst, at] = [away, i]; }
  }
  if (worst <= within_m) { return [first, last]; }
  return [...simplified(line.slice(0, at + 1), within_m).slice(0, -1), ...simplified(line.slice(at), within_m)];
}

// Metres from a place to the straight line between two others.
function offLine(place, a, b) {
  const shrink = Math.cos(a[0] * Math.PI / 180);
  const [dx, dy] = [(b[1] - a[1]) * shrink, b[0] - a[0]];
  const [px, py] = [(place[1] - a[1]) * shrink, place[0] - a[0]];
  const span = dx * dx + dy * dy;
  const share = span ? Math.min(1, Math.max(0, (px * dx + py * dy) / span)) : 0;
  return Math.hypot(px - dx * share, py - dy * share) * EARTH_M;
}

/** Put points on a line so that none are further apart than a step. */
export function dense(line, step_m) {
  return line.slice(1).reduce((made, to, i) => {
    const count = Math.max(1, Math.ceil(distance(line[i], to) / step_m));
    for (let n = 1; n <= count; n += 1) {
      made.push([line[i][0] + (to[0] - line[i][0]) * n / count, line[i][1] + (to[1] - line[i][1]) * n / count]);
    }
    return made;
  }, [line[0]]);
}

/**
 * Read the tracks and routes of a GPX file.
 * @param {string} text
 * @returns {{lines: number[][][], at: string|null}} lines as [[lat, lon], …]; when the last point was measured
 */
export function readGpx(text) {
  const file = new DOMParser().parseFromString(text, "application/xml");
  if (file.querySelector("parsererror") || file.documentElement.localName !== "gpx") { throw new Error("no GPX"); }
  const parts = [...file.getElementsByTagNameNS("*", "trkseg"), ...file.getElementsByTagNameNS("*", "rte")];
  const lines = parts.map((part) => [...part.children]
    .filter((one) => ["trkpt", "rtept"].includes(one.localName))
    .map((one) => [Number(one.getAttribute("lat")), Number(one.getAttribute("lon"))])
    .filter((place) => place.every(Number.isFinite))).filter((line) => line.length > 1);
  const times = [...file.getElementsByTagNameNS("*", "time")].map((one) => Date.parse(one.textContent))
    .filter(Number.isFinite);
  return { lines, at: times.length ? new Date(times.reduce((most, one) => Math.max(most, one))).toISOString() : null };
}
