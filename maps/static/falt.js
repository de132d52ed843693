// How do position, list, map, form and outbox become one page that works all day without a network?
import { chosenLanguage, learn, number, pick, size, speak, t, tell } from "./falt-words.js";
import * as area from "./falt-area.js";
import * as draw from "./falt-draw.js";
import * as form from "./falt-form.js";
import * as ground from "./falt-ground.js";
import * as kept from "./falt-kept.js";
import * as list from "./falt-list.js";
import * as map from "./falt-map.js";
import * as marks from "./falt-marks.js";
import * as move from "./falt-move.js";
import * as outing from "./falt-outing.js";
import * as place from "./falt-place.js";
import { RESHAPING, shaped } from "./falt-shape.js";
import * as sync from "./falt-sync.js";

const MOVED_M = 12;
const NEAR_M = 500;
const TICK_MS = 5000;
const LONGEST_MS = 30000;
const MINUTES_OFF = 5;

const $ = (id) => document.getElementById(id);
let rules;
let segments = new Map();
let questions = [];
let log = [];
let sortedAt = null;
let lookedAt = null;
let fallback = null;
let lastSaved = null;

async function start() {
  rules = await (await fetch(document.body.dataset.form, { credentials: "same-origin" })).json();
  learn(rules);
  speak(chosenLanguage());
  await kept.open(document.body.dataset.user);
  await Promise.all([area.read(), marks.recall()]);
  ground.start(document.body.dataset.background || null);
  map.start(rules, { open: tapped, point: (at) => { tapped(null, at); } });
  form.start(rules, { save, closed, move: move.begin, segments: everySegment });
  move.start({ save, segments: everySegment, changed: placed });
  buttons();
  await place.follow(moved);
  fallback = await kept.thing("place") || null;
  await outing.start({ state: outside, open, look: lookAndOpen, save: saveAll });
  await readLog();
  await surroundings();
  redraw();
  await draw.start(rules, { done: openSegment, outlined: (corners) => { takeArea(area.outlined(corners)); }, segments: everySegment, changed: placed });
  opened();
  document.documentElement.setAttribute("data-ready", "");
  kept.onChange(() => { readLog().then(repaint); });
  setInterval(whereAmI, TICK_MS);
  registerWorker();
  sync.start(outboxChanged);
  askWhatBecame();
  area.offerDistricts();
}

const centre = () => {
  const fix = place.here();
  return fix ? [fix.lat, fix.lon] : fallback;
};

// Where nothing is kept of the surroundings they are looked at, as long as there is a network.
async function surroundings() {
  const here = centre();
  gather();
  const near = here && [...segments.values()].some((one) => place.distance(one.line[0], here) < NEAR_M);
  const tried = lookedAt && here && place.distance(lookedAt, here) < NEAR_M / 2;
  if (near || tried || (!here && segments.size)) { return; }
  lookedAt = here;
  try {
    const found = await area.look(here);
    if (!here) { fallback = found; }
    gather();
  } catch {
    if (area.isEmpty()) { tell("fault", t("nothing_here")); }
  }
}

function gather() {
  const all = area.everything();
  segments = shaped(log, all.segments);
  questions = all.questions;
}
const everySegment = () => [...segments.values()];
const drawing = () => draw.isOpen() || move.isOpen();

function redraw() {
  const all = area.everything();
  map.draw(everySegment(), all.streets, all.ground);
  const here = centre();
  if (here) { map.goTo(here); }
  if (place.here()) { map.locate(place.here()); }
  repaint();
}

function repaint() {
  const mine = marks.mine(log);
  sortedAt = centre();
  list.show(everySegment(), sortedAt, { mine, questions, open });
  map.drawVisited([...mine.keys()].map((id) => segments.get(id)).filter(Boolean));
  marks.show(log, segments, { undo });
  outing.show();
  outing.showRound();
  area.list(() => { gather(); redraw(); });
  whereAmI();
  outbox();
  showReady();
}

async function moved() {
  const fix = place.here();
  whereAmI();
  if (!fix || !document.documentElement.hasAttribute("data-ready")) { return; }
  map.locate(fix);
  draw.moved(fix);
  kept.keepThing("place", [fix.lat, fix.lon]);
  if (drawing() || form.isOpen() || (sortedAt && place.distance(sortedAt, [fix.lat, fix.lon]) < MOVED_M)) { return; }
  const before = segments.size;
  await surroundings();
  if (segments.size !== before) { redraw(); } else { repaint(); }
}

