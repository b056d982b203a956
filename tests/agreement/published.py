"""Data printed in the literature on agreement, units x coders, None where a coder gave nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

N = None
Rows = list[list[Any]]


def from_table(counts: Sequence[Sequence[int]], values: Sequence[Any] | None = None) -> Rows:
    """The units of a contingency table: rows what the first coder gave, columns the second."""
    names = values or range(1, len(counts) + 1)
    return [[first, second] for first, row in zip(names, counts, strict=True)
            for second, number in zip(names, row, strict=True) for _ in range(number)]  # fmt: skip


def by_coder(*coders: str) -> Rows:
    """Units from one line of values for each coder, `.` where one is missing."""
    columns = [[None if value == "." else value for value in line.split()] for line in coders]
    return [list(unit) for unit in zip(*columns, strict=True)]


KRIPPENDORFF_2011_A = by_coder("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
KRIPPENDORFF_2011_B = by_coder("a a b b d c c c e d d a", "b a b b b c c c e d d d")
KRIPPENDORFF_2011_C = [[1, 1, N, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
                       [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [N, 5, 5, 5], [N, N, 1, 1], [N, N, 3, N]]  # fmt: skip
RAW_4_RATERS = KRIPPENDORFF_2011_C  # irrCAC's raw4raters holds the same judgements

KRIPPENDORFF_1980_P139 = [[1, 1, 1], [1, 2, 2], [2, 2, 2], [4, 4, 4], [1, 4, 4], [2, 2, 2], [1, 2, 3], [3, 3, 3],
                          [2, 2, 2]]  # fmt: skip
KRIPPENDORFF_2004_P227 = by_coder("a a b b b b b c c c c c", "a b b b b b c c c c c c")
KRIPPENDORFF_2004_P246_A = from_table([[12, 9, 9], [9, 14, 9], [9, 9, 20]])
KRIPPENDORFF_2004_P246_B = from_table([[12, 18, 18], [0, 14, 18], [0, 0, 20]])

HAYES_KRIPPENDORFF_2007 = [
    [1, 1, 2, N, 2], [1, 1, 0, 1, N], [2, 3, 3, 3, N], [N, 0, 0, N, 0], [0, 0, 0, N, 0], [0, 0, 0, N, 0],
    [1, 0, 2, N, 1], [1, N, 2, 0, N], [2, 2, 2, N, 2], [2, 1, 1, 1, N], [N, 1, 0, 0, N], [0, 0, 0, 0, N],
    [1, 2, 2, 2, N], [3, 3, 2, 2, 3], [1, 1, 1, N, 1], [1, 1, 1, N, 1], [2, 1, 2, N, 2], [1, 2, 3, 3, N],
    [1, 1, 0, 1, N], [0, 0, 0, N, 0], [0, 0, 1, 1, N], [0, 0, N, 0, 0], [2, 3, 3, 3, N], [0, 0, 0, 0, N],
    [1, 2, N, 2, 2], [0, 1, 1, 1, N], [0, 0, 0, 1, 0], [1, 2, 1, 2, N], [1, 1, 2, 2, N], [1, 1, 2, N, 2],
    [1, 1, 0, N, 0], [2, 1, 2, 1, N], [2, 2, N, 2, 2], [3, 2, 2, 2, N], [2, 2, 2, N, 2], [2, 2, 3, N, 2],
    [2, 2, 2, N, 2], [2, 2, N, 1, 2], [2, 2, 2, 2, N], [1, 1, 1, N, 1],
]  # fmt: skip

COHEN_1960_P37 = from_table([[25, 12, 3], [13, 2, 15], [12, 16, 2]])
COHEN_1960_P45 = from_table([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
ABSTRACTORS = from_table([[13, 0, 0], [0, 20, 7], [0, 4, 56]])  # irrCAC's cont3x3abstractors
GWET_PARADOX = from_table([[80, 7], [8, 5]])
GWET_2008 = [["y", "y"]] * 8 + [["n", "n"], ["y", "n"]]
BRENNAN_PREDIGER_1981_P689 = from_table([[50, 0, 0], [10, 10, 10], [20, 0, 0]])
BRENNAN_PREDIGER_1981_P691 = from_table([[50, 0, 10], [0, 10, 10], [10, 10, 0]])

_FLEISS = """444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445
333335 111455 111112 224444 133555 555555 244444 222455 114444 144445 222224 111155 224444 133333 555555"""
FLEISS_1971 = [[int(value) for value in unit] for unit in _FLEISS.split()]
