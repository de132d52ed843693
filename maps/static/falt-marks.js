// What did I save, what has been sent, and what became of it?
import { h, label, metres, number, t, time } from "./falt-words.js";
import { signName } from "./falt-form.js";
import { operation as made } from "./falt-operation.js";
import { lengthOf } from "./falt-line.js";
import { nameOf } from "./falt-list.js";
import * as kept from "./falt-kept.js";

const SHOWN = 200;
const FIELDS = ["width_m", "separation", "surface", "lit", "markings", "plate", "direction", "obstacle", "note"];
/** @type {Map<string, object>} what the server told of operations */
let became = new Map();

/** Ask what became of one's own marks; without a network the last word stays. */
export async function ask() {
  const answer = await fetch("/api/field/marks", { credentials: "same-origin", redirect: "manual" });
  if (!answer.ok) { return; }
  const { marks } = await answer.json();
  became = new Map(marks.map((mark) => [mark.op_id, mark]));
  await kept.keepThing("became", marks);
}
/** Read the last word that the server gave. */
export async function recall() {
  const marks = await kept.thing("became") || [];
  became = new Map(marks.map((mark) => [mark.op_id, mark]));
}

/** Segment to what I did there last; what was taken back does not count. @param {object[]} log */
export function mine(log) {
  const done = new Map();
  const all = merged(log);
  const undone = new Set(all.map(({ operation }) => operation.kind === "undo" && operation.fields.op_id));
  for (const { operation } of all.reverse()) {
    if (!["undo", "photo"].includes(operation.kind) && !undone.has(operation.op_id)) {
      done.set(operation.segment_id, describe(operation));
    }
  }
  return done;
}

const lineOf = (operation) => operation.fields.line.map(([lon, lat]) => [lat, lon]);

/** Say what an operation says. */
export function describe(operation) {
  const fields = operation.fields || {};
  const parts = [];
  if (operation.kind === "visit") { return [t("did_visit"), fields.note].filter(Boolean).join(" · "); }
  if (operation.kind === "move") { return t("did_move"); }
  if (operation.kind === "join") { return [t("did_join"), fields.note].filter(Boolean).join(" · "); }
  if (operation.kind === "split") { return t("did_split", { m: metres(fields.measure_m || 0) }); }
  if (operation.kind === "undo") { return t("did_undo"); }
  if (operation.kind === "photo") { return t("did_photo"); }
  if (operation.kind === "path") { parts.push(t("did_path", { m: metres(Math.round(lengthOf(lineOf(operation)))) })); }
  parts.push(...[...(fields.signs || []), ...(fields.signs_end || [])].map(signName));
  if (fields.unsure) { parts.push(t("sign_unsure_long")); }
  if (fields.path_class) { parts.push(label("path_class", fields.path_class)); }
  for (const name of FIELDS) { if (fields[name] !== undefined) { parts.push(valueOf(name, fields[name])); } }
  if (operation.photo_sha256) { parts.push(t("did_photo")); }
  return parts.join(" · ");
}

function valueOf(name, value) {
  if (name === "width_m") { return t("did_width", { m: number(value, 2) }); }
  if (name === "direction") { return t(`direction_${value}`); }
  return ["separation", "surface", "lit"].includes(name) ? label(name, value) : String(value);
}

/**
 * List one's own marks, the newest first.
 * @param {object[]} log
 * @param {Map<string, object>} segments
 * @param {{undo: (operation: object) => void}} act
 */
export function show(log, segments, { undo }) {
  const all = merged(log);
  const undone = new Set(all.map(({ operation }) => operation.kind === "undo" && operation.fields.op_id));
  const rows = all.slice(0, SHOWN).map((entry) => row(entry, segments, undone, undo));
  document.getElementById("marks").replaceChildren(...rows);
  document.getElementById("weeks").replaceChildren(...weeks(all, segments));
}

// What lies in the phone, and what was sent from another one.
function merged(log) {
  const known = new Set(log.map((entry) => entry.op_id));
  const others = [...became.values()].filter((mark) => !known.has(mark.op_id)).map((mark) => ({
    op_id: mark.op_id, operation: mark, state: mark.result, reason: mark.reason, saved_at: mark.observed_at
  }));
  return [...log].reverse().concat(others);
}

function row({ operation, state, reason, saved_at }, segments, undone, undo) {
  const segment = segments.get(operation.segment_id);
  const told = became.get(operation.op_id);
  const gone = undone.has(operation.op_id);
  const decision = told && told.decision;
  return h("li", { class: "row field-mark", "data-op-id": operation.op_id, "data-state": state },
    h("p", {}, h("strong", { text: describe(operation) })),
    h("p", { class: "small", text: `${segment ? nameOf(segment) : operation.segment_id} · ${time(operation.observed_at || saved_at)}` }),
    h("p", { class: `field-state field-${state}`, text: gone ? t("state_undone") : t(`state_${state}`) }),
    reason ? h("p", { class: "small", text: reason }) : null,
    decision ? h("p", { class: "field-answer", text: t("answer", {
      kind: label("path_class", decision.path_class), reason: decision.reason || "–" }) }) : null,
    told && told.disputed && state !== "conflict" && !gone && !decision
      ? h("p", { class: "field-state field-conflict", text: t("disputed") }) : null,
    gone || ["undo", "photo"].includes(operation.kind) || state === "invalid" ? null
      : h("button", { type: "button", class: "button button-quiet", text: t("undo"), click: () => undo(operation) }));
}

/** The operation that takes another back. */
export const takingBack = ({ op_id, segment_id }) =>
  made("undo", { id: segment_id, version: null }, { op_id });

// Segments and kilometres of each week, by the Monday it began.
function weeks(all, segments) {
  const seen = new Map();
  for (const { operation, saved_at } of all) {
    const day = new Date(operation.observed_at || saved_at);
    day.setDate(day.getDate() - (day.getDay() + 6) % 7);
    const week = day.toLocaleDateString("sv-SE");
    seen.set(week, (seen.get(week) || new Set()).add(operation.segment_id));
  }
  return [...seen].map(([week, ids]) => h("li", { text: t("week", {
    week, n: number(ids.size),
    km: metres([...ids].reduce((sum, id) => sum + (segments.get(id)?.length_m || 0), 0))
  }) }));
}

/** Hand the whole log out as a file, for when nothing else works. */
export async function saveFile(log) {
  const blob = new Blob([JSON.stringify({ user: kept.whose(), log }, null, 1)], { type: "application/json" });
  const link = h("a", { href: URL.createObjectURL(blob), download: `gcvag-${new Date().toISOString().slice(0, 10)}.json` });
  link.click();
  URL.revokeObjectURL(link.href);
}
