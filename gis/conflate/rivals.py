"""Which of several pairs over the same stretch belong together?

Two pairs are rivals when they want the same stretch of a line for two segments side by side, or
the same stretch of a segment for two lines side by side. Each rivalry is settled by what is best
for both: a segment yields a line that lies nearer where it has another of its own, so that two
paths on both sides of a street keep their order even where both lines are moved the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.intp]

# Pairs want the same stretch when they share more than this of the shorter one.
SHARED: Final = 0.5
# Lines (or segments) nearer than this to one another are one path drawn twice, and no rivals.
APART_M: Final = 1.5
# Where more of one pair than of the other lies past the line's end, they are neighbours end to end.
PAST_SHARE: Final = 0.2
MOST_ROUNDS: Final = 25
EQUAL: Final = 1e-9


def rivals(pairs: pd.DataFrame, *, same: str) -> tuple[Ints, Ints]:
    """Find pairs that want the same stretch.

    Parameters
    ----------
    pairs
        ``segment``, ``line``, ``from_m``, ``to_m`` (along the line), ``seg_from_m``, ``seg_to_m``
        (along the segment), ``offset_m``, ``turned`` (line drawn the other way),
        ``past`` (share of the samples that lie past the line's end).
    same
        ``line``: two segments want one line; ``segment``: two lines want one segment.

    Returns
    -------
    one, two
        Row numbers of rivals, each couple once, the lower first.
    """
    low, high = ("from_m", "to_m") if same == "line" else ("seg_from_m", "seg_to_m")
    side = pairs["offset_m"].where(~pairs["turned"] | (same == "segment"), -pairs["offset_m"])
    told = pd.DataFrame({"key": pairs[same], "a": pairs[low], "b": pairs[high], "side": side})
    told = told.assign(past=pairs["past"], n=range(len(pairs)))
    busy = told[told["key"].duplicated(keep=False)]
    both = busy.merge(busy, on="key", suffixes=("", "_r"))
    both = both[both["n"].lt(both["n_r"])]
    shared = both[["b", "b_r"]].min(axis=1) - both[["a", "a_r"]].max(axis=1)
    shorter = np.minimum(both["b"] - both["a"], both["b_r"] - both["a_r"])
    apart = both["side"].sub(both["side_r"]).abs().gt(APART_M)
    apart |= both["past"].sub(both["past_r"]).abs().gt(PAST_SHARE)
    wanted = shared.gt(SHARED * shorter - EQUAL) & apart
    return both["n"].to_numpy(np.intp)[wanted], both["n_r"].to_numpy(np.intp)[wanted]


def settle(pairs: pd.DataFrame, weight: Floats) -> Flags:
    """Choose the pairs that stand.

    Parameters
    ----------
    pairs
        As for ``rivals``; their order breaks ties, so it must not be that of a file.
    weight
        How good each pair is, above 0.

    Returns
    -------
    stands
        One flag a pair; no two rivals stand.
    """
    by_line, by_segment = rivals(pairs, same="line"), rivals(pairs, same="segment")
    stands = np.ones(len(pairs), dtype=bool)
    # Each round settles at least the best pair of every knot of rivals.
    for _ in range(MOST_ROUNDS):
        line, segment = _alive(by_line, stands), _alive(by_segment, stands)
        if not len(line[0]) and not len(segment[0]):
            break
        stands &= ~_beaten(line, segment, np.where(stands, weight, 0.0))
    return _greedy(by_line, by_segment, stands, weight)


def _alive(couples: tuple[Ints, Ints], stands: Flags) -> tuple[Ints, Ints]:
    kept = stands[couples[0]] & stands[couples[1]]
    return couples[0][kept], couples[1][kept]


def _beaten(line: tuple[Ints, Ints], segment: tuple[Ints, Ints], weight: Floats) -> Flags:
    """Tell which pairs lose to a pair that loses to none."""
    other_line = _second_choice(segment, weight)
    other_segment = _second_choice(line, weight)
    winner, loser = _won(line, weight, other_line)
    more, less = _won(segment, weight, other_segment)
    winners, losers = np.concatenate([winner, more]), np.concatenate([loser, less])
    safe = np.ones(len(weight), dtype=bool)
    safe[losers] = False
    if not safe[winners].any():
        top = np.concatenate([*line, *segment])
        safe[top[np.argmax(weight[top])]] = True
        one, two = np.concatenate([line[0], segment[0]]), np.concatenate([line[1], segment[1]])
        winners, losers = np.concatenate([one, two]), np.concatenate([two, one])
    out = np.zeros(len(weight), dtype=bool)
    out[losers[safe[winners]]] = True
    return out & ~safe


def _second_choice(couples: tuple[Ints, Ints], weight: Floats) -> Floats:
    """Return for each pair the weight of its best rival, what its owner would take instead."""
    best = np.zeros(len(weight))
    np.maximum.at(best, couples[0], weight[couples[1]])
    np.maximum.at(best, couples[1], weight[couples[0]])
    return best


def _won(couples: tuple[Ints, Ints], weight: Floats, instead: Floats) -> tuple[Ints, Ints]:
    """Settle each couple: own weight plus what the other would take instead."""
    one, two = couples
    margin = weight[one] + instead[two] - weight[two] - instead[one]
    first = margin > EQUAL
    first |= (np.abs(margin) <= EQUAL) & (weight[one] >= weight[two])
    return np.where(first, one, two), np.where(first, two, one)


def _greedy(
    by_line: tuple[Ints, Ints], by_segment: tuple[Ints, Ints], stands: Flags, weight: Floats
) -> Flags:
    """Settle what is left after the last round by weight alone."""
    line, segment = _alive(by_line, stands), _alive(by_segment, stands)
    one, two = np.concatenate([line[0], segment[0]]), np.concatenate([line[1], segment[1]])
    out = stands.copy()
    out[np.where(weight[one] >= weight[two], two, one)] = False
    return out
