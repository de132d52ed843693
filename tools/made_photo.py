"""Which photo stands in the pictures of the handbook, and how is it made unreadable in part?

It is drawn, and says so: no picture of a real person or car is shipped.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from matplotlib.font_manager import findfont
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from playwright.sync_api import Page

HIDDEN: Final = ((0.48, 0.38, 0.57, 0.52), (0.76, 0.66, 0.91, 0.75))
"""The face and the number plate of `made_photo`, as shares of the picture."""


def blur(page: Page, base: str, segment_id: str) -> None:
    """Send a photo of a segment that is open, and mark what nobody shall be able to read."""
    body = made_photo()
    name = hashlib.sha256(body).hexdigest()
    mark: dict[str, Any] = {
        "op_id": str(uuid.uuid4()), "kind": "photo", "segment_id": segment_id,
        "base_version": None, "fields": {}, "observed_at": datetime.now(UTC).isoformat(),
        "fix": None, "photo_sha256": name,
    }  # fmt: skip
    own = {"origin": base}
    page.request.put(
        f"{base}/api/photos/{name}", data=body, headers={**own, "content-type": "image/png"}
    )
    page.request.post(
        f"{base}/api/sync", data={"device": "bilder", "operations": [mark]}, headers=own
    )
    page.reload()
    page.locator("[data-testid=photo-blur]").first.click()
    stage = page.locator("[data-testid=photo-stage]")
    page.wait_for_timeout(500)
    box = stage.bounding_box()
    if box is None:
        msg = "the window shows no photo"
        raise RuntimeError(msg)
    for left, top, right, bottom in HIDDEN:
        page.mouse.move(box["x"] + left * box["width"], box["y"] + top * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + right * box["width"], box["y"] + bottom * box["height"])
        page.mouse.up()


def made_photo() -> bytes:
    """Draw a path with a walker and a car, and write on it that it is made up."""
    picture = Image.new("RGB", (1200, 800), "#cfe3ee")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 430, 1200, 800), fill="#7d9a63")
    pen.polygon([(520, 430), (680, 430), (1000, 800), (200, 800)], fill="#9a9a98")
    pen.rectangle((330, 250, 340, 560), fill="#555555")
    pen.ellipse((285, 170, 385, 270), fill="#1b5fa8", outline="white", width=5)
    pen.ellipse((600, 330, 660, 400), fill="#e0b591")
    pen.rounded_rectangle((585, 402, 675, 560), 25, fill="#7a3b3b")
    pen.rectangle((595, 555, 628, 670), fill="#2d3340")
    pen.rectangle((634, 555, 667, 670), fill="#2d3340")
    pen.rounded_rectangle((850, 440, 1150, 600), 40, fill="#35566e")
    pen.rectangle((930, 545, 1070, 585), fill="white", outline="black", width=3)
    small, large = (ImageFont.truetype(findfont("DejaVu Sans"), size) for size in (26, 36))
    pen.text((945, 550), "ABC 123", fill="black", font=small)
    pen.text((30, 30), "Påhittat foto, ritat för handboken", fill="black", font=large)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
