// How does what was saved reach the server, once each?
// One sender at a time over all tabs. An operation leaves the outbox only when the server names
// its id; an answer cut in the middle means that the same batch is sent again unchanged.
import * as kept from "./falt-kept.js";

const BATCH = 100;
const BATCH_BYTES = 256000;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 300000;
const TIMEOUT_MS = 180000;
const RESULTS = ["applied", "duplicate", "conflict", "invalid"];

/** @typedef {"idle"|"sending"|"offline"|"login"|"fault"} State */
/** @type {State} */
let state = "idle";
let wait = FIRST_WAIT_MS;
let timer = 0;
/** @type {Promise<void>|null} */
let queued = null;
let told = () => {};

export const current = () => state;
let clockOff = 0;
/** How far this phone's clock is ahead of the server's, whole minutes; it is only told. */
export const minutesOff = () => Math.round(clockOff / 60000);

/** Send whenever there is a chance. @param {() => void} act called when something changed */
export function start(act) {
  told = act;
  window.addEventListener("online", () => { send(); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") { send(); }
  });
  return send();
}

/** Send as soon as no other tab does; what is saved meanwhile goes with it. @returns {Promise<void>} */
export function send() {
  clearTimeout(timer);
  if (!queued) { queued = inTurn().catch(() => {}); }
  return queued;
}

async function inTurn() {
  const work = async () => {
    queued = null;
    await exchange();
  };
  await (navigator.locks ? navigator.locks.request("gcvag-falt-sync", work) : work());
}

async function exchange() {
  if (!navigator.onLine) { become("offline"); return; }
  become("sending");
  try {
    const { name, at } = await (await ask("/api/field/me")).json();
    clockOff = Date.now() - Date.parse(at);
    await kept.belongsTo(name);
    await sendOperations();
    await sendPhotos();
    wait = FIRST_WAIT_MS;
    become("idle");
  } catch (error) {
    become(error.login ? "login" : navigator.onLine ? "fault" : "offline");
    await later();
  }
}

// Try again by itself, later each time, while something waits.
async function later() {
  const waiting = (await kept.log()).some((one) => one.state === "waiting") || (await kept.photos()).length;
  if (!waiting || state === "login" || state === "offline") { return; }
  timer = setTimeout(send, wait * (0.75 + Math.random() / 2));
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

function become(next) {
  state = next;
  told();
}

async function ask(address, options = {}) {
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const answer = await fetch(address, {
      credentials: "same-origin", redirect: "manual", cache: "no-store", signal: stop.signal, ...options
    });
    if (answer.status === 401 || answer.type === "opaqueredirect") {
      throw Object.assign(new Error("log in"), { login: true });
    }
    if (!answer.ok) { throw Object.assign(new Error(`status ${answer.status}`), { status: answer.status }); }
    return answer;
  } finally {
    clearTimeout(clock);
  }
}

async function sendOperations() {
  const waiting = (await kept.log()).filter((one) => one.state === "waiting");
  for (const batch of batches(waiting)) {
    await sendBatch(batch);
  }
}

// A batch that is refused as a whole is sent one by one, so that one bad operation holds nobody up.
async function sendBatch(batch) {
  try {
    const answer = await ask("/api/sync", {
      method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ device: await device(), operations: batch.map((one) => one.operation) })
    });
    const { operations } = await answer.json();
    await kept.answered(new Map(operations
      .filter((one) => one.op_id && RESULTS.includes(one.result))
      .map((one) => [one.op_id, { state: one.result, reason: one.reason }])));
    told();
  } catch (error) {
    if (![400, 413, 422].includes(error.status)) { throw error; }
    if (batch.length === 1) {
      await kept.answered(new Map([[batch[0].op_id, { reason: error.message }]]));
      return;
    }
    for (const one of batch) { await sendBatch([one]); }
  }
}

// A split ends its batch: what was seen at the new part comes when the server knows the part.
function batches(entries) {
  const made = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const more = JSON.stringify(entry.operation).length * 2;
    if (bytes + more > BATCH_BYTES || made[made.length - 1].length >= BATCH) { made.push([]); bytes = 0; }
    made[made.length - 1].push(entry);
    bytes = entry.operation.kind === "split" ? Infinity : bytes + more;
  }
  return made;
}

// A photo stays until the server took it; one that cannot be taken now is tried again later.
async function sendPhotos() {
  let failed = null;
  for (const { sha256, bytes } of await kept.photos()) {
    try {
      await ask(`/api/photos/${sha256}`, { method: "PUT", headers: { "content-type": "image/jpeg" }, body: bytes });
      await kept.photoSent(sha256);
      told();
    } catch (error) {
      if (error.login) { throw error; }
      failed = error;
    }
  }
  if (failed) { throw failed; }
}

async function device() {
  const known = await kept.thing("device");
  if (known) { return known; }
  const fresh = crypto.randomUUID();
  await kept.keepThing("device", fresh);
  return fresh;
}