const outside = () => ({
  segments, streets: area.everything().streets, here: centre(), log, done: marks.mine(log)
});
// A drawing begins or ends: the map is larger or smaller, and goes along with me.
function placed() {
  const here = centre();
  map.resized();
  if (here) { map.goTo(here); }
  if (!drawing()) { $("list").focus({ preventScroll: true }); }
}

function whereAmI() {
  const fix = place.here();
  if (!fix) { tell("place-said", t(place.wasRefused() ? "place_refused" : "place_none")); return; }
  const { fix_good_m: good, fix_usable_m: usable } = rules.limits;
  const word = fix.accuracy_m <= good ? "place_good" : fix.accuracy_m <= usable ? "place_fair" : "place_poor";
  tell("place-said", t(word, { m: number(fix.accuracy_m), s: place.age(fix) }));
}

// While a form is open a tap on any line says where, so that nothing typed is lost.
function tapped(id, place) {
  if (form.isOpen()) { form.point(place); }
  else if (draw.isOpen()) { draw.tapped(place); }
  else if (move.isOpen()) { move.tapped(place); }
  else if (id) { open(id); }
}
function open(id) {
  if (segments.has(id)) { openSegment(segments.get(id)); }
}
function openSegment(segment) {
  document.body.classList.add("marking");
  form.open(segment, segment.asks.map((one) => pick(questions[one])));
  map.resized();
  map.choose(segment);
  window.scrollTo(0, 0);
}
function closed() {
  document.body.classList.remove("marking");
  map.resized();
  repaint();
  window.scrollTo(0, 0);
  $("list").focus({ preventScroll: true });
}

// The segment that the address names; it may lie elsewhere than I do.
async function opened() {
  const wanted = new URLSearchParams(location.search).get("segment");
  if (wanted) { await lookAndOpen(wanted); }
}
async function lookAndOpen(id) {
  if (!segments.has(id)) { await lookFor(id); }
  open(id);
}
async function lookFor(id) {
  try {
    const answer = await fetch(`/ogc/collections/segments/items/${encodeURIComponent(id)}?f=json`);
    if (!answer.ok) { return; }
    const [lon, lat] = (await answer.json()).geometry.coordinates[0];
    fallback = await area.look([lat, lon]);
    gather();
    redraw();
  } catch { /* no network: what is not here cannot be opened */ }
}

async function save({ operations, photos, beside }) {
  await kept.append(operations, photos, beside);
  lastSaved = operations[0];
  await readLog();
  if (lastSaved.kind === "path") { await draw.stop(); }
  if (RESHAPING.includes(lastSaved.kind)) {
    gather();
    redraw();
  }
  await outbox();
  said(t("saved", { what: marks.describe(lastSaved) }), true);
  sync.send();
}
// Many at once: a track from another device.
async function saveAll(operations) {
  await kept.append(operations, []);
  await readLog();
  repaint();
  sync.send();
}
async function undo(operation) {
  try {
    await kept.append([marks.takingBack(operation)], []);
    lastSaved = null;
    await readLog();
    gather();
    await outbox();
    said(t("undone", { what: marks.describe(operation) }), false);
    redraw();
    sync.send();
  } catch {
    tell("fault", t("save_full"));
  }
}
function said(text, canUndo) {
  tell("said", text);
  $("undo").hidden = !canUndo;
}

async function readLog() { log = await kept.log(); }

async function outboxChanged() {
  const [before, unsent] = [waitingCuts(), waiting()];
  await readLog();
  outbox();
  if (unsent && !waiting()) { askWhatBecame(); }
  if (!form.isOpen()) { marks.show(log, segments, { undo }); }
  if (waitingCuts() < before) { await lookAgain(); }
}

// Drawings, cuts, and what takes them back, change the segments themselves.
const waitingCuts = () => log.filter((one) =>
  one.state === "waiting" && [...RESHAPING, "undo"].includes(one.operation.kind)).length;
async function lookAgain() {
  try {
    await area.look(centre());
    gather();
    if (!form.isOpen()) { redraw(); }
  } catch { /* no network any more: they are seen next time */ }
}

