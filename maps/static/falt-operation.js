// What does an operation consist of, and what are the things called that it makes?
import { here, sent } from "./falt-place.js";

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

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

/**
 * The id that the server gives a segment which an operation makes.
 * @param {"path"|"split"} kind @param {string} op_id
 */
export async function minted(kind, op_id) {
  const bytes = new TextEncoder().encode(`${kind}|${op_id}|`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 15);
  return "s" + Array.from(hash, (byte) => LETTERS[byte % 32]).join("");
}

/**
 * An operation at a segment, here and now.
 * @param {string} kind
 * @param {{id: string, version: number|null}} segment
 * @param {object} fields
 * @param {object} [more] what differs: op_id, fix, observed_at, photo_sha256
 */
export const operation = (kind, segment, fields, more = {}) => ({
  op_id: newId(), kind, segment_id: segment.id, base_version: segment.version,
  observed_at: new Date().toISOString(), fix: sent(here()), fields, photo_sha256: null, ...more
});

/** A line as it is sent: [[lon, lat], …]. @param {number[][]} line [[lat, lon], …] */
export const degrees = (line) => line.map(([lat, lon]) => [Number(lon.toFixed(7)), Number(lat.toFixed(7))]);
