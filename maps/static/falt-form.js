// What was seen at a segment? One form, one save, one mark; nothing is kept before that.
import { choices, h, label, metres, number, pick, t, tell } from "./falt-words.js";
import { follows } from "./falt-decide.js";
import { pictogram } from "./falt-signs.js";
import { age, distance, here, nearest } from "./falt-place.js";
import { listen } from "./falt-compass.js";
import { album } from "./falt-photo.js";
import { degrees, minted, operation } from "./falt-operation.js";
import { canCut, joinable } from "./falt-shape.js";
import { nameOf } from "./falt-list.js";
import * as map from "./falt-map.js";

const WIDEST_M = 100;
const NONE = "none";
/** What is said of the whole segment and stands alone. */
const ALONE = ["visit", "split", "join"];
const OTHERS = [{ code: "none", pictogram: "none" }, { code: "unsure", pictogram: "unsure" }];

let form;
let act;
let segment = null;
let end = "signs";
let picked = {};
let several = false;
let mode = null;
let tapped = null;
let other = null;
const photos = album({
  changed: () => { $("photo").value = ""; if (segment) { paint(); } },
  unreadable: (name) => { tell("form-fault", t("photo_unreadable", { name })); }
});

const $ = (id) => document.getElementById(id);
const codeOf = (sign) => `${form.country}:${sign}`;

/**
 * @param {object} given the form's data
 * @param {{save: (made: object) => Promise<void>, closed: () => void, move: (segment: object) => void, segments: () => object[]}} does
 */
export function start(given, does) {
  form = given;
  act = does;
  $("signs").replaceChildren(...signs().map(signButton));
  for (const [id, wanted] of [["visited", "visit"], ["split", "split"], ["join", "join"]]) {
    $(id).addEventListener("click", () => { setMode(wanted); });
  }
  $("move").addEventListener("click", () => { const moved = segment; close(); act.closed(); act.move(moved); });
  $("several").addEventListener("click", () => {
    several = !several;
    if (several && ALONE.includes(mode)) { mode = null; }
    paint();
  });
  $("photo").addEventListener("change", () => { photos.add([...$("photo").files]); });
  $("form").addEventListener("pointerdown", listen, { once: true });
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
  if (segment) { head(); ground(); paint(); }
}

// The markings that are painted at this kind of segment; those of a crossing come first.
function ground() {
  const said = painted();
  $("markings").replaceChildren(...form.markings[segment.kind].map((code) => h("label", { class: "field-check" },
    h("input", { type: "checkbox", name: "markings", value: code, checked: said.includes(code), change: onlyOne }),
    h("span", { text: t(`marking_${code}`) }))));
  $(segment.kind === "crossing" ? "asks" : "end-label").before($("painted"));
}

// "None" and a marking cannot both be there.
function onlyOne({ target }) {
  for (const box of $("markings").querySelectorAll("input")) {
    if (target.checked && (box.value === NONE) !== (target.value === NONE)) { box.checked = false; }
  }
  if (ALONE.includes(mode)) { mode = null; }
  paint();
}

const painted = () => [...$("markings").querySelectorAll("input:checked")].map((one) => one.value);

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
  [end, picked, several, mode, tapped, other] = ["signs", {}, false, null, null, null];
  photos.clear();
  $("form").reset();
  $("form").hidden = false;
  $("asks").replaceChildren(...questions.map((text) => h("li", { text })));
  tell("form-fault", null);
  for (const name of ["visited", "split", "move", "join"]) { $(name).hidden = Boolean(segment.fresh); }
  $("markings").replaceChildren();
  head();
  ground();
  paint();
  map.choose(segment);
  $("form-name").focus({ preventScroll: true });
}

export const isOpen = () => segment !== null;

export function close() {
  if (!segment.fresh) { map.draft(null); }
  segment = null;
  $("form").hidden = true;
  map.choose(null);
}

/** A place of the map was tapped: that is where a split would be, or what a join is with. */
export function point(place) {
  if (!segment) { return; }
  tapped = nearest(segment.line, place).point;
  if (mode === "join") {
    const near = (one) => nearest(one.line, place).metres;
    other = partners().reduce((best, one) => !best || near(one) < near(best) ? one : best, null);
  }
  if (mode === "split" || mode === "join") { paint(); }
}

function head() {
  $("form-name").textContent = nameOf(segment);
  $("form-now").textContent = t("now", {
    kind: label("path_class", segment.path_class), length: metres(segment.length_m), status: label("status", segment.status)
  });
}

const chosen = () => picked[end] || [];
const alone = (code) => OTHERS.some((one) => one.code === code);

// One sign stands for another, unless several are said to hang there.
function pickSign(code) {
  const more = several && !alone(code);
  const kept = more ? chosen().filter((one) => one !== code && !alone(one)) : [];
  picked[end] = chosen().includes(code) ? kept : [...kept, code];
  if (ALONE.includes(mode)) { mode = null; }
  paint();
}

function setMode(wanted) {
  mode = mode === wanted ? null : wanted;
  if (mode) { [picked, several] = [{}, false]; }
  other = mode === "join" && partners().length === 1 ? partners()[0] : null;
  paint();
}

const partners = () => joinable(segment, act.segments());

