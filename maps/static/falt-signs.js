// What do the signs look like? Own drawings in plain shapes, meant to be told apart with gloves on
// and in the sun; they are no facsimiles.
import { s } from "./falt-words.js";

const BLUE = "#0B4EA2";
const RED = "#C1121F";
const YELLOW = "#FFD23F";
const WHITE = "#FFFFFF";
const BLACK = "#16191C";

const at = (x, y, scale, ...parts) => s("g", { transform: `translate(${x} ${y}) scale(${scale})` }, ...parts);
const pen = (d, colour, width = 2) => s("path", {
  d, fill: "none", stroke: colour, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round"
});

// Figures stand in a box of 24 by 24.
const cycle = (colour = WHITE) => s("g", {},
  s("circle", { cx: 5.5, cy: 16, r: 4.5, fill: "none", stroke: colour, "stroke-width": 2 }),
  s("circle", { cx: 18.5, cy: 16, r: 4.5, fill: "none", stroke: colour, "stroke-width": 2 }),
  pen("M5.5 16 9 9h7l2.5 7M9 9l3.5 7H5.5M12.5 16 16 9l-.7-3h2.4M7.5 7h3", colour, 1.8));
const walker = (colour = WHITE) => s("g", {},
  s("circle", { cx: 13, cy: 3.6, r: 2.5, fill: colour }),
  pen("M12.5 7.5 11 14l3.5 3.5 1 5M11 14l-1.5 4.5L6.5 22.5M12.5 8 8.5 10.5 7.5 14M13 9l3 3.5 3 .5", colour, 2.4));
const horse = (colour = WHITE) => pen(
  "M6 22c0-7 1-10 4-13L9 4l4 3c4 1 6 4 7 8l-2.5 2-4.5-2.5c0 3 1.5 4.5 3 7.5", colour, 2.4);
const car = (colour = WHITE) => s("g", {},
  pen("M3 17v-4l3-1 2.5-5h7.5l2.5 5 2.5 1v4z", colour, 2),
  s("circle", { cx: 7.5, cy: 18, r: 2.2, fill: colour }), s("circle", { cx: 16.5, cy: 18, r: 2.2, fill: colour }));
const moped = (colour = WHITE) => s("g", {},
  s("circle", { cx: 5.5, cy: 17.5, r: 3.8, fill: colour }), s("circle", { cx: 18.5, cy: 17.5, r: 3.8, fill: colour }),
  pen("M5.5 15h8l3-9h3M14 14l4.5 3M6 11h6", colour, 2.4));
const house = (colour = WHITE) => pen("M3 21V11l5-4 5 4v10z", colour, 2);

const disc = (...parts) => [s("circle", { cx: 24, cy: 24, r: 23, fill: BLUE }), ...parts];
const board = (...parts) => [s("rect", { x: 1, y: 1, width: 46, height: 46, rx: 4, fill: BLUE }), ...parts];
const ban = (...parts) => [
  s("circle", { cx: 24, cy: 24, r: 20.5, fill: YELLOW, stroke: RED, "stroke-width": 5 }), ...parts];
const over = (parts) => [...parts, pen("M6 42 42 6", RED, 4)];
const split = (left, right) => disc(pen("M24 6v36", WHITE, 1.8), at(3.5, 13, 0.85, left), at(25, 13, 0.85, right));

const pedestrian = () => board(at(7, 7, 1.4, walker()), );
const area = () => board(at(2, 10, 1, walker()), at(25, 3, 0.9, house()), at(23, 24, 0.95, car()));
const cycleStreet = () => board(at(8, 2, 1.3, cycle()), at(15, 27, 0.8, car()));

/** @type {Object<string, () => SVGElement[]>} */
const DRAWN = {
  cycle: () => disc(at(7.5, 6, 1.38, cycle())),
  foot: () => disc(at(9, 8, 1.3, walker())),
  foot_over_cycle: () => disc(at(15, 3.5, 0.78, walker()), pen("M5 24h38", WHITE, 1.8), at(13, 23, 0.92, cycle())),
  foot_beside_cycle: () => split(walker(), cycle()),
  cycle_beside_foot: () => split(cycle(), walker()),
  horse: () => disc(at(7, 7, 1.4, horse())),
  end: () => over(disc(at(12, 12, 1, walker()))),
  zebra: () => board(s("path", { d: "M24 6 43 41H5z", fill: WHITE }), at(14, 12, 0.85, walker(BLACK)),
    pen("M12 37h6M22 37h5M31 37h5", BLACK, 2.6)),
  cycle_crossing: () => board(s("path", { d: "M24 6 43 41H5z", fill: WHITE }), at(13, 14, 0.92, cycle(BLACK)),
    pen("M12 37h6M22 37h5M31 37h5", BLACK, 2.6)),
  ban_vehicles: () => ban(),
  ban_motor: () => ban(at(5, 14, 0.85, car(BLACK)), at(24, 12, 0.8, moped(BLACK))),
  ban_cycle: () => ban(at(10, 8, 1.18, cycle(BLACK))),
  ban_moped: () => ban(at(10, 8, 1.18, moped(BLACK))),
  pedestrian_street: pedestrian,
  pedestrian_street_end: () => over(pedestrian()),
  walking_speed_area: area,
  walking_speed_area_end: () => over(area()),
  cycle_street: cycleStreet,
  cycle_street_end: () => over(cycleStreet()),
  none: () => [
    s("circle", { cx: 24, cy: 18, r: 13, fill: "none", stroke: "currentColor", "stroke-width": 2.5, "stroke-dasharray": "5 4" }),
    pen("M24 31v14M15 9l18 18", "currentColor", 2.5)],
  unsure: () => [
    s("circle", { cx: 24, cy: 24, r: 21, fill: "none", stroke: "currentColor", "stroke-width": 2.5 }),
    pen("M17 18c1-9 14-8 14 0 0 5-7 5-7 11", "currentColor", 4),
    s("circle", { cx: 24, cy: 36, r: 2.6, fill: "currentColor" })]
};

/** Draw a pictogram; the code itself where nothing is drawn for it. */
export function pictogram(name, code) {
  const parts = DRAWN[name] ? DRAWN[name]() : board(s("text", {
    x: 24, y: 29, "text-anchor": "middle", fill: WHITE, "font-size": 13, "font-weight": 700, text: code
  }));
  return s("svg", { viewBox: "0 0 48 48", "aria-hidden": "true", class: "sign-picture" }, ...parts);
}
