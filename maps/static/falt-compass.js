// Which way does the phone look: the direction of a picture, or towards the sign that is read?
// The compass of the phone is asked only when somebody taps; a phone without one says nothing.

const OLD_MS = 3000;
const RADIAN = Math.PI / 180;
/** @type {{degrees: number, at: number}|null} */
let last = null;
let asked = false;

/** Begin to listen; some phones ask the person first. */
export async function listen() {
  if (asked || !("DeviceOrientationEvent" in window)) { return; }
  asked = true;
  try {
    const phone = /** @type {any} */ (DeviceOrientationEvent); // Safari wants to be asked first
    if (phone.requestPermission) { await phone.requestPermission(); }
  } catch { /* the person said no */ }
  window.addEventListener("deviceorientationabsolute", turned);
  window.addEventListener("deviceorientation", turned);
}

/** Degrees clockwise from north that the back of the phone looks; null where nobody knows. */
export const bearing = () => last && Date.now() - last.at < OLD_MS ? last.degrees : null;

function turned(event) {
  const found = event.webkitCompassHeading ?? (event.absolute && event.alpha !== null ? looks(event) : null);
  if (Number.isFinite(found)) { last = { degrees: Math.round(found) % 360, at: Date.now() }; }
}

// A phone held up looks where its back points; one that lies flat, where its top edge points.
function looks({ alpha, beta, gamma }) {
  const [a, b, c] = [alpha, beta, gamma].map((one) => one * RADIAN);
  const upright = Math.abs(beta) > 45;
  const east = upright ? -Math.cos(a) * Math.sin(c) - Math.sin(a) * Math.sin(b) * Math.cos(c) : -Math.sin(a) * Math.cos(b);
  const north = upright ? -Math.sin(a) * Math.sin(c) + Math.cos(a) * Math.sin(b) * Math.cos(c) : Math.cos(a) * Math.cos(b);
  return (Math.atan2(east, north) / RADIAN + 360) % 360;
}
