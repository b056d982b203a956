"""How complete is the list of codes? Coverage, and the number of codes that Chao2 expects at least.

A code is to a thread what a species is to a sampling unit: found there or not. From the codes found in one thread only
and in two, one can tell how much was probably missed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from resilens.errors import InputError
from resilens.results.resampling import MINIMUM_THREADS
from resilens.results.types import Description, Estimate, Result, Undefined

ASSUMPTION = (
    "the threads were drawn independently from one population of threads; codes may be as rare as they like, so the "
    "number is a lower bound"
)

Counts = Sequence[int] | NDArray[np.int64]


def coverage(counts: Counts, threads: int, *, frame: str = "the threads given") -> Result:
    """The sample coverage: which share of all codings, in threads still to be read, would have a code already found.

    With T threads, U incidences, Q1 codes found in one thread and Q2 in two,

        C = 1 - Q1 / U * (T - 1) Q1 / ((T - 1) Q1 + 2 Q2)

    (Chao & Jost 2012, *Ecology* 93, 2533-2547, in its form for incidences: Chao et al. 2014, *Ecological Monographs*
    84, 45-67). Without codes in two threads this is Good and Turing's 1 - Q1 / U.

    Parameters
    ----------
    counts
        Shape (codes,): in how many threads each code was found, at least 1.
    threads
        How many threads were read, those without a code included.
    frame
        What was read, in words.

    Returns
    -------
    Description or Undefined
        A share of one; Undefined where no code was found or fewer than two threads were read.

    Raises
    ------
    InputError
        If a count is below 1 or above the number of threads.
    """
    found = _checked(counts, threads)
    if reason := _nothing(found, threads):
        return Undefined(reason)
    once, twice = _rare(found)
    missed = 0.0
    if once:
        missed = once / int(found.sum()) * (threads - 1) * once / ((threads - 1) * once + 2 * twice)
    return Description(1 - missed, threads, frame, "share")


def chao2(
    counts: Counts, threads: int, *, interval: bool = True, level: float = 0.95, frame: str = "the threads given",
    design: str = "threads as independent draws",
) -> Result:  # fmt: skip
    """Chao2: how many codes there are at least, those not yet found included.

    With T threads, S codes found, Q1 of them in one thread and Q2 in two, A = (T - 1) / T and r = Q1 / Q2,

        estimate = S + A Q1² / (2 Q2),             variance = Q2 (A r² / 2 + A² r³ + A² r⁴ / 4);
        for Q2 = 0: S + A Q1 (Q1 - 1) / 2,
        variance = A Q1 (Q1 - 1) / 2 + A² Q1 (2 Q1 - 1)² / 4 - A² Q1⁴ / (4 estimate)

    (Chao 1987, *Biometrics* 43, 783-791). The interval is log-normal, so that it cannot fall below what was found: with
    D = estimate - S and K = exp(z sqrt(ln(1 + variance / D²))), it is [S + D / K, S + D K].

    Parameters
    ----------
    counts, threads
        As for `coverage`.
    interval
        Whether an interval may be given; not where threads were taken by rank.
    level
        The interval's nominal coverage.
    frame, design
        What was read and how it came to be read, in words.

    Returns
    -------
    Estimate, Description or Undefined
        A number of codes. Basis *model*: `ASSUMPTION`. Without an interval (asked for none, fewer than 20 threads, or
        nothing estimated to be missing) a Description; Undefined as `coverage`.

    Raises
    ------
    InputError
        As `coverage`; or if the level is outside (0, 1).
    """
    if not 0 < level < 1:
        raise InputError(f"the level of an interval is between 0 and 1, such as 0.95, not {level:g}")
    found = _checked(counts, threads)
    if reason := _nothing(found, threads):
        return Undefined(reason)
    observed = len(found)
    unseen, variance = _unseen(observed, *_rare(found), threads)
    if not interval or threads < MINIMUM_THREADS or not unseen or variance <= 0:
        return Description(observed + unseen, threads, frame, "codes")
    spread = math.exp(float(special.ndtri((1 + level) / 2)) * math.sqrt(math.log1p(variance / unseen**2)))
    return Estimate(
        observed + unseen, observed + unseen / spread, observed + unseen * spread, level, int(found.sum()), threads,
        "model", frame, design, assumption=ASSUMPTION,
    )  # fmt: skip


def _unseen(observed: int, once: int, twice: int, threads: int) -> tuple[float, float]:
    """How many codes Chao2 adds to those found, and its variance."""
    part = (threads - 1) / threads
    if twice:
        ratio = once / twice
        return part * once**2 / (2 * twice), twice * (
            part * ratio**2 / 2 + part**2 * ratio**3 + part**2 * ratio**4 / 4
        )
    unseen = part * once * (once - 1) / 2
    return unseen, unseen + part**2 * once * (2 * once - 1) ** 2 / 4 - part**2 * once**4 / (4 * (observed + unseen))


def _checked(counts: Counts, threads: int) -> NDArray[np.int64]:
    found = np.asarray(counts, dtype=np.int64)
    if found.ndim != 1 or (found < 1).any() or (found > threads).any():
        raise InputError(f"each code needs the number of threads it was found in, from 1 to {threads}")
    return found


def _nothing(found: NDArray[np.int64], threads: int) -> str:
    if not len(found):
        return "no code was found"
    return "one thread cannot tell which codes are rare; read at least two" if threads < 2 else ""


def _rare(found: NDArray[np.int64]) -> tuple[int, int]:
    """How many codes were found in one thread, and in two."""
    return int((found == 1).sum()), int((found == 2).sum())
