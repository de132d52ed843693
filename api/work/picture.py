"""What is kept of a photo: the picture, and nothing the camera wrote beside it?

A picture is decoded within limits, turned upright and written anew as JPEG, so that no metadata
and no trailing bytes survive. Time and accuracy of its mark are stamped on the way out.
"""

from __future__ import annotations

import io
import threading
import warnings
from typing import TYPE_CHECKING, Final

from PIL import ExifTags, Image, ImageOps

from api.errors import Problem
from api.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MOST_PIXELS: Final = 25_000_000
SIDE: Final = 1600
QUALITY: Final = 85
CELLS: Final = 4
"""A blurred box keeps so few cells that nothing can be read back."""

OPENING: Final = 2
"""Bytes of the mark that begins a JPEG; the stamp stands right behind it."""

_SEGMENT: Final = b"\xff\xe1"
_SLOTS: Final = threading.BoundedSemaphore(2)
_FAILURES: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
warnings.simplefilter("error", Image.DecompressionBombWarning)


def clean(raw: bytes) -> bytes:
    """Decode a picture and write it anew.

    Parameters
    ----------
    raw
        A JPEG, PNG or WebP file.

    Returns
    -------
    picture
        A JPEG of at most `SIDE` pixels a side, upright, without any metadata.

    Raises
    ------
    Problem
        ``not_photo`` when it is nothing of the kind, truncated, or too large to unpack.
    """
    with _SLOTS:
        try:
            with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Problem(Kind.NOT_PHOTO)
                opened.draft("RGB", (SIDE, SIDE))
                upright = ImageOps.exif_transpose(opened).convert("RGB")
        except _FAILURES:
            raise Problem(Kind.NOT_PHOTO) from None
        upright.thumbnail((SIDE, SIDE))
        return _written(upright)


def blurred(picture: bytes, boxes: Iterable[tuple[int, int, int, int]]) -> bytes:
    """Make what stands in boxes unreadable for good.

    Parameters
    ----------
    picture
        A kept picture.
    boxes
        Left, upper, right and lower edge in its pixels; what lies outside it is cut off.
    """
    with _SLOTS, Image.open(io.BytesIO(picture), formats=FORMATS) as opened:
        image = opened.convert("RGB")
        for left, upper, right, lower in boxes:
            box = (left, upper, min(right, image.width), min(lower, image.height))
            size = (box[2] - box[0], box[3] - box[1])
            if min(size) > 0:
                coarse = image.crop(box).resize((CELLS, CELLS), Image.Resampling.BOX)
                image.paste(coarse.resize(size, Image.Resampling.NEAREST), box[:2])
        return _written(image)


def size_of(picture: bytes) -> tuple[int, int]:
    """Measure width and height of a kept picture."""
    with Image.open(io.BytesIO(picture), formats=FORMATS) as opened:
        return opened.size


def stamped(picture: bytes, seen_at: datetime | None, accuracy_m: float | None) -> bytes:
    """Write time and accuracy of a mark into a kept picture, where the mark says them."""
    exif = Image.Exif()
    if seen_at is not None:
        times = exif.get_ifd(ExifTags.IFD.Exif)
        times[ExifTags.Base.DateTimeOriginal] = f"{seen_at:%Y:%m:%d %H:%M:%S}"
        times[ExifTags.Base.OffsetTimeOriginal] = "+00:00"
    if accuracy_m is not None:
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSHPositioningError] = accuracy_m
    if seen_at is None and accuracy_m is None:
        return picture
    told = exif.tobytes()
    length = (len(told) + 2).to_bytes(2, "big")
    return picture[:OPENING] + _SEGMENT + length + told + picture[OPENING:]


def _written(image: Image.Image) -> bytes:
    """Write a picture without what came with it."""
    image.info = {}
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=QUALITY, optimize=True)
    return stream.getvalue()
