// What was seen at a segment? One form, one save, one mark; nothing is kept before that.
import { choices, h, label, metres, number, pick, t, tell } from "./falt-words.js";
import { follows } from "./falt-decide.js";
import { pictogram } from "./falt-signs.js";
import { age, here, nearest, sent } from "./falt-place.js";
import { shrink } from "./falt-photo.js";
import { nameOf } from "./falt-list.js";
import * as map from "./falt-map.js";

const MARKINGS = ["M14", "M15", "M16"];
const WIDEST_M = 100;
const OTHERS = [{ code: "none", pictogram: "none" }, { code: "unsure", pictogram: "unsure" }];

let form;
let act;
let segment = null;
let end = "signs";
let picked = {};
let mode = null;
let photos = [];
let shrinking = Promise.resolve();
let tapped = null;

const $ = (id) => document.getElementById(id);
const codeOf = (sign) => `${form.country}:${sign}`;

/** @param {object} given the form's data @param {{save: (made: object) => Promise<void>, closed: () => void}} does */
export function start(given, does) {
  form = given;
  act = does;
  $("signs").replaceChildren(...signs().map(signButton));
  $("visited").addEventListener("click", () => { setMode("visit"); });
  $("split").addEventListener("click", () => { setMode("split"); });
  $("photo").addEventListener("change", () => { addPhotos([...$("photo").files]); });
  $("form").addEventListener("submit", (event) => { event.preventDefault(); save(); });
  $("form-close").addEventListener("click", () => { close(); act.closed(); });
  $("end").addEventListener("change", () => { end = $("end").value; paint(); });
  $("plate").addEventListener("input", paint);
  speak();
}

/** Say everything in the language that is spoken now. */
export function speak() {
  for (const button of $("signs").children) {
    const { sign } = button.dataset;
    button.setAttribute("aria-label", nameOfSign(sign));
    button.lastChild.textContent = sign === "none" || sign === "unsure" ? t(`sign_${sign}`) : sign;
  }
  fill("path_class", choices("path_class"));
  fill("separation", choices("separation"));
  fill("surface", choices("surface"));
  fill("lit", choices("lit"));
  fill("direction", ["both", "forth", "back"].map((code) => [code, t(`direction_${code}`)]));
  $("end").replaceChildren(...["signs", "signs_end"].map((code) =>
    h("option", { value: code, text: t(`end_${code}`) })));
  $("end").value = end;
  $("markings").replaceChildren(...MARKINGS.map((code) => h("label", { class: "field-check" },
    h("input", { type: "checkbox", name: "markings", value: code }), h("span", { text: t(`marking_${code}`) }))));
  if (segment) { head(); paint(); }
}

function fill(name, pairs) {
  const select = $(name);
  const value = select.value;
  select.replaceChildren(h("option", { value: "", text: t("not_said") }),
    ...pairs.map(([code, text]) => h("option", { value: code, text })));
  select.value = value;
}

const signs = () => [...form.signs.filter((one) => one.current && one.role !== "plate"), ...OTHERS];
const nameOfSign = (code) => {
  const sign = form.signs.find((one) => one.code === code);
  return sign ? `${code} ${pick(sign.label)}` : t(`sign_${code}_long`);
};
/** What a sign is called, by its code with or without country. */
export const signName = (code) => nameOfSign(code.replace(/^[A-Z]{2}:/, ""));

function signButton({ code, pictogram: name }) {
  return h("button", {
    type: "button", class: "sign", "data-sign": code, "aria-pressed": "false", click: () => pickSign(code)
  }, pictogram(name, code), h("span", { class: "sign-code" }));
}

/** Open the form for a segment. @param {object} wanted @param {string[]} questions */
export function open(wanted, questions) {
  segment = wanted;
  [end, picked, mode, photos, tapped] = ["signs", {}, null, [], null];
  $("form").reset();
  $("form").hidden = false;
  $("asks").replaceChildren(...questions.map((text) => h("li", { text })));
  tell("form-fault", null);
  for (const name of ["visited", "split"]) { $(name).hidden = Boolean(segment.fresh); }
  head();
  paint();
  map.choose(segment);
  $("form-name").focus({ preventScroll: true });
}

export const isOpen = () => segment !== null;

export function close() {
  segment = null;
  $("form").hidden = true;
  map.choose(null);
}

/** A place of the map was tapped: that is where a split would be. */
export function point(place) {
  if (!segment) { return; }
  tapped = nearest(segment.line, place).point;
  if (mode === "split") { paint(); }
}

function head() {
  $("form-name").textContent = nameOf(segment);
  $("form-now").textContent = t("now", {
    kind: label("path_class", segment.path_class), length: metres(segment.length_m), status: label("status", segment.status)
  });
}

function pickSign(code) {
  picked[end] = picked[end] === code ? null : code;
  if (mode === "split" || mode === "visit") { mode = null; }
  paint();
}

function setMode(wanted) {
  mode = mode === wanted ? null : wanted;
  if (mode) { picked = {}; }
  paint();
}

function paint() {
  for (const button of $("signs").children) {
    button.setAttribute("aria-pressed", String(picked[end] === button.dataset.sign));
  }
  $("visited").setAttribute("aria-pressed", String(mode === "visit"));
  $("split").setAttribute("aria-pressed", String(mode === "split"));
  tell("form-place", placeWarning());
  $("follows").textContent = consequence();
  const where = mode === "split" ? splitPoint() : null;
  map.point(where && where.point);
  $("previews").replaceChildren(...photos.map(preview));
}

