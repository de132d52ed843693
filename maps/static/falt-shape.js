// How do segments look after what I did to their lines, before what I took along knows it?
// Each operation that stands is done over the segments that were taken along before it; one that
// was taken back leaves what was there. The server's word counts as soon as it is fetched.
import { t } from "./falt-words.js";
import { distance, nearest } from "./falt-place.js";
import { lengthOf } from "./falt-line.js";

/** The ends of two segments this close are one place, as the server has it. */
const MEETS_M = 1;
/** No part may be shorter. */
const LEAST_M = 0.5;

/** Kinds of operations that change lines; undo may take any of them back. */
export const RESHAPING = ["path", "split", "move", "join"];

const withLine = (segment, line) => ({ ...segment, line, length_m: Math.round(lengthOf(line)) });
const placesOf = (operation) => operation.fields.line.map(([lon, lat]) => [lat, lon]);

/** What was drawn and is not in the inventory as it was taken along. */
export const asSegment = (id, op_id, line) => withLine({
  id, op_id, kind: "path", side: "none", path_class: "okand", status: "proposed", severity: 0,
  version: null, name: t("draw_name"), signs: [], asks: []
}, line);

/**
 * The segments as they are now.
 * @param {object[]} log of this phone, in order
 * @param {object[]} taken with `at`: when each was fetched
 * @returns {Map<string, object>} by id
 */
export function shaped(log, taken) {
  const all = new Map(taken.map((one) => [one.id, one]));
  const undo = new Map(log.filter(({ operation }) => operation.kind === "undo")
    .map((entry) => [entry.operation.fields.op_id, entry]));
  for (const entry of log.filter(({ operation }) => RESHAPING.includes(operation.kind))) {
    const segment = all.get(entry.operation.segment_id);
    const back = undo.get(entry.op_id);
    if (!back && newer(entry, segment)) {
      DONE[entry.operation.kind](all, entry, segment);
    } else if (back && newer(back, segment)) {
      leave(all, entry);
    }
  }
  return all;
}

// What the server has taken shows in all that was fetched after it.
const newer = ({ state, saved_at }, segment) => state === "waiting" ||
  (["applied", "duplicate"].includes(state) && (!segment || !segment.at || saved_at > segment.at));

function leave(all, { beside }) {
  if (!beside) { return; }
  all.delete(beside.child);
  for (const segment of beside.was) { all.set(segment.id, { ...segment, at: null }); }
}

const DONE = {
  path: (all, { op_id, operation }, segment) => {
    if (!segment) { all.set(operation.segment_id, asSegment(operation.segment_id, op_id, placesOf(operation))); }
  },
  move: (all, { operation }, segment) => {
    if (segment) { all.set(segment.id, withLine(segment, placesOf(operation))); }
  },
  split: (all, { operation, beside }, segment) => {
    if (!segment || !beside || all.has(beside.child)) { return; }
    const [kept, behind] = parts(segment.line, [operation.fields.point.lat, operation.fields.point.lon]);
    all.set(segment.id, withLine(segment, kept));
    all.set(beside.child, withLine({ ...segment, id: beside.child, version: null, asks: [] }, behind));
  },
  join: (all, { operation }, segment) => {
    const other = all.get(operation.fields.with);
    const line = segment && other && joined(segment.line, other.line);
    if (!line) { return; }
    all.set(segment.id, withLine(segment, line));
    all.delete(other.id);
  }
};

/** Tell whether a line can be cut at a point. @param {{along_m: number}} where @param {number[][]} line */
export const canCut = (where, line) => where.along_m >= LEAST_M && where.along_m <= lengthOf(line) - LEAST_M;

// Both parts of a line cut at a place, as the line runs.
function parts(line, place) {
  const { point, along_m } = nearest(line, place);
  const before = line.filter((_, i) => lengthOf(line.slice(0, i + 1)) < along_m);
  return [[...before, point], [point, ...line.slice(before.length)]];
}

/** One line of two that meet end to end, in the direction of the first; null where they do not. */
export function joined(line, other) {
  const meet = (one, two) => distance(one, two) <= MEETS_M;
  const [turned, last] = [[...other].reverse(), line.length - 1];
  for (const more of [other, turned]) {
    if (meet(line[last], more[0])) { return [...line, ...more.slice(1)]; }
    if (meet(line[0], more[more.length - 1])) { return [...more.slice(0, -1), ...line]; }
  }
  return null;
}

/** The segments that a segment can become one with. @param {object} segment @param {object[]} others */
export const joinable = (segment, others) => others.filter((one) => one.id !== segment.id
  && one.kind === segment.kind && one.side === segment.side && joined(segment.line, one.line));

/**
 * Let the ends of a line meet the segments near them.
 * @param {number[][]} line
 * @param {object[]} segments
 * @param {number} within_m
 */
export function meeting(line, segments, within_m) {
  const meet = (place) => {
    const near = segments.filter((one) => distance(one.line[0], place) < one.length_m + within_m)
      .map((one) => corner(one.line, nearest(one.line, place), within_m / 2))
      .filter((one) => one.metres < within_m).sort((one, other) => one.metres - other.metres);
    return near.length ? near[0].point : place;
  };
  return [meet(line[0]), ...line.slice(1, -1), meet(line[line.length - 1])];
}

// The end of a line rather than a point close to it.
function corner(line, found, within_m) {
  const end = [line[0], line[line.length - 1]].find((place) => distance(place, found.point) < within_m);
  return end ? { ...found, point: end } : found;
}