function paint() {
  for (const button of $("signs").children) {
    button.setAttribute("aria-pressed", String(chosen().includes(button.dataset.sign)));
  }
  const pressed = { visited: mode === "visit", split: mode === "split", join: mode === "join", several };
  for (const [id, on] of Object.entries(pressed)) { $(id).setAttribute("aria-pressed", String(on)); }
  tell("form-place", placeWarning());
  $("follows").textContent = consequence();
  const where = mode === "split" ? splitPoint() : null;
  map.point(where && where.point);
  if (!segment.fresh) { map.draft(other && other.line); }
  $("partners").replaceChildren(...(mode === "join" ? partners().map(partner) : []));
  $("previews").replaceChildren(...photos.previews());
}

function partner(one) {
  const atA = distance(one.line[0], segment.line[0]) < 1 || distance(one.line[one.line.length - 1], segment.line[0]) < 1;
  return h("li", {}, h("button", {
    type: "button", class: "button button-quiet button-wide", "data-partner": one.id, "aria-pressed": String(one === other),
    text: t("join_with", { end: atA ? "A" : "B", name: nameOf(one), kind: label("path_class", one.path_class), length: metres(one.length_m) }),
    click: () => { other = one; paint(); }
  }));
}

// The class that follows, by the decision table that came along.
function consequence() {
  if (mode === "visit") { return t("follows_visit"); }
  if (mode === "split") { return splitText(); }
  if (mode === "join") { return t(other ? "follows_join" : partners().length ? "join_pick" : "join_nobody"); }
  const [sign] = chosen();
  const markings = painted();
  if (sign === "unsure" || (sign === NONE && !markings.length)) { return t(`follows_${sign}`); }
  if (!sign && !markings.length) { return t(segment.fresh ? "follows_fresh" : "follows_pick"); }
  const told = follows(form, segment.kind, sign === NONE ? [] : chosen(), { plate: $("plate").value, markings });
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
  if (!canCut(where, segment.line)) { return t("split_end"); }
  return t("follows_split", { one: metres(Math.round(where.along_m)), other: metres(Math.max(0, Math.round(segment.length_m - where.along_m))) });
}

// One good position is enough; an uncertain one is told, never in the way.
function placeWarning() {
  const fix = here();
  if (!fix) { return t("gate_none"); }
  const { fix_usable_m: most, fix_age_s: oldest } = form.limits;
  if (fix.accuracy_m > most) { return t("gate_unsure", { m: number(fix.accuracy_m) }); }
  return age(fix) > oldest ? t("gate_old", { s: age(fix) }) : null;
}

async function save() {
  await photos.ready();
  try {
    const made = await operations();
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

/** What is said of a line alone, with nothing but a note beside. */
const OF_LINES = { split: () => splitFields(), join: () => joinFields() };

function kindOf(fields) {
  if (segment.fresh) { return "path"; }
  if (mode in OF_LINES) { return mode; }
  return mode === "visit" && Object.keys(fields).every((name) => name === "note") ? "visit" : "mark";
}

// One operation; further photos are operations of their own that point at it.
async function operations() {
  const fields = { ...(mode in OF_LINES ? OF_LINES[mode]() : { ...signFields(), ...typed() }), ...noted() };
  const kind = kindOf(fields);
  const pictures = photos.all();
  if (kind === "mark" && !Object.keys(fields).length && !pictures.length) { throw wrong("save_nothing"); }
  if (segment.fresh) { fields.line = degrees(segment.line); }
  if (pictures.length) {
    fields.photos = pictures.map(({ sha256, taken_at, fix }) => ({ sha256, taken_at, fix }));
  }
  const own = segment.fresh ? { op_id: segment.op_id } : {};
  const first = operation(kind, segment, fields, { ...own, photo_sha256: pictures.length ? pictures[0].sha256 : null });
  const rest = pictures.slice(1).map(({ sha256 }) => operation("photo", segment, { of: first.op_id }, { photo_sha256: sha256 }));
  return { operations: [first, ...rest], photos: pictures, beside: await beside(first) };
}

// What the phone needs to show the operation at once, and to take it back.
async function beside({ kind, op_id }) {
  if (kind === "split") { return { was: [segment], child: await minted("split", op_id) }; }
  return kind === "join" ? { was: [segment, other] } : null;
}

function splitFields() {
  const where = splitPoint();
  if (!where) { throw wrong("split_nowhere"); }
  if (!canCut(where, segment.line)) { throw wrong("split_end"); }
  return { point: { lon: where.point[1], lat: where.point[0] }, measure_m: Math.round(where.along_m * 10) / 10 };
}

function joinFields() {
  if (!other) { throw wrong(partners().length ? "join_pick" : "join_nobody"); }
  return { with: other.id };
}

function signFields() {
  const fields = {};
  for (const [name, codes] of Object.entries(picked)) {
    if (codes.includes("unsure")) { fields.unsure = true; }
    else if (codes.length) { fields[name] = codes.map((code) => code === NONE ? NONE : codeOf(code)); }
  }
  return fields;
}

const plain = (name) => $(name).value.split("\0").join("").trim();

function typed() {
  const fields = {};
  for (const name of ["plate", "path_class", "direction", "separation", "surface", "lit", "obstacle"]) {
    if (plain(name)) { fields[name] = plain(name); }
  }
  if (painted().length) { fields.markings = painted(); }
  const width = plain("width_m");
  if (width) {
    fields.width_m = Number(width.replace(",", "."));
    if (!(fields.width_m > 0 && fields.width_m <= WIDEST_M)) { throw wrong("width_wrong"); }
  }
  return fields;
}

const noted = () => plain("note") ? { note: plain("note") } : {};
