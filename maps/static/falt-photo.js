// How does a picture become small enough to be kept and sent?
// It is drawn anew, so nothing of the camera's own notes goes along; place and time stand in the
// operation, taken at the moment the picture was chosen.
import { h, number, t } from "./falt-words.js";
import { here, sent } from "./falt-place.js";

const WIDEST = 1600;
const QUALITY = 0.82;

/**
 * Shrink a picture to a JPEG.
 * @param {File} file
 * @returns {Promise<{sha256: string, bytes: ArrayBuffer, width: number, height: number}>}
 */
export async function shrink(file) {
  const picture = await createImageBitmap(file, /** @type {any} */ ({ imageOrientation: "from-image" }));
  const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
  const bytes = await blob.arrayBuffer();
  return { sha256: await digest(bytes), bytes, width: canvas.width, height: canvas.height };
}

async function digest(bytes) {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The photos of a form: chosen, looked at, dropped; each with where, which way and when.
 * @param {{changed: () => void, unreadable: (name: string) => void}} act
 */
export function album(act) {
  let photos = [];
  /** @type {Promise<unknown>} */
  let shrinking = Promise.resolve();
  const add = async (files) => {
    const fix = sent(here());
    const taken_at = new Date().toISOString();
    shrinking = Promise.all(files.map(async (file) => {
      try {
        photos.push({ ...await shrink(file), fix, taken_at });
      } catch {
        act.unreadable(file.name);
      }
    }));
    await shrinking;
    act.changed();
  };
  return {
    add,
    all: () => photos,
    ready: () => shrinking,
    clear: () => { photos = []; },
    previews: () => photos.map((photo) => preview(photo, () => {
      photos = photos.filter((one) => one !== photo);
      act.changed();
    }))
  };
}

function preview(photo, drop) {
  const address = URL.createObjectURL(new Blob([photo.bytes], { type: "image/jpeg" }));
  return h("li", { class: "field-photo" },
    h("img", { src: address, alt: t("photo_alt", { width: photo.width, height: photo.height }), load: () => URL.revokeObjectURL(address) }),
    h("p", { class: "small", text: whereTaken(photo.fix) }),
    h("button", { type: "button", class: "button button-quiet", text: t("photo_drop"), click: drop }));
}

function whereTaken(fix) {
  if (!fix) { return t("photo_nowhere"); }
  const told = t("photo_where", { m: number(fix.accuracy_m) });
  return fix.bearing === undefined ? told : `${told} ${t("photo_towards", { degrees: number(fix.bearing) })}`;
}
