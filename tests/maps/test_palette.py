"""Can the five classes be told apart by everybody, on white and on land?

Colour distance is CAM02-UCS (Luo, Cui, Li 2006) over CIECAM02 (CIE 159:2004) at the usual viewing
conditions for sRGB; colour-blind sight after Machado, Oliveira, Fernandes (2009), severity 1.
Written out here, since the product itself needs none of it.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

from maps import style

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAIN = [line for line in style.lines("class").values() if line.tier == "main"]
WHITE = np.array([95.047, 100.0, 108.883])
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
CAT02 = np.array([[0.7328, 0.4296, -0.1624], [-0.7036, 1.6975, 0.0061], [0.0030, 0.0136, 0.9834]])
HPE = np.array([[0.38971, 0.68898, -0.07868], [-0.22981, 1.18340, 0.04641], [0.0, 0.0, 1.0]])
SIGHT = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> NDArray[np.float64]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    light = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return np.array(light, dtype=np.float64)


def contrast(colour: str, ground: str) -> float:
    light = sorted(float(TO_XYZ[1] @ linear(each)) + 0.05 for each in (colour, ground))
    return light[1] / light[0]


def ucs(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CAM02-UCS of linear RGB: average surround, grey of 20 %, 64 lux."""
    adapting, grey, c, n_c = 64 / np.pi / 5, 20.0, 0.69, 1.0
    k = 1 / (5 * adapting + 1)
    f_l = 0.2 * k**4 * 5 * adapting + 0.1 * (1 - k**4) ** 2 * (5 * adapting) ** (1 / 3)
    n = grey / WHITE[1]
    n_bb, z = 0.725 * n**-0.2, 1.48 + np.sqrt(n)
    degree = 1 - (1 / 3.6) * np.exp((-adapting - 42) / 92)
    gain = degree * WHITE[1] / (CAT02 @ WHITE) + 1 - degree

    def response(xyz: NDArray[np.float64]) -> NDArray[np.float64]:
        cone = HPE @ np.linalg.inv(CAT02) @ (gain * (CAT02 @ xyz))
        power = (f_l * np.abs(cone) / 100) ** 0.42
        return np.asarray(np.sign(cone) * 400 * power / (power + 27.13) + 0.1)

    def achromatic(cone: NDArray[np.float64]) -> float:
        return float((np.array([2, 1, 1 / 20]) @ cone - 0.305) * n_bb)

    cone = response(TO_XYZ @ rgb * 100)
    a = float(cone @ np.array([1, -12 / 11, 1 / 11]))
    b = float(cone @ np.array([1, 1, -2]) / 9)
    hue = np.arctan2(b, a)
    light = 100 * max(achromatic(cone) / achromatic(response(WHITE)), 0) ** (c * z)
    e_t = (np.cos(hue + 2) + 3.8) / 4
    t = 50000 / 13 * n_c * n_bb * e_t * np.hypot(a, b) / (cone @ np.array([1, 1, 21 / 20]))
    chroma = t**0.9 * np.sqrt(light / 100) * (1.64 - 0.29**n) ** 0.73
    colourful = np.log(1 + 0.0228 * chroma * f_l**0.25) / 0.0228
    return np.array(
        [1.7 * light / (1 + 0.007 * light), colourful * np.cos(hue), colourful * np.sin(hue)]
    )


def smallest(sight: str) -> float:
    seen = [ucs(np.clip(SIGHT[sight] @ linear(line.colour), 0, 1)) for line in MAIN]
    return min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))


@pytest.mark.parametrize("sight", list(SIGHT))
def test_five_classes_stay_twenty_apart_in_every_kind_of_sight(sight: str) -> None:
    assert len(MAIN) == 5
    assert smallest(sight) >= 20


@pytest.mark.parametrize("ground", ["#FFFFFF", style.LAND])
@pytest.mark.parametrize("code", list(style.lines("class")))
def test_every_class_stands_three_to_one_on_its_ground(code: str, ground: str) -> None:
    assert contrast(style.line("class", code).colour, ground) >= 3


def test_the_measure_knows_black_from_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21, abs=0.01)
    assert float(ucs(linear("#FFFFFF"))[0]) == pytest.approx(100, abs=0.1)