// How much waits: every save counts once, further photos of it are told beside it.
const waiting = () => log.filter((one) => one.state === "waiting" && one.operation.kind !== "photo").length;
async function outbox() {
  const count = waiting();
  const refused = log.filter((one) => one.state === "invalid").length;
  const pictures = (await kept.photos()).length;
  const others = await kept.foreign();
  const off = sync.minutesOff();
  $("unsent").dataset.count = String(count);
  $("unsent").textContent = t("unsent", { n: number(count) });
  const parts = [
    count || pictures || sync.current() !== "offline" ? t(`sync_${sync.current()}`) : null,
    pictures ? t("photos_waiting", { n: number(pictures) }) : null,
    refused ? t("refused", { n: number(refused) }) : null,
    others ? t("foreign", { n: number(others) }) : null,
    Math.abs(off) > MINUTES_OFF ? t(off > 0 ? "clock_ahead" : "clock_behind", { n: number(Math.abs(off)) }) : null
  ].filter(Boolean);
  tell("sync-said", parts.join(" "));
  $("login").hidden = sync.current() !== "login";
}

async function askWhatBecame() {
  if (!navigator.onLine) { return; }
  try {
    await Promise.all([marks.ask(), outing.ask()]);
    if (!form.isOpen()) { repaint(); }
  } catch { /* no network: the last word stays */ }
}

async function takeArea(choice) {
  const buttons = [$("download-area"), $("take")];
  for (const one of buttons) { one.disabled = true; }
  $("offline-ready").hidden = true;
  tell("fault", null);
  try {
    await area.take(choice);
    await registerWorker();
    gather();
    redraw();
  } catch (error) {
    tell("fault", t(error.name === "QuotaExceededError" ? "area_full" : error.status === 400 ? "area_wide" : "area_failed"));
  }
  tell("area-said", null);
  for (const one of buttons) { one.disabled = false; }
  await showReady();
}

// What is chosen is taken along; what is still to be drawn is drawn first.
function takeChosen() {
  const wanted = $("radius").value;
  if (wanted === "draw") { draw.begin("area"); return; }
  takeArea(area.chosen(wanted, { here: centre() || map.centre(), seen: map.corners(), name: $("radius").selectedOptions[0].text }));
}

async function showReady() {
  $("offline-ready").hidden = !await area.isReady();
  const room = await kept.room();
  const free = room.free === null ? "–" : size(room.free);
  $("room").textContent = [
    t("room", { free }), t(room.kept ? "room_kept" : "room_not_kept"), room.tight ? t("room_tight") : ""
  ].join(" ");
}

// The worker is there when its whole version is stored.
async function registerWorker() {
  if (!("serviceWorker" in navigator)) { return; }
  try {
    if (navigator.onLine) { await navigator.serviceWorker.register("/falt/worker.js", { scope: "/falt" }); }
    await Promise.race([navigator.serviceWorker.ready, new Promise((late) => { setTimeout(late, LONGEST_MS); })]);
  } catch { /* no network or no log-in: the version that is kept goes on */ }
  await showReady();
}

function buttons() {
  $("sync").addEventListener("click", () => { sync.send().then(askWhatBecame); });
  for (const id of ["download-area", "take"]) { $(id).addEventListener("click", takeChosen); }
  $("my-place").addEventListener("click", () => { const here = centre(); if (here) { map.goTo(here); } });
  $("undo").addEventListener("click", () => { if (lastSaved) { undo(lastSaved); } });
  $("awake").addEventListener("click", awake);
  $("save-file").addEventListener("click", () => { marks.saveFile(log); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && $("awake").getAttribute("aria-pressed") === "true") { place.keepAwake(true); }
  });
  for (const code of ["sv", "en"]) {
    $(`lang-${code}`).addEventListener("click", (event) => {
      event.preventDefault();
      speak(code);
      form.speak();
      repaint();
    });
  }
  const skip = document.querySelector(".skip");
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    const target = $(form.isOpen() ? "form-name" : "list");
    target.focus();
    target.scrollIntoView({ block: "start" });
  });
}

async function awake() {
  const wanted = $("awake").getAttribute("aria-pressed") !== "true";
  const on = await place.keepAwake(wanted);
  $("awake").setAttribute("aria-pressed", String(on));
  tell("fault", wanted && !on ? t("awake_no") : null);
}

start().catch((error) => {
  const line = $("fault");
  line.textContent = line.dataset.failed;
  line.hidden = false;
  document.documentElement.setAttribute("data-ready", "");
  throw error;
});
