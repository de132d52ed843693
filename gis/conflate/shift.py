"""By how much is a source moved against the network, here and there?

NVDB's lines may be shifted by some metres for readability (nvdb2osm README). Where a sample of a
segment has one line beside it and nothing else, its offset tells one component of the shift; many
of them, in streets of different directions, tell both. The estimate is held back towards zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.conflate.samples import Near, Samples

    Floats = NDArray[np.float64]

CELL_M: Final = 250.0
# As strong as so many samples that say there is no shift.
HOLD: Final = 8.0
NEIGHBOURS: Final = tuple((i, j) for i in (-1, 0, 1) for j in (-1, 0, 1))
ROUNDS: Final = 2
DOUBT_M: Final = 3.0


def shift_at(near: Near, samples: Samples, *, inside: NDArray[np.bool_]) -> Floats:
    """Estimate by how much the source is moved at each sample.

    Parameters
    ----------
    near
        As ``beside`` gives it.
    samples
        The samples that it is of.
    inside
        Rows of `near` whose sample does not lie past the end of the line.

    Returns
    -------
    shift_m
        East and north of each sample; 0 where nothing is known.
    """
    alone = np.bincount(near.sample, minlength=len(samples.xy))[near.sample] == 1
    lonely = np.flatnonzero(alone & inside)
    normal = np.column_stack((-samples.way[:, 1], samples.way[:, 0]))
    number, keys = _cells(samples.xy)
    row, offset = near.sample[lonely], near.offset_m[lonely]
    weight = np.ones(len(row))
    shift = np.zeros((len(keys), 2))
    for _ in range(ROUNDS):
        shift = _solve(normal[row], offset, weight, number[row], keys)
        told = np.einsum("ij,ij->i", normal[row], shift[number[row]])
        # A second round that leans less on samples far from the first answer.
        weight = 1.0 / (1.0 + np.square((offset - told) / DOUBT_M))
    return shift[number]


def _cells(xy: Floats) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return the cell of each sample, and column and row of each cell that holds samples."""
    cell = np.floor(xy / CELL_M).astype(np.int64)
    low = cell.min(axis=0)
    wide = int(cell[:, 1].max() - low[1]) + 1
    keys, number = np.unique(
        (cell[:, 0] - low[0]) * wide + cell[:, 1] - low[1], return_inverse=True
    )
    return number, np.column_stack((keys // wide, keys % wide))


def _solve(
    normal: Floats,
    offset: Floats,
    weight: Floats,
    number: NDArray[np.intp],
    keys: NDArray[np.int64],
) -> Floats:
    """Solve the shift of each cell from its samples and those of the cells around it."""
    terms = {
        "xx": normal[:, 0] * normal[:, 0],
        "xy": normal[:, 0] * normal[:, 1],
        "yy": normal[:, 1] * normal[:, 1],
        "xo": normal[:, 0] * offset,
        "yo": normal[:, 1] * offset,
    }
    own: dict[str, Floats] = {
        name: np.asarray(np.bincount(number, values * weight, len(keys)), dtype=np.float64)
        for name, values in terms.items()
    }
    sums = _around(own, keys)
    xx, yy, xy = sums["xx"] + HOLD, sums["yy"] + HOLD, sums["xy"]
    scale = xx * yy - xy * xy
    east = (yy * sums["xo"] - xy * sums["yo"]) / scale
    north = (xx * sums["yo"] - xy * sums["xo"]) / scale
    return np.column_stack((east, north))


def _around(own: dict[str, Floats], keys: NDArray[np.int64]) -> dict[str, Floats]:
    """Add up each cell and its eight neighbours."""
    index = pd.MultiIndex.from_arrays([keys[:, 0], keys[:, 1]])
    total = {name: np.zeros(len(keys)) for name in own}
    for i, j in NEIGHBOURS:
        at = index.get_indexer(pd.MultiIndex.from_arrays([keys[:, 0] + i, keys[:, 1] + j]))
        there = at >= 0
        for name, values in own.items():
            total[name] = total[name] + np.where(there, values[at], 0.0)
    return total
