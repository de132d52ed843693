// What lies under the segments: our own water, green and houses, or the background of the area?
// A background is one PMTiles file of vector tiles; those over the area that is taken along are
// kept in the phone, each by itself, so that two areas share theirs.
import { language } from "./falt-words.js";
import * as kept from "./falt-kept.js";

const FIRST_ZOOM = 11;
const LAST_ZOOM = 15;
const AT_ONCE = 6;
const PREFIX = "tile ";
const LOOKS = {
  green: { fillColor: "#DDE8CF" }, water: { fillColor: "#C3DCE9" }, square: { fillColor: "#E9E1DA" },
  school: { fillColor: "#F1E3C9" }, building: { fillColor: "#DDD4C6", stroke: true, color: "#B9AE9D", weight: 1 }
};

let archive = null;

/** @param {string|null} address of the background, a PMTiles file */
export function start(address) {
  if (address) { archive = new window.protomapsL.PmtilesSource(address, false).p; }
}
export const hasBackground = () => archive !== null;

/** The background as a layer: from the phone, and from the network what is not kept. */
export const background = () => window.protomapsL.leafletLayer({
  url: { getZxy: tile }, flavor: "light", lang: language(), attribution: "", maxDataZoom: LAST_ZOOM
});

async function tile(z, x, y) {
  const data = await kept.thing(`${PREFIX}${z}/${x}/${y}`);
  if (data) { return { data }; }
  try {
    return navigator.onLine ? await archive.getZxy(z, x, y) : undefined;
  } catch {
    return undefined;
  }
}

/** Our own ground, one shape of all that looks alike, the lowest first. @param {[string, number[][]][]} shapes */
export const own = (shapes) => Object.entries(LOOKS).map(([role, look]) => L.polygon(
  shapes.filter(([one]) => one === role).map(([, ring]) => [ring]),
  { interactive: false, stroke: false, fillOpacity: 1, fillRule: "nonzero", smoothFactor: 0.7, ...look }
));

/**
 * Keep the tiles of the background over a box.
 * @param {number[]} box west, south, east, north
 * @param {(done: number, of: number, bytes: number) => void} progress
 * @returns {Promise<{names: string[], bytes: number}>}
 */
export async function take(box, progress) {
  if (!archive) { return { names: [], bytes: 0 }; }
  const { minZoom, maxZoom } = await archive.getHeader();
  const wanted = covering(box, Math.max(minZoom, Math.min(FIRST_ZOOM, maxZoom)), Math.min(maxZoom, LAST_ZOOM));
  const names = [];
  let [done, bytes] = [0, 0];
  const left = [...wanted];
  const work = async () => {
    for (let next = left.pop(); next; next = left.pop()) {
      const found = await archive.getZxy(...next);
      done += 1;
      if (found) {
        names.push(PREFIX + next.join("/"));
        await kept.keepThing(PREFIX + next.join("/"), found.data);
        bytes += found.data.byteLength;
      }
      progress(done, wanted.length, bytes);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { names, bytes };
}

/** Let go of every tile that no area needs any more. @param {Set<string>} names */
export const keepOnly = (names) => kept.dropThings((key) => String(key).startsWith(PREFIX) && !names.has(key));

/**
 * The tiles that cover a box, of some zooms.
 * @param {number[]} box west, south, east, north
 * @param {number} from @param {number} to
 */
export function covering([west, south, east, north], from, to) {
  const tiles = [];
  for (let z = from; z <= to; z += 1) {
    const [left, top] = tileAt(west, north, z);
    const [right, bottom] = tileAt(east, south, z);
    for (let x = left; x <= right; x += 1) { for (let y = top; y <= bottom; y += 1) { tiles.push([z, x, y]); } }
  }
  return tiles;
}
function tileAt(lon, lat, z) {
  const angle = lat * Math.PI / 180;
  const down = (1 - Math.log(Math.tan(angle) + 1 / Math.cos(angle)) / Math.PI) / 2;
  return [(lon + 180) / 360, down].map((share) => Math.floor(share * 2 ** z));
}