// The class that follows, by the decision table that came along.
function consequence() {
  if (mode === "visit") { return t("follows_visit"); }
  if (mode === "split") { return splitText(); }
  const sign = picked[end];
  if (!sign) { return t(segment.fresh ? "follows_fresh" : "follows_pick"); }
  if (sign === "none" || sign === "unsure") { return t(`follows_${sign}`); }
  const told = follows(form, segment.kind, sign, $("plate").value);
  return t("follows_class", { kind: label("path_class", told.path_class), reason: pick(told.reason) });
}

function splitPoint() {
  const fix = here();
  if (tapped) { return nearest(segment.line, tapped); }
  return fix ? nearest(segment.line, [fix.lat, fix.lon]) : null;
}
function splitText() {
  const where = splitPoint();
  if (!where) { return t("split_nowhere"); }
  return t("follows_split", { one: metres(where.along_m), other: metres(Math.max(0, segment.length_m - where.along_m)) });
}

// One good position is enough; an uncertain one is told, never in the way.
function placeWarning() {
  const fix = here();
  if (!fix) { return t("gate_none"); }
  const { fix_usable_m: most, fix_age_s: oldest } = form.limits;
  if (fix.accuracy_m > most) { return t("gate_unsure", { m: number(fix.accuracy_m) }); }
  return age(fix) > oldest ? t("gate_old", { s: age(fix) }) : null;
}

async function addPhotos(files) {
  const fix = sent(here());
  const taken_at = new Date().toISOString();
  shrinking = Promise.all(files.map(async (file) => {
    try {
      photos.push({ ...await shrink(file), fix, taken_at });
    } catch {
      tell("form-fault", t("photo_unreadable", { name: file.name }));
    }
  }));
  await shrinking;
  $("photo").value = "";
  if (segment) { paint(); }
}

function preview(photo) {
  const address = URL.createObjectURL(new Blob([photo.bytes], { type: "image/jpeg" }));
  return h("li", { class: "field-photo" },
    h("img", { src: address, alt: t("photo_alt", { width: photo.width, height: photo.height }), load: () => URL.revokeObjectURL(address) }),
    h("button", { type: "button", class: "button button-quiet", text: t("photo_drop"), click: () => {
      photos = photos.filter((one) => one !== photo);
      paint();
    } }));
}

async function save() {
  await shrinking;
  try {
    const made = operations();
    await act.save(made);
    close();
    act.closed();
  } catch (error) {
    if (!error.told && error.name !== "QuotaExceededError" && error.name !== "AbortError") {
      tell("form-fault", t("save_failed", { error: error.name }));
    } else {
      tell("form-fault", error.told || t("save_full"));
    }
    $("form-fault").scrollIntoView({ block: "nearest" });
  }
}

const wrong = (key) => Object.assign(new Error(key), { told: t(key) });

// One operation; further photos are operations of their own that point at it.
function operations() {
  const fields = mode === "split" ? { ...splitFields(), ...noted() } : { ...signFields(), ...typed(), ...noted() };
  const kind = segment.fresh ? "path" : mode === "split" ? "split"
    : mode === "visit" && Object.keys(fields).every((name) => name === "note") ? "visit" : "mark";
  if (kind === "mark" && !Object.keys(fields).length && !photos.length) { throw wrong("save_nothing"); }
  if (segment.fresh) { fields.line = segment.line.map(([lat, lon]) => [lon, lat]); }
  if (photos.length) {
    fields.photos = photos.map(({ sha256, taken_at, fix }) => ({ sha256, taken_at, fix }));
  }
  const common = {
    segment_id: segment.id, base_version: segment.version, observed_at: new Date().toISOString(), fix: sent(here())
  };
  const first = { op_id: segment.fresh ? segment.op_id : newId(), kind, ...common, fields, photo_sha256: photos.length ? photos[0].sha256 : null };
  const rest = photos.slice(1).map(({ sha256 }) => ({
    op_id: newId(), kind: "photo", ...common, fields: { of: first.op_id }, photo_sha256: sha256
  }));
  return { operations: [first, ...rest], photos, segment };
}

function splitFields() {
  const where = splitPoint();
  if (!where) { throw wrong("split_nowhere"); }
  return { point: { lon: where.point[1], lat: where.point[0] }, measure_m: Math.round(where.along_m * 10) / 10 };
}

function signFields() {
  const fields = {};
  for (const [name, code] of Object.entries(picked)) {
    if (code === "unsure") { fields.unsure = true; } else if (code) { fields[name] = code === "none" ? ["none"] : [codeOf(code)]; }
  }
  return fields;
}

const plain = (name) => $(name).value.split("\0").join("").trim();

function typed() {
  const fields = {};
  for (const name of ["plate", "path_class", "direction", "separation", "surface", "lit", "obstacle"]) {
    if (plain(name)) { fields[name] = plain(name); }
  }
  const markings = [...$("markings").querySelectorAll("input:checked")].map((one) => one.value);
  if (markings.length) { fields.markings = markings; }
  const width = plain("width_m");
  if (width) {
    fields.width_m = Number(width.replace(",", "."));
    if (!(fields.width_m > 0 && fields.width_m <= WIDEST_M)) { throw wrong("width_wrong"); }
  }
  return fields;
}

const noted = () => plain("note") ? { note: plain("note") } : {};

/** A new UUID of version 7: in order of time. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let i = 0; i < 6; i += 1) { bytes[i] = Math.floor(now / 256 ** (5 - i)) % 256; }
  bytes[6] = (bytes[6] & 15) | 112;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
