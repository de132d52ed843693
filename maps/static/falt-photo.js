// How does a picture become small enough to be kept and sent?
// It is drawn anew, so nothing of the camera's own notes goes along; place and time stand in the
// operation, taken at the moment the picture was chosen.

const WIDEST = 1600;
const QUALITY = 0.82;

/**
 * Shrink a picture to a JPEG.
 * @param {File} file
 * @returns {Promise<{sha256: string, bytes: ArrayBuffer, width: number, height: number}>}
 */
export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
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
