// Which segments are near, and what is asked of each?
import { h, label, metres, pick, t } from "./falt-words.js";
import { distance, nearest } from "./falt-place.js";

const SHOWN = 50;

/** What a segment is called: its name, else its class. */
export const nameOf = (segment) => segment.name || t("unnamed");

/**
 * Put the nearest segments in the list.
 * @param {object[]} segments
 * @param {number[]|null} place [lat, lon]; null keeps the order
 * @param {{mine: Map<string, string>, questions: string[][], open: (id: string) => void}} how
 */
export function show(segments, place, { mine, questions, open }) {
  const near = place ? sorted(segments, place) : segments.slice(0, SHOWN).map((segment) => ({ segment }));
  const rows = document.getElementById("rows");
  rows.replaceChildren(...near.map((one) => row(one, { mine, questions, open })));
  document.getElementById("none").hidden = near.length > 0;
}

// Every line is measured only where its first point could bring it among the nearest.
function sorted(segments, place) {
  const rough = segments.map((segment) => ({ segment, rough: distance(segment.line[0], place) - segment.length_m }));
  rough.sort((one, other) => one.rough - other.rough);
  return rough.slice(0, SHOWN * 4)
    .map(({ segment }) => ({ segment, metres: nearest(segment.line, place).metres }))
    .sort((one, other) => one.metres - other.metres).slice(0, SHOWN);
}

function row({ segment, metres: away }, { mine, questions, open }) {
  const done = mine.get(segment.id);
  const asked = segment.asks.length ? pick(questions[segment.asks[0]]) : "";
  return h("li", { class: "row field-row", "data-testid": "segment-row", "data-segment-id": segment.id },
    h("button", { type: "button", class: "row-button", click: () => open(segment.id) },
      h("span", { class: "field-away", text: away === undefined ? "" : metres(Math.round(away)) }),
      h("span", { class: "row-text" },
        h("span", { class: segment.name ? "row-name" : "row-name unnamed", text: nameOf(segment) }),
        h("span", { class: "row-more", text: `${label("path_class", segment.path_class)} · ${metres(segment.length_m)}` }),
        done ? h("span", { class: "field-done", text: `✓ ${done}` })
          : asked ? h("span", { class: "row-note", text: asked }) : null)));
}
