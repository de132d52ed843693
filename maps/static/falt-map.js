// What does the map of the field page show? Streets as ground, segments by class, what I have
// visited, my position, and the segment that is open. All of it from the phone, on one canvas.
import { t } from "./falt-words.js";
import * as under from "./falt-ground.js";

const LAND_ZOOM = 17;
const DOTS = 60;
/** Houses and green come after what is needed to begin. */
const LATER_MS = 300;
/** @type {L.PolylineOptions} */
const GROUND = { color: "#CFC9BC", weight: 6, interactive: false, lineCap: "round" };
/** @type {L.PolylineOptions} */
const VISITED = { color: "#0B6B57", weight: 13, opacity: 0.45, interactive: false, lineCap: "round" };
/** @type {L.PolylineOptions} */
const CHOSEN = { color: "#B43A06", weight: 16, opacity: 0.55, interactive: false, lineCap: "round" };
const PATHS = { color: "#0B5770", weight: 3, fillColor: "#FFFFFF", fillOpacity: 1, radius: 7, interactive: false };

const HELD = { ...PATHS, color: "#B43A06", weight: 5, radius: 13 };

let map;
let ground;
let later = 0;
let visited;
let chosen;
let lines;
let acts;
let round;
let sketch;
let me;
let circle;
let pointed;
let styles;
let follows = true;

/**
 * Make the map.
 * @param {object} form with `styles`
 * @param {{open: (id: string, place: number[]) => void, point: (place: number[]) => void}} act
 */
export function start(form, act) {
  styles = form.styles;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  map = L.map("map", {
    preferCanvas: true, attributionControl: false, zoomControl: false, fadeAnimation: !calm,
    zoomAnimation: !calm, markerZoomAnimation: !calm, maxZoom: 20, minZoom: 11,
    doubleClickZoom: false, // two quick taps are two points of a line
    renderer: L.canvas({ padding: 0.3, tolerance: 14 })
  });
  L.control.zoom({ position: "topright", zoomInText: "+", zoomOutText: "−",
    zoomInTitle: t("zoom_in"), zoomOutTitle: t("zoom_out") }).addTo(map);
  [ground, chosen, visited, lines, round, sketch] = Array.from({ length: 6 }, () => L.layerGroup().addTo(map));
  if (under.hasBackground()) { under.background().addTo(map); }
  map.on("dragstart", () => { follows = false; });
  map.on("click", (event) => act.point([event.latlng.lat, event.latlng.lng]));
  acts = act;
  map.setView([56.16, 15.59], LAND_ZOOM);
}

/** Draw the ground and the segments anew. */
export function draw(segments, streets, shapes) {
  ground.clearLayers();
  lines.clearLayers();
  if (!under.hasBackground()) {
    clearTimeout(later);
    later = setTimeout(() => { for (const shape of under.own(shapes).reverse()) { shape.addTo(ground).bringToBack(); } }, LATER_MS);
    L.polyline(streets, GROUND).addTo(ground);
  }
  for (const segment of segments) {
    const look = styles[segment.path_class] || styles.okand;
    L.polyline(segment.line, {
      color: look.colour, weight: look.width + 1, dashArray: look.dash.length ? look.dash.join(" ") : null,
      lineCap: "butt", bubblingMouseEvents: false
    }).on("click", ({ latlng }) => acts.open(segment.id, [latlng.lat, latlng.lng])).addTo(lines);
  }
  myselfOnTop();
}

/** Draw what I have visited. */
export function drawVisited(segments) {
  visited.clearLayers();
  for (const segment of segments) { L.polyline(segment.line, VISITED).addTo(visited); }
}

/** Show one segment as open, or none. */
export function choose(segment) {
  chosen.clearLayers();
  if (pointed) { pointed.remove(); pointed = null; }
  if (!segment) { return; }
  L.polyline(segment.line, CHOSEN).addTo(chosen);
  const [first, last] = [segment.line[0], segment.line[segment.line.length - 1]];
  for (const [place, name] of [[first, "A"], [last, "B"]]) {
    L.marker(place, { interactive: false, keyboard: false,
      icon: L.divIcon({ className: "end-name", html: name, iconSize: [22, 22] }) }).addTo(chosen);
  }
  fit(segment.line);
  myselfOnTop();
}

// All lines lie on one canvas; what was drawn last lies on top.
function myselfOnTop() {
  if (me) { circle.bringToFront(); me.bringToFront(); }
}

/** Show where a split would be. */
export function point(place) {
  if (pointed) { pointed.remove(); }
  pointed = place ? L.circleMarker(place, PATHS).addTo(map) : null;
}

/** Show my position with its accuracy; the map goes along until it is dragged. */
export function locate(fix) {
  const place = L.latLng(fix.lat, fix.lon);
  if (!me) {
    circle = L.circle(place, { radius: fix.accuracy_m, color: "#0B5770", weight: 1, fillOpacity: 0.12, interactive: false }).addTo(map);
    me = L.circleMarker(place, { radius: 8, color: "#FFFFFF", weight: 3, fillColor: "#0B5770", fillOpacity: 1, interactive: false }).addTo(map);
  }
  circle.setLatLng(place).setRadius(fix.accuracy_m);
  me.setLatLng(place);
  if (follows) { map.setView(place, map.getZoom(), { animate: false }); }
}

/** Go back to a place and follow from there. */
export function goTo(place) {
  follows = true;
  map.setView(place, LAND_ZOOM, { animate: false });
}

/** Draw a suggested round; null takes it away. */
export function drawRound(line) {
  round.clearLayers();
  if (line) { L.polyline(line, { color: "#B43A06", weight: 3, dashArray: "2 8", interactive: false }).addTo(round); }
}

/**
 * Draw a line that is being drawn; null takes it away.
 * @param {number[][]|null} points @param {number|null} picked which of them is held
 */
export function draft(points, picked = null) {
  sketch.clearLayers();
  if (!points || !points.length) { return; }
  const places = points.map(([lat, lon]) => L.latLng(lat, lon));
  L.polyline(places, { ...CHOSEN, weight: 5, opacity: 1 }).addTo(sketch);
  for (const place of places.length > DOTS ? places.slice(-1) : places) { L.circleMarker(place, PATHS).addTo(sketch); }
  if (picked !== null) { L.circleMarker(places[picked], HELD).addTo(sketch); }
  myselfOnTop();
}

/** Metres on the ground of so many pixels. */
export function metresOf(pixels) {
  const [one, other] = [[0, 0], [pixels, 0]].map((place) => map.containerPointToLatLng(place));
  return one.distanceTo(other);
}

/** Show a whole line. */
export function fit(line) {
  map.fitBounds(L.latLngBounds(line), { padding: [30, 30], maxZoom: LAND_ZOOM + 2, animate: false });
  follows = false;
}

/** The corners of what is seen. @returns {number[][]} [[lat, lon], …] */
export function corners() {
  const seen = map.getBounds();
  return [seen.getSouthWest(), seen.getSouthEast(), seen.getNorthEast(), seen.getNorthWest()].map(({ lat, lng }) => [lat, lng]);
}

export const centre = () => { const { lat, lng } = map.getCenter(); return [lat, lng]; };
export const resized = () => map.invalidateSize({ animate: false });
