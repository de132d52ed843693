// What is kept in the phone, and until when?
// A log of operations: each is written once, in one transaction with its photos, and is never
// edited; beside it stands what the server said of it. Nothing is removed before the server has it.
import { openDB } from "/vendor/idb.js";

/**
 * @typedef {object} Entry
 * @property {number} [seq] order of this phone
 * @property {string} op_id
 * @property {string} user whose log-in it is sent with
 * @property {object} operation as sent, word for word
 * @property {"waiting"|"applied"|"duplicate"|"conflict"|"invalid"} state
 * @property {string|null} reason in the server's words
 * @property {{was: object[], child?: string}|null} beside what the phone needs to show it and to take it back
 * @property {string} saved_at
 */

const NAME = "gcvag-falt";
const VERSION = 1;
const LEAST_FREE = 0.2;
const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
let db;
let user = "";

/** Open what is kept; a newer page only ever adds stores. @param {string} name who is logged in */
export async function open(name) {
  db = await openDB(NAME, VERSION, {
    upgrade(fresh) {
      const log = fresh.createObjectStore("log", { keyPath: "seq", autoIncrement: true });
      log.createIndex("op_id", "op_id", { unique: true });
      fresh.createObjectStore("photos", { keyPath: "sha256" });
      fresh.createObjectStore("areas", { keyPath: "id" });
      fresh.createObjectStore("things");
    },
    blocking() { db.close(); }
  });
  user = await db.get("things", "user") || name;
}

/** Another tab or this one changed something. @param {() => void} act */
export function onChange(act) {
  if (channel) { channel.addEventListener("message", act); }
}
export function changed() {
  if (channel) { channel.postMessage("changed"); }
}

export const whose = () => user;
export async function belongsTo(name) {
  user = name;
  await db.put("things", name, "user");
}

/**
 * Keep operations and the photos they name, all or none.
 * @param {object[]} operations @param {object[]} photos
 * @param {{was: object[], child?: string}|null} beside the segments as they were before the first, and the id it makes
 */
export async function append(operations, photos, beside = null) {
  const tx = db.transaction(["log", "photos"], "readwrite");
  const finished = tx.done.catch((error) => error);
  try {
    for (const photo of photos) {
      await tx.objectStore("photos").put({ ...photo, user });
    }
    for (const operation of operations) {
      await tx.objectStore("log").add({
        op_id: operation.op_id, user, operation, state: "waiting", reason: null, beside,
        saved_at: new Date().toISOString()
      });
    }
  } catch (error) {
    try { tx.abort(); } catch { /* it ended by itself */ }
    await finished;
    throw error;
  }
  const failed = await finished;
  if (failed) { throw failed; }
  changed();
}

/** @returns {Promise<Entry[]>} one's own operations in order */
export async function log() {
  return (await db.getAll("log")).filter((entry) => entry.user === user);
}
/** How many operations of somebody else wait in this phone. */
export async function foreign() {
  return (await db.getAll("log")).filter((one) => one.user !== user && one.state === "waiting").length;
}

/** Write down what the server said. @param {Map<string, {state: string, reason: string}>} said */
export async function answered(said) {
  const tx = db.transaction("log", "readwrite");
  for (const [op_id, told] of said) {
    const entry = await tx.store.index("op_id").get(op_id);
    if (entry && entry.state === "waiting") { await tx.store.put({ ...entry, ...told }); }
  }
  await tx.done;
  changed();
}

export async function photos() {
  return (await db.getAll("photos")).filter((photo) => photo.user === user);
}
export const photo = (sha256) => db.get("photos", sha256);
export async function photoSent(sha256) {
  await db.delete("photos", sha256);
  changed();
}

export const areas = () => db.getAll("areas");
export const keepArea = (area) => db.put("areas", area);
export const dropArea = (id) => db.delete("areas", id);
export const thing = (key) => db.get("things", key);
/** Let go of things. @param {(key: string) => boolean} which */
export async function dropThings(which) {
  for (const key of (await db.getAllKeys("things")).filter(which)) { await db.delete("things", key); }
}
export const keepThing = (key, value) => db.put("things", value, key);

/** How much room there is, and whether the browser promised to keep it. */
export async function room() {
  const storage = navigator.storage;
  if (!storage || !storage.estimate) { return { free: null, kept: false, tight: false }; }
  const { usage = 0, quota = 0 } = await storage.estimate();
  const kept = storage.persisted ? await storage.persisted() : false;
  return { free: quota - usage, kept, tight: quota > 0 && (quota - usage) / quota < LEAST_FREE };
}
export async function askToKeep() {
  return navigator.storage && navigator.storage.persist ? navigator.storage.persist() : false;
}
