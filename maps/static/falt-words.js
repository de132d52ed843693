// How is something said, and how is an element made?
// Text is always set as text; nothing of a layer is ever read as HTML.

/** @typedef {"sv"|"en"} Lang */

const SVG = "http://www.w3.org/2000/svg";
const YEAR_S = 31536000;
let says = {};
let lists = {};
/** @type {Lang} */
let lang = "sv";

/** Take sentences and code lists of the form. @param {object} form */
export function learn(form) {
  says = form.says;
  lists = Object.fromEntries(Object.entries(form.lists).map(([name, rows]) =>
    [name, new Map(rows.map(([code, sv, en]) => [code, [sv, en]]))]));
}

/** The language chosen in the address, kept before, or of the page as it came. @returns {Lang} */
export function chosenLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  const kept = /(?:^|; )lang=(sv|en)/.exec(document.cookie);
  const wish = asked || (kept && kept[1]) || document.documentElement.lang;
  return wish === "en" ? "en" : "sv";
}

/** Speak a language from now on, on the next pages too. @param {Lang} wanted */
export function speak(wanted) {
  lang = wanted;
  document.documentElement.lang = lang;
  document.cookie = `lang=${lang}; path=/; max-age=${YEAR_S}; samesite=lax` +
    (location.protocol === "https:" ? "; secure" : "");
  for (const one of document.querySelectorAll("[data-t]")) { one.textContent = t(one.dataset.t); }
  for (const one of document.querySelectorAll("[data-t-label]")) {
    one.setAttribute("aria-label", t(one.dataset.tLabel));
  }
  for (const code of ["sv", "en"]) {
    const link = document.getElementById(`lang-${code}`);
    if (code === lang) { link.setAttribute("aria-current", "true"); } else { link.removeAttribute("aria-current"); }
  }
  document.title = t("title");
}

export const language = () => lang;
/** Choose from [Swedish, English]. @param {string[]} pair */
export const pick = (pair) => pair ? pair[lang === "en" ? 1 : 0] : "";

/** A sentence; {name} is filled from values. @param {string} key @param {object} [values] */
export function t(key, values = {}) {
  if (!says[key]) { throw new Error(`no sentence ${key}`); }
  return pick(says[key]).replace(/\{(\w+)\}/g, (all, name) => name in values ? String(values[name]) : all);
}

/** The name of a code, or the code itself. */
export const label = (list, code) => pick(lists[list] && lists[list].get(code)) || code;
/** @returns {[string, string][]} codes and names of a list */
export const choices = (list) => [...lists[list]].map(([code, pair]) => [code, pick(pair)]);

export const number = (value, digits = 0) => value.toLocaleString(lang === "sv" ? "sv-SE" : "en-GB",
  { maximumFractionDigits: digits });
export const metres = (m) => m < 1000 ? `${number(m)} m` : `${number(m / 1000, 1)} km`;
export const size = (bytes) => bytes < 1e6 ? `${number(bytes / 1e3)} kB`
  : bytes < 1e9 ? `${number(bytes / 1e6, 1)} MB` : `${number(bytes / 1e9, 1)} GB`;
export const time = (iso) => new Date(iso).toLocaleString(lang === "sv" ? "sv-SE" : "en-GB",
  { dateStyle: "short", timeStyle: "short" });

/** An element: h("p", {class: "x", text: "…", click: act}, child, …). */
export const h = (tag, given = {}, ...children) => grow(document.createElement(tag), given, children);
/** The same for SVG. */
export const s = (tag, given = {}, ...children) => grow(document.createElementNS(SVG, tag), given, children);

function grow(element, given, children) {
  for (const [name, value] of Object.entries(given)) {
    if (name === "text") {
      element.textContent = value;
    } else if (typeof value === "function") {
      element.addEventListener(name, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Put a sentence into a status line; null empties it. */
export function tell(id, text) {
  const line = document.getElementById(id);
  line.textContent = text || "";
  line.hidden = !text;
}
