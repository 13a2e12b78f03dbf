"""Quantiles of many figures in little room: counts in bins, each about 9 % wider than the one before."""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Mapping
from typing import Final

Bins = dict[int, int]
"""How many figures each bin holds. Bins of two sketches add up."""

PER_OCTAVE: Final = 8
_LEAST: Final = 2.0**-10
_MOST: Final = 40 * PER_OCTAVE


def bin_of(figure: float) -> int:
    """The bin of a figure; what is next to nothing goes into the lowest."""
    if figure <= _LEAST:
        return 0
    return min(_MOST, 1 + int(math.log2(figure / _LEAST) * PER_OCTAVE))


def middle_of(number: int) -> float:
    """The figure that stands for a bin; at most 4.5 % beside any figure in it."""
    return 0.0 if number == 0 else float(_LEAST * 2.0 ** ((number - 0.5) / PER_OCTAVE))


def add(into: Bins, other: Mapping[int, int], times: int = 1) -> None:
    """Add another sketch, or take it away with `times` -1."""
    for number, count in other.items():
        if now := into.get(number, 0) + times * count:
            into[number] = now
        else:
            into.pop(number, None)


def quantile(bins: Mapping[int, int], percent: int) -> float | None:
    """The figure at the nearest rank; None of nothing."""
    rank = (sum(bins.values()) * percent + 99) // 100
    for number in sorted(bins):
        rank -= bins[number]
        if rank <= 0:
            return middle_of(number)
    return None


def pack(bins: Mapping[int, int]) -> bytes:
    """As it is stored."""
    flat = [n for number, count in sorted(bins.items()) if count > 0 for n in (number, count)]
    return struct.pack(f"<{len(flat)}I", *flat)


def unpack(packed: bytes) -> Bins:
    """What was stored; of several one after the other, the sum."""
    found: Bins = {}
    # A bin and its count as one number: in many sketches the same pairs come again and again.
    for pair, times in Counter(struct.unpack(f"<{len(packed) // 8}Q", packed)).items():
        number = pair & 0xFFFFFFFF
        found[number] = found.get(number, 0) + (pair >> 32) * times
    return found
